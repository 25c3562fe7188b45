// Versions and their files in SQLite.
import type { Page } from "../page.ts";
import type { Consent, Version, VersionFile, VersionState, VersionWrites } from "../versions.ts";
import { all, type Columns, type Connection } from "./connection.ts";

const named = "domain = ? AND policy = ? AND version = ?";

export class SqliteVersions implements VersionWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, policy: string, version: string): Promise<Version | undefined> {
    const row = this.db.one(`SELECT rowid AS n, * FROM versions WHERE ${named}`, domain, policy, version);
    return row === undefined ? undefined : versionOf(row);
  }

  async list(domain: string, policy: string, page?: Page<number>): Promise<readonly Version[]> {
    return this.db
      .all(
        "SELECT rowid AS n, * FROM versions WHERE domain = ? AND policy = ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
        domain,
        policy,
        page?.after ?? Number.MAX_SAFE_INTEGER,
        page?.limit ?? all,
      )
      .map(versionOf);
  }

  async files(domain: string, policy: string, version: string, page?: Page<string>): Promise<readonly VersionFile[]> {
    const sql = `SELECT path, blob FROM version_files WHERE ${named} AND path > ? ORDER BY path LIMIT ?`;
    return this.db.all(sql, domain, policy, version, page?.after ?? "", page?.limit ?? all).map(fileOf);
  }

  async file(domain: string, policy: string, version: string, path: string): Promise<VersionFile | undefined> {
    const row = this.db.one(`SELECT path, blob FROM version_files WHERE ${named} AND path = ?`, domain, policy, version, path);
    return row === undefined ? undefined : fileOf(row);
  }

  async blobs(): Promise<readonly VersionFile[]> {
    return this.db.all("SELECT blob, min(path) AS path FROM version_files GROUP BY blob ORDER BY blob").map(fileOf);
  }

  async insert(version: Omit<Version, "order">, files: readonly VersionFile[]): Promise<void> {
    this.db.run(
      "INSERT INTO versions (domain, policy, version, digest, state, author, message, gates, library, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      version.domain,
      version.policy,
      version.version,
      version.digest,
      version.state,
      version.author,
      version.message,
      JSON.stringify(version.gates),
      version.library,
      version.at,
    );
    for (const { path, blob } of files)
      this.db.run(
        "INSERT INTO version_files (domain, policy, version, path, blob) VALUES (?, ?, ?, ?, ?)",
        version.domain,
        version.policy,
        version.version,
        path,
        blob,
      );
  }

  async approvers(domain: string, policy: string, version: string): Promise<readonly string[]> {
    const sql = `SELECT actor FROM version_approvals WHERE ${named} ORDER BY rowid`;
    return this.db.all(sql, domain, policy, version).map((row) => row.text("actor"));
  }

  async approve(domain: string, policy: string, version: string, actor: string, at: number): Promise<boolean> {
    const sql =
      "INSERT INTO version_approvals (domain, policy, version, actor, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    return this.db.run(sql, domain, policy, version, actor, at) > 0;
  }

  async consents(domain: string, policy: string, version: string): Promise<readonly Consent[]> {
    const sql = `SELECT channel, digest, actor FROM impact_consents WHERE ${named} ORDER BY rowid`;
    return this.db
      .all(sql, domain, policy, version)
      .map((row) => ({ channel: row.text("channel"), digest: row.text("digest"), actor: row.text("actor") }));
  }

  async consent(domain: string, policy: string, version: string, consent: Consent, at: number): Promise<boolean> {
    const sql =
      "INSERT INTO impact_consents (domain, policy, version, channel, digest, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    return this.db.run(sql, domain, policy, version, consent.channel, consent.digest, consent.actor, at) > 0;
  }

  async setState(domain: string, policy: string, version: string, state: VersionState): Promise<void> {
    this.db.run(`UPDATE versions SET state = ? WHERE ${named}`, state, domain, policy, version);
  }
}

function versionOf(row: Columns): Version {
  return {
    domain: row.text("domain"),
    policy: row.text("policy"),
    version: row.text("version"),
    digest: row.text("digest"),
    state: row.text("state") as VersionState,
    author: row.text("author"),
    message: row.text("message"),
    gates: row.json("gates"),
    library: row.text("library"),
    at: row.number("at"),
    order: row.number("n"),
  };
}

function fileOf(row: Columns): VersionFile {
  return { path: row.text("path"), blob: row.text("blob") };
}
