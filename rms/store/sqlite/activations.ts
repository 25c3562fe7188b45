// Reports of sidecar instances in SQLite.
import type { Activation, ActivationWrites, Run } from "../activations.ts";
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

  async get(domain: string, bundle: string, instance: string): Promise<Activation | undefined> {
    const row = this.db.one("SELECT * FROM instances WHERE domain = ? AND instance = ? AND bundle = ?", domain, instance, bundle);
    return row === undefined ? undefined : activationOf(row);
  }

  async runs(domain: string, bundle: string, instance: string, limit: number): Promise<readonly Run[]> {
    return this.db
      .all(
        "SELECT revision, at FROM runs WHERE domain = ? AND bundle = ? AND instance = ? ORDER BY at DESC LIMIT ?",
        domain,
        bundle,
        instance,
        limit,
      )
      .map((row) => ({ revision: row.text("revision"), at: row.number("at") }));
  }

  async counts(since: number): Promise<Readonly<Record<"active" | "lagging" | "failed" | "gone", number>>> {
    const row = this.db.one(
      `SELECT sum(state = 'active') AS active, sum(state = 'lagging') AS lagging, sum(state = 'failed') AS failed, sum(state = 'gone') AS gone
       FROM (SELECT CASE WHEN last_seen < ? THEN 'gone' WHEN error IS NOT NULL THEN 'failed' WHEN builds.revision <> instances.revision THEN 'lagging' ELSE 'active' END AS state
         FROM instances LEFT JOIN addresses ON address = bundle || '/' || (labels ->> 'channel')
         LEFT JOIN builds ON builds.digest = addresses.build)`,
      since,
    );
    const count = (state: string): number => row?.optionalNumber(state) ?? 0;
    return { active: count("active"), lagging: count("lagging"), failed: count("failed"), gone: count("gone") };
  }

  async put(one: Omit<Activation, "since">, at: number): Promise<{ readonly activated: boolean; readonly failed: boolean }> {
    const { domain, bundle, instance, revision, error } = one;
    const before = await this.get(domain, bundle, instance);
    const activated = before?.revision !== revision;
    this.db.run(
      "INSERT INTO instances (domain, instance, bundle, revision, labels, opa_version, activated_at, last_seen, error, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (domain, instance, bundle) DO UPDATE SET revision = excluded.revision, labels = excluded.labels, opa_version = excluded.opa_version, activated_at = excluded.activated_at, last_seen = excluded.last_seen, error = excluded.error, since = excluded.since",
      domain,
      instance,
      bundle,
      revision,
      JSON.stringify(one.labels),
      one.opaVersion,
      one.activatedAt,
      one.lastSeen,
      error ?? null,
      activated ? at : before.since,
    );
    if (activated && revision !== "")
      this.db.run(
        "INSERT OR REPLACE INTO runs (domain, bundle, instance, at, revision, content) VALUES (?, ?, ?, ?, ?, ?)",
        domain,
        bundle,
        instance,
        at,
        revision,
        contentOf(revision),
      );
    return { activated, failed: error !== undefined && before?.error === undefined };
  }

  async thin(before: number): Promise<void> {
    this.db.run(
      `DELETE FROM runs AS later WHERE at < ? AND content = (
         SELECT content FROM runs AS earlier WHERE earlier.domain = later.domain AND earlier.bundle = later.bundle
           AND earlier.instance = later.instance AND earlier.at < later.at ORDER BY earlier.at DESC LIMIT 1)`,
      before,
    );
  }
}

/** A revision without the number of its stamp: the same policies and the same facts. */
const contentOf = (revision: string): string => revision.replace(/\.t\d+$/, "");

function activationOf(row: Columns): Activation {
  return {
    domain: row.text("domain"),
    instance: row.text("instance"),
    bundle: row.text("bundle"),
    revision: row.text("revision"),
    labels: row.json("labels"),
    opaVersion: row.text("opa_version"),
    activatedAt: row.text("activated_at"),
    since: row.number("since"),
    lastSeen: row.number("last_seen"),
    error: row.optionalText("error"),
  };
}
