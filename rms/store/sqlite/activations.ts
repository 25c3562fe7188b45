// Reports of sidecar instances in SQLite.
import type { Activation, ActivationWrites } from "../activations.ts";
import type { Page } from "../page.ts";
import { all, type Columns, type Connection } from "./connection.ts";

export class SqliteActivations implements ActivationWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async list(domain: string, bundle: string, page?: Page<string>): Promise<readonly Activation[]> {
    return this.db
      .all(
        "SELECT * FROM instances WHERE domain = ? AND bundle = ? AND instance > ? ORDER BY instance LIMIT ?",
        domain,
        bundle,
        page?.after ?? "",
        page?.limit ?? all,
      )
      .map(activationOf);
  }

  async counts(since: number): Promise<{ readonly active: number; readonly failed: number; readonly gone: number }> {
    const row = this.db.one(
      "SELECT sum(last_seen >= ? AND error IS NULL) AS active, sum(last_seen >= ? AND error IS NOT NULL) AS failed, sum(last_seen < ?) AS gone FROM instances",
      since,
      since,
      since,
    );
    return { active: row?.number("active") ?? 0, failed: row?.number("failed") ?? 0, gone: row?.number("gone") ?? 0 };
  }

  async put(one: Activation): Promise<boolean> {
    const before = this.db.one(
      "SELECT revision FROM instances WHERE domain = ? AND instance = ? AND bundle = ?",
      one.domain,
      one.instance,
      one.bundle,
    );
    this.db.run(
      "INSERT INTO instances (domain, instance, bundle, revision, labels, opa_version, activated_at, last_seen, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (domain, instance, bundle) DO UPDATE SET revision = excluded.revision, labels = excluded.labels, opa_version = excluded.opa_version, activated_at = excluded.activated_at, last_seen = excluded.last_seen, error = excluded.error",
      one.domain,
      one.instance,
      one.bundle,
      one.revision,
      JSON.stringify(one.labels),
      one.opaVersion,
      one.activatedAt,
      one.lastSeen,
      one.error ?? null,
    );
    return before?.text("revision") !== one.revision;
  }
}

function activationOf(row: Columns): Activation {
  return {
    domain: row.text("domain"),
    instance: row.text("instance"),
    bundle: row.text("bundle"),
    revision: row.text("revision"),
    labels: row.json("labels"),
    opaVersion: row.text("opa_version"),
    activatedAt: row.text("activated_at"),
    lastSeen: row.number("last_seen"),
    error: row.optionalText("error"),
  };
}
