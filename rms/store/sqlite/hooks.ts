// Hooks in SQLite: a row for each.
import { type Hook, type HookProgress, type HookSettings, type HookWrites, longestPause } from "../hooks.ts";
import type { Page } from "../page.ts";
import type { Columns, Connection } from "./connection.ts";

export class SqliteHooks implements HookWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, id: string): Promise<Hook | undefined> {
    const row = this.db.one("SELECT * FROM hooks WHERE domain = ? AND id = ?", domain, id);
    return row === undefined ? undefined : hookOf(row);
  }

  async list(domain: string, page: Page<string>): Promise<readonly Hook[]> {
    const sql = "SELECT * FROM hooks WHERE domain = ? AND id > ? ORDER BY id LIMIT ?";
    return this.db.all(sql, domain, page.after ?? "", page.limit).map(hookOf);
  }

  async due(now: number): Promise<readonly Hook[]> {
    const waiting = "EXISTS (SELECT 1 FROM audit WHERE audit.domain = hooks.domain AND audit.seq > hooks.told)";
    const sql = `SELECT * FROM hooks WHERE (misses = 0 OR next_at NOT BETWEEN ? AND ?) AND ${waiting} ORDER BY next_at, domain, id`;
    return this.db.all(sql, now + 1, now + longestPause).map(hookOf);
  }

  async put({ domain, id, settings, actor, at, told, pending, misses, message, next }: Hook): Promise<void> {
    this.db.run(
      `INSERT INTO hooks (domain, id, settings, actor, at, told, pending, misses, message, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (domain, id) DO UPDATE SET settings = excluded.settings, actor = excluded.actor, at = excluded.at, told = excluded.told,
         pending = excluded.pending, misses = excluded.misses, message = excluded.message, next_at = excluded.next_at`,
      domain,
      id,
      JSON.stringify(settings),
      actor,
      at,
      told,
      pending ?? null,
      misses,
      message,
      next,
    );
  }

  async remove(domain: string, id: string): Promise<void> {
    this.db.run("DELETE FROM hooks WHERE domain = ? AND id = ?", domain, id);
  }

  async progress(of: Hook, { told, pending, misses, message, next }: HookProgress): Promise<void> {
    this.db.run(
      `UPDATE hooks SET told = ?, pending = ?, misses = ?, message = ?, next_at = ?
       WHERE domain = ? AND id = ? AND settings = ? AND at = ? AND told = ?`,
      told,
      pending ?? null,
      misses,
      message,
      next,
      of.domain,
      of.id,
      JSON.stringify(of.settings),
      of.at,
      of.told,
    );
  }
}

function hookOf(row: Columns): Hook {
  return {
    domain: row.text("domain"),
    id: row.text("id"),
    settings: row.json<HookSettings>("settings"),
    actor: row.text("actor"),
    at: row.number("at"),
    told: row.number("told"),
    pending: row.optionalNumber("pending"),
    misses: row.number("misses"),
    message: row.text("message"),
    next: row.number("next_at"),
  };
}
