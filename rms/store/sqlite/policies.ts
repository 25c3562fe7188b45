// Policies in SQLite.
import type { Page } from "../page.ts";
import type { Policy, PolicyWrites } from "../policies.ts";
import { all, type Columns, type Connection } from "./connection.ts";

export class SqlitePolicies implements PolicyWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, id: string): Promise<Policy | undefined> {
    const row = this.db.one("SELECT * FROM policies WHERE domain = ? AND id = ?", domain, id);
    return row === undefined ? undefined : policyOf(row);
  }

  async list(domain: string, page?: Page<string>): Promise<readonly Policy[]> {
    return this.db
      .all(
        "SELECT * FROM policies WHERE domain = ? AND id > ? ORDER BY id LIMIT ?",
        domain,
        page?.after ?? "",
        page?.limit ?? all,
      )
      .map(policyOf);
  }

  async create({ domain, id, entrypoints, gates }: Policy, at: number): Promise<void> {
    this.db.run(
      "INSERT INTO policies (domain, id, entrypoints, gates, created_at) VALUES (?, ?, ?, ?, ?)",
      domain,
      id,
      JSON.stringify(entrypoints),
      JSON.stringify(gates),
      at,
    );
  }

  async change({ domain, id, entrypoints, gates }: Policy): Promise<void> {
    this.db.run(
      "UPDATE policies SET entrypoints = ?, gates = ? WHERE domain = ? AND id = ?",
      JSON.stringify(entrypoints),
      JSON.stringify(gates),
      domain,
      id,
    );
  }
}

function policyOf(row: Columns): Policy {
  return {
    domain: row.text("domain"),
    id: row.text("id"),
    entrypoints: row.json("entrypoints"),
    gates: row.json("gates"),
  };
}
