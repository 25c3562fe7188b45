// Signing keys in SQLite.
import type { KeyState, KeyWrites, SigningKey } from "../keys.ts";
import type { Columns, Connection } from "./connection.ts";

export class SqliteKeys implements KeyWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async list(): Promise<readonly SigningKey[]> {
    return this.db.all("SELECT * FROM keys ORDER BY at, rowid").map(keyOf);
  }

  async inState(state: "next" | "active"): Promise<SigningKey | undefined> {
    const row = this.db.one("SELECT * FROM keys WHERE state = ?", state);
    return row === undefined ? undefined : keyOf(row);
  }

  async insert({ kid, alg, pem, state, at }: SigningKey): Promise<void> {
    this.db.run(
      "INSERT INTO keys (kid, alg, pem, state, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (kid) DO NOTHING",
      kid,
      alg,
      pem,
      state,
      at,
    );
  }

  async setState(kid: string, state: KeyState): Promise<void> {
    this.db.run("UPDATE keys SET state = ? WHERE kid = ?", state, kid);
  }
}

function keyOf(row: Columns): SigningKey {
  return {
    kid: row.text("kid"),
    alg: row.text("alg") as SigningKey["alg"],
    pem: row.text("pem"),
    state: row.text("state") as KeyState,
    at: row.number("at"),
  };
}
