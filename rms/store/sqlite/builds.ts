// Builds, stamps and addresses in SQLite. A trigger writes the outbox when stamps are dropped.
import type { BuildParts, BuildRecord, BuildWrites, Serve, Stamp } from "../builds.ts";
import type { Columns, Connection } from "./connection.ts";

export class SqliteBuilds implements BuildWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async find({ domain, policy, version, snapshot, stamp }: BuildParts): Promise<BuildRecord | undefined> {
    const row = this.db.one(
      "SELECT * FROM builds WHERE domain = ? AND policy = ? AND version = ? AND snapshot = ? AND stamp = ?",
      domain,
      policy,
      version,
      snapshot,
      stamp,
    );
    return row === undefined ? undefined : buildOf(row);
  }

  async get(digest: string): Promise<BuildRecord | undefined> {
    const row = this.db.one("SELECT * FROM builds WHERE digest = ?", digest);
    return row === undefined ? undefined : buildOf(row);
  }

  async lastOf(
    { domain, policy, version }: Pick<BuildParts, "domain" | "policy" | "version">,
    at: number,
  ): Promise<BuildRecord | undefined> {
    const sql =
      "SELECT * FROM builds WHERE domain = ? AND policy = ? AND version = ? AND at <= ? ORDER BY stamp DESC, snapshot DESC LIMIT 1";
    const row = this.db.one(sql, domain, policy, version, at);
    return row === undefined ? undefined : buildOf(row);
  }

  async stamp(domain: string): Promise<Stamp | undefined> {
    const row = this.db.one("SELECT * FROM stamps WHERE domain = ?", domain);
    return row === undefined ? undefined : stampOf(row);
  }

  async stamps(): Promise<readonly (Stamp & { readonly domain: string })[]> {
    return this.db.all("SELECT * FROM stamps ORDER BY domain").map((row) => ({ ...stampOf(row), domain: row.text("domain") }));
  }

  async lastStamp(domain: string): Promise<number> {
    const sql =
      "SELECT max(number) AS n FROM (SELECT number FROM stamps WHERE domain = ? UNION ALL SELECT stamp FROM builds WHERE domain = ?)";
    return this.db.one(sql, domain, domain)?.optionalNumber("n") ?? 0;
  }

  async served(address: string): Promise<Serve | undefined> {
    const row = this.db.one("SELECT * FROM addresses WHERE address = ?", address);
    if (row === undefined) return undefined;
    return { address, build: row.text("build"), number: row.number("served"), at: row.number("served_at") };
  }

  async lastServed(address: string): Promise<(BuildRecord & { readonly number: number; readonly servedAt: number }) | undefined> {
    const row = this.db.one(
      "SELECT builds.*, served, served_at FROM addresses JOIN builds ON builds.digest = addresses.build WHERE address = ?",
      address,
    );
    if (row === undefined) return undefined;
    return { ...buildOf(row), number: row.number("served"), servedAt: row.number("served_at") };
  }

  async allServed(): Promise<readonly { readonly address: string; readonly transport: string }[]> {
    return this.db
      .all("SELECT address, transport FROM addresses JOIN builds ON builds.digest = addresses.build ORDER BY address")
      .map((row) => ({ address: row.text("address"), transport: row.text("transport") }));
  }

  async transports(): Promise<readonly string[]> {
    return this.db.all("SELECT transport FROM builds").map((row) => row.text("transport"));
  }

  async replaced(before: number): Promise<readonly BuildRecord[]> {
    return this.db
      .all(
        `SELECT * FROM builds AS old
         WHERE at < ? AND digest NOT IN (SELECT build FROM addresses)
         AND digest NOT IN (SELECT pin_build FROM channels WHERE pin_build IS NOT NULL) AND EXISTS (
           SELECT 1 FROM builds AS later WHERE later.domain = old.domain AND later.policy = old.policy
             AND later.version = old.version AND later.snapshot = old.snapshot AND later.stamp > old.stamp)`,
        before,
      )
      .map(buildOf);
  }

  async insert(build: BuildRecord): Promise<void> {
    this.db.run(
      "INSERT INTO builds (digest, domain, policy, version, snapshot, stamp, transport, revision, kid, size, as_of_s, fresh_until_s, sources, library, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
      build.digest,
      build.domain,
      build.policy,
      build.version,
      build.snapshot,
      build.stamp,
      build.transport,
      build.revision,
      build.kid,
      build.size,
      build.asOf,
      build.freshUntil,
      JSON.stringify(build.sources),
      build.library,
      build.at,
    );
  }

  async replaceBytes({
    digest,
    transport,
    kid,
    size,
  }: Pick<BuildRecord, "digest" | "transport" | "kid" | "size">): Promise<void> {
    this.db.run("UPDATE builds SET transport = ?, kid = ?, size = ? WHERE digest = ?", transport, kid, size, digest);
  }

  async setStamp(domain: string, { number, asOf, freshUntil, snapshot, sources }: Stamp): Promise<void> {
    this.db.run(
      "INSERT INTO stamps (domain, number, as_of_s, fresh_until_s, snapshot, sources) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (domain) DO UPDATE SET number = excluded.number, as_of_s = excluded.as_of_s, fresh_until_s = excluded.fresh_until_s, snapshot = excluded.snapshot, sources = excluded.sources",
      domain,
      number,
      asOf,
      freshUntil,
      snapshot,
      JSON.stringify(sources),
    );
  }

  async dropStamp(domain: string): Promise<void> {
    this.db.run("DELETE FROM stamps WHERE domain = ?", domain);
  }

  async dropStamps(): Promise<void> {
    this.db.run("DELETE FROM stamps");
  }

  async serve(address: string, build: string, at: number): Promise<number> {
    const before = await this.served(address);
    if (before?.build === build) return before.number;
    const number = (before?.number ?? 0) + 1;
    this.db.run(
      "INSERT INTO addresses (address, build, served, served_at) VALUES (?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET build = excluded.build, served = excluded.served, served_at = excluded.served_at",
      address,
      build,
      number,
      at,
    );
    return number;
  }
}

function stampOf(row: Columns): Stamp {
  return {
    number: row.number("number"),
    asOf: row.number("as_of_s"),
    freshUntil: row.number("fresh_until_s"),
    snapshot: row.number("snapshot"),
    sources: row.json("sources"),
  };
}

function buildOf(row: Columns): BuildRecord {
  return {
    digest: row.text("digest"),
    domain: row.text("domain"),
    policy: row.text("policy"),
    version: row.text("version"),
    snapshot: row.number("snapshot"),
    stamp: row.number("stamp"),
    transport: row.text("transport"),
    revision: row.text("revision"),
    kid: row.text("kid"),
    size: row.number("size"),
    asOf: row.number("as_of_s"),
    library: row.text("library"),
    freshUntil: row.number("fresh_until_s"),
    sources: row.json("sources"),
    at: row.number("at"),
  };
}
