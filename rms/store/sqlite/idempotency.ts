// Kept answers in SQLite.
import type { IdempotencyWrites, KeptAnswer } from "../idempotency.ts";
import type { Connection } from "./connection.ts";

export class SqliteIdempotency implements IdempotencyWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(token: string, key: string): Promise<KeptAnswer | undefined> {
    const row = this.db.one("SELECT * FROM idempotency WHERE token = ? AND key = ?", token, key);
    if (row === undefined) return undefined;
    return {
      token,
      key,
      request: row.text("request"),
      status: row.number("status"),
      answer: row.text("answer"),
      at: row.number("at"),
    };
  }

  async put({ token, key, request, status, answer, at }: KeptAnswer): Promise<boolean> {
    const sql =
      "INSERT INTO idempotency (key, token, request, status, answer, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    return this.db.run(sql, key, token, request, status, answer, at) > 0;
  }

  async expire(before: number): Promise<void> {
    this.db.run("DELETE FROM idempotency WHERE at < ?", before);
  }
}
