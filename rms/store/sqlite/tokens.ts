// Tokens in SQLite.
import type { Page } from "../page.ts";
import type { Token, TokenWrites } from "../tokens.ts";
import { all, type Columns, type Connection } from "./connection.ts";

export class SqliteTokens implements TokenWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(id: string): Promise<Token | undefined> {
    const row = this.db.one("SELECT * FROM tokens WHERE id = ?", id);
    return row === undefined ? undefined : tokenOf(row);
  }

  async byHash(hash: string): Promise<Token | undefined> {
    const row = this.db.one("SELECT * FROM tokens WHERE hash = ?", hash);
    return row === undefined ? undefined : tokenOf(row);
  }

  async list(page?: Page<string>): Promise<readonly Token[]> {
    return this.db
      .all("SELECT * FROM tokens WHERE id > ? ORDER BY id LIMIT ?", page?.after ?? "", page?.limit ?? all)
      .map(tokenOf);
  }

  async hasSubject(subject: string): Promise<boolean> {
    return this.db.one("SELECT 1 AS yes FROM tokens WHERE subject = ? LIMIT 1", subject) !== undefined;
  }

  async put(token: Token, hash: string): Promise<void> {
    this.db.run(
      "INSERT INTO tokens (id, hash, kind, subject, domains, scopes, policies, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)",
      token.id,
      hash,
      token.kind,
      token.subject,
      JSON.stringify(token.domains),
      JSON.stringify(token.scopes),
      token.policies === undefined ? null : JSON.stringify(token.policies),
      token.expiresAt,
      token.createdAt,
    );
  }

  async remove(id: string): Promise<boolean> {
    return this.db.run("DELETE FROM tokens WHERE id = ?", id) > 0;
  }
}

function tokenOf(row: Columns): Token {
  const policies = row.optionalText("policies");
  return {
    id: row.text("id"),
    kind: row.text("kind") as Token["kind"],
    subject: row.text("subject"),
    domains: row.json("domains"),
    scopes: row.json("scopes"),
    policies: policies === undefined ? undefined : (JSON.parse(policies) as readonly string[]),
    expiresAt: row.number("expires_at"),
    createdAt: row.number("created_at"),
  };
}
