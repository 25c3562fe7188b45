// Decision logs in SQLite.
import type { DecisionWrites, LoggedDecision, Times } from "../decisions.ts";
import type { Page } from "../page.ts";
import type { Columns, Connection } from "./connection.ts";

/** Later than any decision. */
const endOfTime = Number.MAX_SAFE_INTEGER;

export class SqliteDecisions implements DecisionWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async list(domain: string, page: Page<string>): Promise<readonly LoggedDecision[]> {
    return this.db
      .all(
        "SELECT * FROM decisions WHERE domain = ? AND decision_id > ? ORDER BY decision_id LIMIT ?",
        domain,
        page.after ?? "",
        page.limit,
      )
      .map((row) => decisionOf(domain, row));
  }

  async newest(
    domain: string,
    { from = 0, to = endOfTime }: Times,
    { after, limit }: { readonly after: Pick<LoggedDecision, "at" | "id"> | undefined; readonly limit: number },
  ): Promise<readonly LoggedDecision[]> {
    const sql = `SELECT * FROM decisions WHERE domain = ? AND at BETWEEN ? AND ? AND (at < ? OR (at = ? AND decision_id > ?))
      ORDER BY at DESC, decision_id LIMIT ?`;
    const { at, id } = after ?? { at: endOfTime, id: "" };
    return this.db.all(sql, domain, from, Math.min(to, at), at, at, id, limit).map((row) => decisionOf(domain, row));
  }

  async countSince(domain: string, at: number): Promise<number> {
    return this.db.one("SELECT count(*) AS n FROM decisions WHERE domain = ? AND at >= ?", domain, at)?.number("n") ?? 0;
  }

  async add({ domain, id, at, event }: LoggedDecision): Promise<boolean> {
    const sql = "INSERT INTO decisions (domain, decision_id, at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    return this.db.run(sql, domain, id, at, event) > 0;
  }

  async expire(now: number): Promise<void> {
    this.db.run(
      "DELETE FROM decisions WHERE at < ? - coalesce((SELECT log_retention_s FROM domains WHERE id = decisions.domain), 0)",
      now,
    );
  }
}

function decisionOf(domain: string, row: Columns): LoggedDecision {
  return { domain, id: row.text("decision_id"), at: row.number("at"), event: row.text("body") };
}
