// The outbox in SQLite; triggers on domains, channels and stamps write it.
import type { Notice, OutboxWrites } from "../outbox.ts";
import type { Connection } from "./connection.ts";

export class SqliteOutbox implements OutboxWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async pending(): Promise<readonly Notice[]> {
    return this.db
      .all("SELECT seq, domain FROM outbox ORDER BY seq")
      .map((row) => ({ seq: row.number("seq"), domain: row.text("domain") }));
  }

  async clear(upTo: number): Promise<void> {
    this.db.run("DELETE FROM outbox WHERE seq <= ?", upTo);
  }
}
