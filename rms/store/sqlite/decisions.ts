// Decision logs in SQLite.
import type { DecisionWrites, LoggedDecision } from "../decisions.ts";
import type { Page } from "../page.ts";
import type { Connection } from "./connection.ts";

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
      .map((row) => ({ domain, id: row.text("decision_id"), at: row.number("at"), event: row.text("body") }));
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
