// Reviews of movers in SQLite: a row for each, and one for each role.
import type { Page } from "../page.ts";
import type { Review, ReviewDecision, ReviewItem, ReviewWrites } from "../reviews.ts";
import type { Columns, Connection } from "./connection.ts";

export class SqliteReviews implements ReviewWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, number: number): Promise<Review | undefined> {
    const row = this.db.one("SELECT * FROM reviews WHERE domain = ? AND number = ?", domain, number);
    return row === undefined ? undefined : this.reviewOf(row);
  }

  async list(domain: string, page: Page<number>): Promise<readonly Review[]> {
    const sql = "SELECT * FROM reviews WHERE domain = ? AND number < ? ORDER BY number DESC LIMIT ?";
    return this.db.all(sql, domain, page.after ?? Number.MAX_SAFE_INTEGER, page.limit).map((row) => this.reviewOf(row));
  }

  async openOf(domain: string, subject: string): Promise<Review | undefined> {
    const row = this.db.one("SELECT * FROM reviews WHERE domain = ? AND subject = ? AND closed IS NULL", domain, subject);
    return row === undefined ? undefined : this.reviewOf(row);
  }

  async overdue(now: number): Promise<readonly (Review & { readonly domain: string })[]> {
    return this.db
      .all("SELECT * FROM reviews WHERE closed IS NULL AND undecided = 'end' AND due <= ? ORDER BY domain, number", now)
      .map((row) => ({ ...this.reviewOf(row), domain: row.text("domain") }));
  }

  async open(
    domain: string,
    { subject, source, at, due, from, to, manager, undecided }: Omit<Review, "number" | "closed" | "items">,
    roles: readonly string[],
  ): Promise<number> {
    const number = (this.db.one("SELECT max(number) AS n FROM reviews WHERE domain = ?", domain)?.optionalNumber("n") ?? 0) + 1;
    this.db.run(
      `INSERT INTO reviews (domain, number, subject, source, at, due, came_from, went_to, manager, undecided, closed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
      domain,
      number,
      subject,
      source,
      at,
      due,
      JSON.stringify(from),
      JSON.stringify(to),
      manager ?? null,
      undecided,
    );
    this.db.run(
      "INSERT INTO review_items (domain, number, role) SELECT ?, ?, value FROM json_each(?)",
      domain,
      number,
      JSON.stringify(roles),
    );
    return number;
  }

  async decide(
    domain: string,
    number: number,
    role: string,
    { decision, actor, reason, at }: NonNullable<ReviewItem["decided"]>,
  ): Promise<void> {
    this.db.run(
      "UPDATE review_items SET decision = ?, actor = ?, reason = ?, at = ? WHERE domain = ? AND number = ? AND role = ? AND decision IS NULL",
      decision,
      actor,
      reason,
      at,
      domain,
      number,
      role,
    );
  }

  async close(domain: string, number: number, at: number): Promise<void> {
    this.db.run("UPDATE reviews SET closed = ? WHERE domain = ? AND number = ? AND closed IS NULL", at, domain, number);
  }

  private reviewOf(row: Columns): Review {
    const number = row.number("number");
    const items = this.db.all(
      "SELECT * FROM review_items WHERE domain = ? AND number = ? ORDER BY role",
      row.text("domain"),
      number,
    );
    return {
      number,
      subject: row.text("subject"),
      source: row.text("source"),
      at: row.number("at"),
      due: row.number("due"),
      from: row.json("came_from"),
      to: row.json("went_to"),
      manager: row.optionalText("manager"),
      undecided: row.text("undecided") as ReviewDecision,
      closed: row.optionalNumber("closed"),
      items: items.map(itemOf),
    };
  }
}

function itemOf(row: Columns): ReviewItem {
  const decision = row.optionalText("decision") as ReviewDecision | undefined;
  const decided =
    decision === undefined ? undefined : { decision, actor: row.text("actor"), reason: row.text("reason"), at: row.number("at") };
  return { role: row.text("role"), decided };
}
