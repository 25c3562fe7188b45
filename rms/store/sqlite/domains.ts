// Domains in SQLite.
import type { Domain, DomainChange, DomainState, DomainWrites, NewDomain, Snapshot } from "../domains.ts";
import type { Page } from "../page.ts";
import { all, type Columns, type Connection } from "./connection.ts";

export class SqliteDomains implements DomainWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(id: string): Promise<Domain | undefined> {
    const row = this.db.one("SELECT * FROM domains WHERE id = ?", id);
    return row === undefined ? undefined : domainOf(row);
  }

  async list(page?: Page<string>): Promise<readonly Domain[]> {
    return this.db
      .all("SELECT * FROM domains WHERE id > ? ORDER BY id LIMIT ?", page?.after ?? "", page?.limit ?? all)
      .map(domainOf);
  }

  async create({ id, title, package: root, owners, maxAge, builtins, includeMembers, at }: NewDomain): Promise<void> {
    this.db.run(
      "INSERT INTO domains (id, title, package, owners, max_age_s, builtins, include_members, state, snapshot, snapshot_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'active', 1, ?, ?)",
      id,
      title,
      root,
      JSON.stringify(owners),
      maxAge,
      JSON.stringify(builtins),
      Number(includeMembers),
      at,
      at,
    );
    this.keepSnapshot(id, at * 1_000_000);
  }

  async change(id: string, to: DomainChange): Promise<void> {
    this.db.run(
      "UPDATE domains SET title = ?, owners = ?, max_age_s = ?, log_retention_s = ?, log_quota = ?, builtins = ?, include_members = ? WHERE id = ?",
      to.title,
      JSON.stringify(to.owners),
      to.maxAge,
      to.logRetention,
      to.logQuota,
      JSON.stringify(to.builtins),
      Number(to.includeMembers),
      id,
    );
  }

  async setState(id: string, state: DomainState): Promise<void> {
    this.db.run("UPDATE domains SET state = ? WHERE id = ?", state, id);
  }

  async factsChanged(id: string, at: number): Promise<void> {
    this.db.run("UPDATE domains SET snapshot = snapshot + 1, snapshot_at = ? WHERE id = ?", Math.floor(at / 1_000_000), id);
    this.keepSnapshot(id, at);
  }

  async snapshot(id: string, number: number): Promise<Snapshot | undefined> {
    const row = this.db.one(
      `SELECT recorded_at, include_members FROM snapshots AS one WHERE domain = ? AND number = ? AND NOT EXISTS
        (SELECT 1 FROM snapshots AS later WHERE later.domain = one.domain AND later.number > one.number AND later.recorded_at <= one.recorded_at)`,
      id,
      number,
    );
    if (row === undefined) return undefined;
    return { number, at: row.number("recorded_at"), includeMembers: row.number("include_members") === 1 };
  }

  private keepSnapshot(id: string, at: number): void {
    this.db.run("INSERT INTO snapshots SELECT id, snapshot, ?, include_members FROM domains WHERE id = ?", at, id);
  }
}

function domainOf(row: Columns): Domain {
  return {
    id: row.text("id"),
    title: row.text("title"),
    package: row.text("package"),
    owners: row.json("owners"),
    maxAge: row.number("max_age_s"),
    logRetention: row.number("log_retention_s"),
    logQuota: row.number("log_quota"),
    builtins: row.json("builtins"),
    includeMembers: row.number("include_members") === 1,
    state: row.text("state") as DomainState,
    snapshot: row.number("snapshot"),
  };
}
