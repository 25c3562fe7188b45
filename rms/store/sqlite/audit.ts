// The audit log in SQLite; triggers refuse every change of a row.
import type { AuditEntry, AuditFilter, AuditWrites } from "../audit.ts";
import type { Page } from "../page.ts";
import type { Columns, Connection } from "./connection.ts";

export class SqliteAudit implements AuditWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async head(): Promise<AuditEntry | undefined> {
    const row = this.db.one("SELECT * FROM audit ORDER BY seq DESC LIMIT 1");
    return row === undefined ? undefined : entryOf(row);
  }

  async list({ domains, actor, action, object, from, to }: AuditFilter, page: Page<number>): Promise<readonly AuditEntry[]> {
    const conditions = ["seq < ?"];
    const values: (string | number)[] = [page.after ?? Number.MAX_SAFE_INTEGER];
    const demand = (condition: string, value: string | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    if (domains === "every") conditions.push("domain <> ''");
    else demand("domain IN (SELECT value FROM json_each(?))", domains === undefined ? undefined : JSON.stringify(domains));
    demand("actor = ?", actor);
    demand("action = ?", action);
    demand("object = ?", object);
    demand("at >= ?", from);
    demand("at < ?", to);
    return this.db
      .all(`SELECT * FROM audit WHERE ${conditions.join(" AND ")} ORDER BY seq DESC LIMIT ?`, ...values, page.limit)
      .map(entryOf);
  }

  async of(domain: string, page: Page<number>): Promise<readonly AuditEntry[]> {
    const sql = "SELECT * FROM audit WHERE domain = ? AND seq > ? ORDER BY seq LIMIT ?";
    return this.db.all(sql, domain, page.after ?? 0, page.limit).map(entryOf);
  }

  async chain(page: Page<number>): Promise<readonly AuditEntry[]> {
    return this.db.all("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", page.after ?? 0, page.limit).map(entryOf);
  }

  async append(entry: AuditEntry): Promise<void> {
    this.db.run(
      "INSERT INTO audit (seq, at, actor, action, domain, object, request_id, reason, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      entry.seq,
      entry.at,
      entry.actor,
      entry.action,
      entry.domain,
      entry.object,
      entry.requestId,
      entry.reason,
      entry.detail,
      entry.prev,
      entry.hash,
    );
  }
}

function entryOf(row: Columns): AuditEntry {
  return {
    seq: row.number("seq"),
    at: row.text("at"),
    actor: row.text("actor"),
    action: row.text("action"),
    domain: row.text("domain"),
    object: row.text("object"),
    requestId: row.text("request_id"),
    reason: row.text("reason"),
    detail: row.text("detail"),
    prev: row.text("prev"),
    hash: row.text("hash"),
  };
}
