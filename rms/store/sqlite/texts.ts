// Samples and includes in SQLite.
import type { Page } from "../page.ts";
import type { Recording } from "../roles.ts";
import type { Shelf, TextWrites } from "../texts.ts";
import { all, type Connection } from "./connection.ts";

const onShelf = "domain = ? AND policy = ? AND kind = ? AND recorded_to IS NULL";

export class SqliteTexts implements TextWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get({ domain, policy, kind }: Shelf, name: string): Promise<string | undefined> {
    return this.db.one(`SELECT text FROM texts WHERE ${onShelf} AND name = ?`, domain, policy, kind, name)?.text("text");
  }

  async names({ domain, policy, kind }: Shelf, page?: Page<string>): Promise<readonly string[]> {
    return this.db
      .all(
        `SELECT name FROM texts WHERE ${onShelf} AND name > ? ORDER BY name LIMIT ?`,
        domain,
        policy,
        kind,
        page?.after ?? "",
        page?.limit ?? all,
      )
      .map((row) => row.text("name"));
  }

  async all({ domain, policy, kind }: Shelf): Promise<ReadonlyMap<string, string>> {
    const rows = this.db.all(`SELECT name, text FROM texts WHERE ${onShelf} ORDER BY name`, domain, policy, kind);
    return new Map(rows.map((row) => [row.text("name"), row.text("text")]));
  }

  async put(shelf: Shelf, name: string, text: string, by: Recording): Promise<void> {
    await this.end(shelf, name, by);
    this.db.run(
      "INSERT INTO texts (domain, policy, kind, name, text, recorded_from, recorded_to, actor, reason) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)",
      shelf.domain,
      shelf.policy,
      shelf.kind,
      name,
      text,
      by.at,
      by.actor,
      by.reason,
    );
  }

  async end({ domain, policy, kind }: Shelf, name: string, { at }: Recording): Promise<void> {
    this.db.run(
      `UPDATE texts SET recorded_to = max(?, recorded_from) WHERE ${onShelf} AND name = ?`,
      at,
      domain,
      policy,
      kind,
      name,
    );
  }
}
