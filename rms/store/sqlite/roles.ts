// Roles, memberships and suspensions in SQLite: rows end, and new ones begin; triggers keep the rest as it was recorded.
import { byUtf8 } from "#bundles/canonical-json.ts";
import type { DomainFacts, Membership, RoleFacts } from "#bundles/rms-data.ts";
import type { Snapshot } from "../domains.ts";
import type { Page } from "../page.ts";
import type { Member, MemberChange, Moment, Recorded, Recording, Role, RoleWrites } from "../roles.ts";
import { all, type Columns, type Connection } from "./connection.ts";
import { sourcedFacts } from "./sourced-facts.ts";

const standing = "recorded_to IS NULL";
/** Of the second value's time: microseconds since 1970. */
const recordedThen = "recorded_from <= ?2 AND (recorded_to IS NULL OR recorded_to > ?2)";

export class SqliteRoles implements RoleWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, id: string): Promise<Role | undefined> {
    const row = this.db.one(`SELECT id, body FROM roles WHERE domain = ? AND id = ? AND ${standing}`, domain, id);
    return row === undefined ? undefined : roleOf(row);
  }

  async list(domain: string, page?: Page<string>): Promise<readonly Role[]> {
    return this.db
      .all(
        `SELECT id, body FROM roles WHERE domain = ? AND id > ? AND ${standing} ORDER BY id LIMIT ?`,
        domain,
        page?.after ?? "",
        page?.limit ?? all,
      )
      .map(roleOf);
  }

  async memberCount(domain: string, role: string): Promise<number> {
    const sql = `SELECT count(*) AS n FROM memberships WHERE domain = ? AND role = ? AND ${standing}`;
    return this.db.one(sql, domain, role)?.number("n") ?? 0;
  }

  async member(domain: string, role: string, subject: string): Promise<Member | undefined> {
    const row = this.db.one(
      `SELECT * FROM memberships WHERE domain = ? AND role = ? AND subject = ? AND ${standing}`,
      domain,
      role,
      subject,
    );
    return row === undefined ? undefined : memberOf(row);
  }

  async membersNamed(domain: string, role: string, subjects: readonly string[]): Promise<ReadonlyMap<string, Member>> {
    const sql = `SELECT memberships.* FROM json_each(?) AS wanted CROSS JOIN memberships
      ON domain = ? AND role = ? AND subject = wanted.value AND ${standing}`;
    return new Map(this.db.all(sql, JSON.stringify(subjects), domain, role).map((row) => [row.text("subject"), memberOf(row)]));
  }

  async members(domain: string, role: string, page?: Page<string>): Promise<readonly Member[]> {
    return this.db
      .all(
        `SELECT * FROM memberships WHERE domain = ? AND role = ? AND subject > ? AND ${standing} ORDER BY subject LIMIT ?`,
        domain,
        role,
        page?.after ?? "",
        page?.limit ?? all,
      )
      .map(memberOf);
  }

  async recordedSince(domain: string, role: string): Promise<ReadonlyMap<string, number>> {
    const sql = `SELECT subject, recorded_from FROM memberships WHERE domain = ? AND role = ? AND ${standing}`;
    return new Map(this.db.all(sql, domain, role).map((row) => [row.text("subject"), row.number("recorded_from")]));
  }

  // `+`: in the order of an index SQLite would go through all memberships of the domain instead of the subject's.
  async heldBy(domain: string, subject: string): Promise<readonly (Member & { readonly role: string })[]> {
    // For the order SQLite would go through all of the domain's.
    const sql = `SELECT * FROM memberships INDEXED BY memberships_by_subject WHERE domain = ? AND subject = ? AND ${standing} ORDER BY role`;
    return this.db.all(sql, domain, subject).map((row) => ({ ...memberOf(row), role: row.text("role") }));
  }

  async historyOf(domain: string, subject: string): Promise<readonly Recorded<Member & { readonly role: string }>[]> {
    return this.db
      .all("SELECT * FROM memberships WHERE domain = ? AND subject = ? ORDER BY +recorded_from DESC, role", domain, subject)
      .map((row) => ({
        fact: { ...memberOf(row), role: row.text("role") },
        recordedFrom: row.number("recorded_from"),
        recordedTo: row.optionalNumber("recorded_to"),
        actor: row.text("actor"),
        reason: row.text("reason"),
      }));
  }

  async subjects(
    domain: string,
    { q = "", after = "", limit }: Page<string> & { readonly q?: string | undefined },
  ): Promise<readonly string[]> {
    const wanted = "subject > ?2 AND instr(lower(subject), lower(?3)) > 0";
    const [order, values] = ["ORDER BY subject LIMIT ?4", [domain, after, q, limit] as const];
    const found = new Set<string>();
    const add = (row: Columns): void => {
      found.add(row.text("subject"));
    };
    const find = (sql: string, ...more: readonly string[]): void => this.db.each(`${sql} ${order}`, add, ...values, ...more);
    return this.db.moment(() => {
      find(`SELECT DISTINCT subject FROM memberships WHERE domain = ?1 AND ${wanted}`);
      find(`SELECT subject FROM suspensions WHERE domain = ?1 AND ${wanted} AND ${standing}`);
      // Source by source: each is in the order of its index.
      for (const source of this.db.all(`SELECT id FROM sources WHERE domain = ? AND ${standing}`, domain))
        find(
          `SELECT subject FROM source_subjects WHERE domain = ?1 AND source = ?5 AND ${wanted} AND ${standing}`,
          source.text("id"),
        );
      return [...found].sort(byUtf8).slice(0, limit);
    });
  }

  async suspended(domain: string): Promise<readonly string[]> {
    const sql = `SELECT subject FROM suspensions WHERE domain = ? AND ${standing} ORDER BY subject`;
    return this.db.all(sql, domain).map((row) => row.text("subject"));
  }

  async suspendedBySources(domain: string): Promise<ReadonlySet<string>> {
    const sql = `SELECT subject FROM suspensions WHERE domain = ? AND origin IS NOT NULL AND ${standing}`;
    return new Set(this.db.all(sql, domain).map((row) => row.text("subject")));
  }

  async isSuspended(domain: string, subject: string): Promise<boolean> {
    const sql = `SELECT 1 AS yes FROM suspensions WHERE domain = ? AND subject = ? AND ${standing}`;
    return this.db.one(sql, domain, subject) !== undefined;
  }

  async facts(domain: string): Promise<{ readonly snapshot: number; readonly facts: DomainFacts }> {
    return this.db.moment(() => {
      const row = this.db.one("SELECT snapshot, include_members FROM domains WHERE id = ?", domain);
      const facts = this.whole(domain, standing, row?.number("include_members") === 1);
      return { snapshot: row?.number("snapshot") ?? 0, facts };
    });
  }

  async factsOf(domain: string, { at, includeMembers }: Snapshot): Promise<DomainFacts> {
    return this.db.moment(() => this.whole(domain, recordedThen, includeMembers, at));
  }

  /** All facts for which the condition holds, in the order of bundles. */
  private whole(domain: string, condition: string, includeMembers: boolean, ...values: readonly number[]): DomainFacts {
    const members = new Map<string, RoleFacts["members"]>();
    // A text for each role is read much faster than a row for each member.
    const sql = `SELECT role, json_group_array(json_array(subject, valid_from, valid_until) ORDER BY subject) AS members
      FROM memberships WHERE domain = ?1 AND ${condition} GROUP BY role`;
    const add = (row: Columns): void => {
      members.set(row.text("role"), row.json<readonly Span[]>("members").map(membershipOf));
    };
    this.db.each(sql, add, domain, ...values);
    const roles = this.db
      .all(`SELECT id, body FROM roles WHERE domain = ?1 AND ${condition} ORDER BY id`, domain, ...values)
      .map(roleOf)
      .map(({ owner: _owner, ...role }): RoleFacts => ({ ...role, members: members.get(role.id) ?? [] }));
    const suspended = this.db
      .all(`SELECT DISTINCT subject FROM suspensions WHERE domain = ?1 AND ${condition} ORDER BY subject`, domain, ...values)
      .map((row) => row.text("subject"));
    const sourced = sourcedFacts(this.db, domain, ...values);
    return { domain, roles, suspended, ...(includeMembers ? { includeMembers } : {}), ...sourced };
  }

  async factsAt(domain: string, moment: Moment): Promise<DomainFacts> {
    return this.db.moment(() => {
      const facts = this.thenRoles(domain, moment);
      const members = new Map<string, Membership[]>();
      for (const { role, ...member } of this.thenMembers(domain, moment)) {
        const list = members.get(role) ?? [];
        members.set(role, list);
        list.push(member);
      }
      const sourced = sourcedFacts(this.db, domain, Math.min(moment.at, moment.knownAt));
      return { ...facts, ...sourced, roles: facts.roles.map((role) => ({ ...role, members: members.get(role.id) ?? [] })) };
    });
  }

  async rolesAt(domain: string, moment: Moment): Promise<DomainFacts> {
    return this.db.moment(() => this.thenRoles(domain, moment));
  }

  async membersAt(
    domain: string,
    moment: Moment,
    only: { readonly subject: string } | { readonly roles: readonly string[] },
  ): Promise<readonly (Membership & { readonly role: string })[]> {
    if ("subject" in only) return this.thenMembers(domain, moment, "AND subject = ?4", only.subject);
    return this.thenMembers(domain, moment, "AND role IN (SELECT value FROM json_each(?4))", JSON.stringify(only.roles));
  }

  private thenRoles(domain: string, { at, knownAt }: Moment): DomainFacts {
    const recorded = Math.min(at, knownAt);
    const then = `domain = ?1 AND ${recordedThen}`;
    const roles = this.db
      .all(`SELECT id, body FROM roles WHERE ${then} ORDER BY id`, domain, recorded)
      .map(roleOf)
      .map(({ owner: _owner, ...role }): RoleFacts => ({ ...role, members: [] }));
    const suspended = this.db
      .all(`SELECT DISTINCT subject FROM suspensions WHERE ${then} ORDER BY subject`, domain, recorded)
      .map((row) => row.text("subject"));
    return { domain, roles, suspended };
  }

  private thenMembers(
    domain: string,
    { at, knownAt }: Moment,
    where = "",
    ...values: readonly string[]
  ): readonly (Membership & { readonly role: string })[] {
    // Nearly all begin before a moment: `+` and INDEXED BY have SQLite look for the subject instead.
    const sql = `SELECT role, subject, valid_from, valid_until FROM memberships AS one
      WHERE domain = ?1 AND +recorded_from <= ?2
        AND coalesce(valid_from * 1000000, recorded_from) <= ?3 AND (valid_until IS NULL OR valid_until * 1000000 > ?3)
        AND (recorded_to IS NULL OR recorded_to > ?2 OR recorded_to > ?3)
        AND NOT EXISTS (SELECT 1 FROM memberships AS later INDEXED BY memberships_by_subject WHERE later.domain = one.domain AND later.role = one.role
          AND later.subject = one.subject AND later.recorded_from > one.recorded_from AND later.recorded_from <= ?2
          AND later.valid_from * 1000000 <= ?3) ${where}
      ORDER BY role, subject, recorded_from`;
    const found: (Membership & { readonly role: string })[] = [];
    const add = (row: Columns): void => {
      const span: Span = [
        row.text("subject"),
        row.optionalNumber("valid_from") ?? null,
        row.optionalNumber("valid_until") ?? null,
      ];
      const one = { ...membershipOf(span), role: row.text("role") };
      const last = found.at(-1);
      // Of two that hold the one recorded later counts.
      if (last?.role === one.role && last.subject === one.subject) found.pop();
      found.push(one);
    };
    this.db.each(sql, add, domain, knownAt, at, ...values);
    return found;
  }

  async put(domain: string, role: Role, { at, actor, reason }: Recording): Promise<void> {
    const { id, ...body } = role;
    this.endRole(domain, id, at);
    this.db.run(
      "INSERT INTO roles (domain, id, body, recorded_from, recorded_to, actor, reason) VALUES (?, ?, ?, ?, NULL, ?, ?)",
      domain,
      id,
      JSON.stringify(body),
      at,
      actor,
      reason,
    );
  }

  async end(domain: string, id: string, { at }: Recording): Promise<void> {
    this.endRole(domain, id, at);
    this.db.run(
      `UPDATE memberships SET recorded_to = max(?, recorded_from) WHERE domain = ? AND role = ? AND ${standing}`,
      at,
      domain,
      id,
    );
  }

  async putMember(
    domain: string,
    role: string,
    { subject, from, until, origin }: Member,
    { at, actor, reason }: Recording,
  ): Promise<void> {
    const change = { subject, member: { from, until, origin }, reason };
    await this.changeMembers(domain, role, [change], { at, actor }, origin !== undefined);
  }

  async endMember(domain: string, role: string, subject: string, { at, actor, reason }: Recording): Promise<void> {
    await this.changeMembers(domain, role, [{ subject, member: undefined, reason }], { at, actor });
  }

  async changeMembers(
    domain: string,
    role: string,
    changes: readonly MemberChange[],
    { at, actor }: Pick<Recording, "at" | "actor">,
    bySource = false,
  ): Promise<void> {
    this.db.run(
      `UPDATE memberships SET recorded_to = max(?, recorded_from)
       WHERE domain = ? AND role = ? AND subject IN (SELECT value FROM json_each(?)) AND ${standing}`,
      at,
      domain,
      role,
      JSON.stringify(changes.map(({ subject }) => subject)),
    );
    if (!bySource) this.withhold(domain, role, changes);
    for (const { from, until, origin, reason, subjects } of alike(changes)) {
      this.db.run(
        `INSERT INTO memberships (domain, role, subject, valid_from, valid_until, recorded_from, recorded_to, actor, reason, origin)
         SELECT ?, ?, value, ?, ?, ?, NULL, ?, ?, ? FROM json_each(?)`,
        domain,
        role,
        from ?? null,
        until ?? null,
        at,
        actor,
        reason,
        origin ?? null,
        JSON.stringify(subjects),
      );
    }
  }

  private endRole(domain: string, id: string, at: number): void {
    this.db.run(
      `UPDATE roles SET recorded_to = max(?, recorded_from) WHERE domain = ? AND id = ? AND ${standing}`,
      at,
      domain,
      id,
    );
  }

  /** What somebody ends by hand no source makes again, until somebody makes it by hand or the source wants it no longer. */
  private withhold(domain: string, role: string, changes: readonly MemberChange[]): void {
    for (const withheld of [true, false]) {
      const subjects = changes.filter(({ member }) => (member === undefined) === withheld).map(({ subject }) => subject);
      if (subjects.length === 0) continue;
      this.db.run(
        "UPDATE source_wishes SET withheld = ? WHERE domain = ? AND role = ? AND subject IN (SELECT value FROM json_each(?))",
        Number(withheld),
        domain,
        role,
        JSON.stringify(subjects),
      );
    }
  }

  async suspend(domain: string, subject: string, { at, actor, reason }: Recording, origin?: string): Promise<void> {
    this.db.run(
      "INSERT INTO suspensions (domain, subject, recorded_from, recorded_to, actor, reason, origin) VALUES (?, ?, ?, NULL, ?, ?, ?) ON CONFLICT DO NOTHING",
      domain,
      subject,
      at,
      actor,
      reason,
      origin ?? null,
    );
  }

  async restore(domain: string, subject: string, { at }: Recording): Promise<void> {
    this.db.run(
      `UPDATE suspensions SET recorded_to = max(?, recorded_from) WHERE domain = ? AND subject = ? AND ${standing}`,
      at,
      domain,
      subject,
    );
  }
}

interface Alike extends Pick<Member, "from" | "until" | "origin"> {
  readonly reason: string;
  readonly subjects: string[];
}

/** The memberships to be made, with those together that differ in nothing but the subject. */
function alike(changes: readonly MemberChange[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const { subject, member, reason } of changes) {
    if (member === undefined) continue;
    const { from, until, origin } = member;
    const key = JSON.stringify([from, until, origin, reason]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { from, until, origin, reason, subjects: [subject] });
    else group.subjects.push(subject);
  }
  return [...groups.values()];
}

type Span = readonly [subject: string, from: number | null, until: number | null];

function membershipOf([subject, from, until]: Span): RoleFacts["members"][number] {
  return { subject, ...(from === null ? {} : { from }), ...(until === null ? {} : { until }) };
}

function roleOf(row: Columns): Role {
  return { ...row.json<Omit<Role, "id">>("body"), id: row.text("id") };
}

function memberOf(row: Columns): Member {
  return {
    subject: row.text("subject"),
    from: row.optionalNumber("valid_from"),
    until: row.optionalNumber("valid_until"),
    ...(row.optionalText("origin") === undefined ? {} : { origin: row.text("origin") }),
  };
}
