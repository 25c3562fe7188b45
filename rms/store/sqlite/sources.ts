// Sources of people in SQLite: settings and what they say end and begin anew; what they want and their runs are kept as they are.
import type { Page } from "../page.ts";
import type { Recording } from "../roles.ts";
import {
  type Freshness,
  maxAgeOf,
  type Source,
  type SourcedSubject,
  type SourceRun,
  type SourceSettings,
  type SourceWrites,
  type Wish,
} from "../sources.ts";
import { all, type Columns, type Connection } from "./connection.ts";

const standing = "recorded_to IS NULL";
const good = "result IN ('changed', 'unchanged')";

export class SqliteSources implements SourceWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, id: string): Promise<Source | undefined> {
    const row = this.db.one(`SELECT * FROM sources WHERE domain = ? AND id = ? AND ${standing}`, domain, id);
    return row === undefined ? undefined : sourceOf(row);
  }

  async list(domain: string, page?: Page<string>): Promise<readonly Source[]> {
    const sql = `SELECT * FROM sources WHERE domain = ? AND id > ? AND ${standing} ORDER BY id LIMIT ?`;
    return this.db.all(sql, domain, page?.after ?? "", page?.limit ?? all).map(sourceOf);
  }

  async all(): Promise<readonly (Source & { readonly domain: string })[]> {
    return this.db
      .all(`SELECT * FROM sources WHERE ${standing} ORDER BY domain, id`)
      .map((row) => ({ ...sourceOf(row), domain: row.text("domain") }));
  }

  async subjects(domain: string, source: string, page?: Page<string>): Promise<ReadonlyMap<string, SourcedSubject>> {
    const found = new Map<string, SourcedSubject>();
    this.db.each(
      `SELECT subject, body FROM source_subjects WHERE domain = ? AND source = ? AND subject > ? AND ${standing} ORDER BY subject LIMIT ?`,
      (row) => found.set(row.text("subject"), row.json("body")),
      domain,
      source,
      page?.after ?? "",
      page?.limit ?? all,
    );
    return found;
  }

  async sayings(domain: string, subject: string): Promise<ReadonlyMap<string, SourcedSubject>> {
    const sql = `SELECT source_subjects.source AS source, source_subjects.body AS body FROM sources CROSS JOIN source_subjects
      ON source_subjects.domain = sources.domain AND source = sources.id AND subject = ? AND source_subjects.recorded_to IS NULL
      WHERE sources.domain = ? AND sources.recorded_to IS NULL ORDER BY source`;
    return new Map(this.db.all(sql, subject, domain).map((row) => [row.text("source"), row.json("body")]));
  }

  async people(domain: string): Promise<ReadonlyMap<string, string | undefined>> {
    const sql = `SELECT subject, source_subjects.body ->> '$.manager' AS manager FROM sources CROSS JOIN source_subjects
      ON source_subjects.domain = sources.domain AND source = sources.id AND source_subjects.recorded_to IS NULL
      WHERE sources.domain = ? AND sources.recorded_to IS NULL AND source_subjects.body ->> '$.status' <> 'left' ORDER BY source`;
    const managers = new Map<string, string | undefined>();
    const add = (row: Columns): void => {
      const subject = row.text("subject");
      managers.set(subject, row.optionalText("manager") ?? managers.get(subject));
    };
    this.db.each(sql, add, domain);
    return managers;
  }

  async wishes(domain: string, source: string, role?: string): Promise<readonly Wish[]> {
    const [only, values] = role === undefined ? ["", []] : ["AND role = ?", [role]];
    return this.db
      .all(`SELECT role, subject, withheld FROM source_wishes WHERE domain = ? AND source = ? ${only}`, domain, source, ...values)
      .map((row) => ({ role: row.text("role"), subject: row.text("subject"), withheld: row.number("withheld") === 1 }));
  }

  async rolesOf(domain: string, source: string): Promise<readonly string[]> {
    const sql = `SELECT role FROM memberships WHERE domain = ?1 AND origin = ?2 AND ${standing}
      UNION SELECT role FROM source_wishes WHERE domain = ?1 AND source = ?2 ORDER BY role`;
    return this.db.all(sql, domain, source).map((row) => row.text("role"));
  }

  async otherWisher(domain: string, source: string, role: string, subject: string): Promise<string | undefined> {
    const sql = `SELECT source FROM source_wishes WHERE domain = ? AND role = ? AND subject = ? AND source <> ? AND withheld = 0
      ORDER BY source LIMIT 1`;
    return this.db.one(sql, domain, role, subject, source)?.text("source");
  }

  async lastRun(domain: string, source: string): Promise<SourceRun | undefined> {
    return (await this.runs(domain, source, { limit: 1 }))[0];
  }

  async lastGoodRun(domain: string, source: string): Promise<SourceRun | undefined> {
    const sql = `SELECT * FROM source_runs WHERE domain = ? AND source = ? AND ${good} ORDER BY number DESC LIMIT 1`;
    const row = this.db.one(sql, domain, source);
    return row === undefined ? undefined : runOf(row);
  }

  async misses(domain: string, source: string): Promise<number> {
    const sql = `SELECT count(*) AS n FROM source_runs WHERE domain = ?1 AND source = ?2 AND number >
      (SELECT coalesce(max(number), 0) FROM source_runs WHERE domain = ?1 AND source = ?2 AND ${good})`;
    return this.db.one(sql, domain, source)?.number("n") ?? 0;
  }

  async runs(domain: string, source: string, page: Page<number>): Promise<readonly SourceRun[]> {
    const sql = "SELECT * FROM source_runs WHERE domain = ? AND source = ? AND number < ? ORDER BY number DESC LIMIT ?";
    return this.db.all(sql, domain, source, page.after ?? Number.MAX_SAFE_INTEGER, page.limit).map(runOf);
  }

  async freshness(domain: string, at?: number): Promise<Readonly<Record<string, Freshness>>> {
    const then = at === undefined ? standing : "recorded_from <= ?2 AND (recorded_to IS NULL OR recorded_to > ?2)";
    // The last one, not the latest: a clock may have been ahead.
    const sql = `SELECT *, (SELECT at FROM source_runs WHERE source_runs.domain = sources.domain AND source = sources.id
        AND ${good}${at === undefined ? "" : " AND ended * 1000000 <= ?2"} ORDER BY number DESC LIMIT 1) AS as_of
      FROM sources WHERE domain = ?1 AND ${then} ORDER BY id`;
    const found: [string, Freshness][] = [];
    for (const row of this.db.all(sql, domain, ...(at === undefined ? [] : [at * 1_000_000]))) {
      const asOf = row.optionalNumber("as_of");
      const { id, settings } = sourceOf(row);
      if (asOf === undefined) continue;
      found.push([id, { asOf, freshUntil: asOf + maxAgeOf(settings), required: settings.required === true }]);
    }
    return Object.fromEntries(found);
  }

  async faults(): Promise<readonly string[]> {
    const known = (table: string, column: string): string =>
      `EXISTS (SELECT 1 FROM sources WHERE sources.domain = ${table}.domain AND sources.id = ${table}.${column} AND sources.recorded_to IS NULL)`;
    const made = this.db.all(
      `SELECT DISTINCT domain, origin AS source FROM memberships WHERE ${standing} AND origin IS NOT NULL AND NOT ${known("memberships", "origin")}`,
    );
    const said = this.db.all(
      `SELECT DISTINCT domain, source FROM source_subjects WHERE ${standing} AND NOT ${known("source_subjects", "source")}`,
    );
    const wanted = this.db.all(`SELECT DISTINCT domain, source FROM source_wishes WHERE NOT ${known("source_wishes", "source")}`);
    const inWords = (rows: readonly Columns[], what: string): readonly string[] =>
      rows.map((row) => `${what} the source ${row.text("domain")}/${row.text("source")}, which is not there`);
    return [
      ...inWords(made, "there are memberships of"),
      ...inWords(said, "there are subjects of"),
      ...inWords(wanted, "there are wishes of"),
    ];
  }

  async put(domain: string, id: string, settings: SourceSettings, { at, actor, reason }: Recording): Promise<void> {
    this.endSettings(domain, id, at);
    this.db.run(
      "INSERT INTO sources (domain, id, settings, recorded_from, recorded_to, actor, reason) VALUES (?, ?, ?, ?, NULL, ?, ?)",
      domain,
      id,
      JSON.stringify(settings),
      at,
      actor,
      reason,
    );
  }

  async end(domain: string, id: string, { at }: Recording): Promise<number> {
    this.endSettings(domain, id, at);
    this.db.run(
      `UPDATE source_subjects SET recorded_to = max(?, recorded_from) WHERE domain = ? AND source = ? AND ${standing}`,
      at,
      domain,
      id,
    );
    this.db.run("DELETE FROM source_wishes WHERE domain = ? AND source = ?", domain, id);
    return this.db.run(
      `UPDATE memberships SET recorded_to = max(?, recorded_from) WHERE domain = ? AND origin = ? AND ${standing}`,
      at,
      domain,
      id,
    );
  }

  private endSettings(domain: string, id: string, at: number): void {
    this.db.run(
      `UPDATE sources SET recorded_to = max(?, recorded_from) WHERE domain = ? AND id = ? AND ${standing}`,
      at,
      domain,
      id,
    );
  }

  async record(
    domain: string,
    source: string,
    changes: ReadonlyMap<string, SourcedSubject | undefined>,
    at: number,
  ): Promise<void> {
    this.db.run(
      `UPDATE source_subjects SET recorded_to = max(?, recorded_from)
       WHERE domain = ? AND source = ? AND subject IN (SELECT value FROM json_each(?)) AND ${standing}`,
      at,
      domain,
      source,
      JSON.stringify([...changes.keys()]),
    );
    const said = [...changes].flatMap(([subject, body]) => (body === undefined ? [] : [[subject, JSON.stringify(body)]]));
    this.db.run(
      `INSERT INTO source_subjects (domain, source, subject, body, recorded_from, recorded_to)
       SELECT ?, ?, value ->> 0, value ->> 1, ?, NULL FROM json_each(?)`,
      domain,
      source,
      at,
      JSON.stringify(said),
    );
  }

  async wish(domain: string, source: string, wishes: readonly Pick<Wish, "role" | "subject">[]): Promise<void> {
    this.db.run(
      `INSERT INTO source_wishes (domain, role, subject, source, withheld)
       SELECT ?, value ->> 0, value ->> 1, ?, 0 FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
      domain,
      source,
      JSON.stringify(wishes.map(({ role, subject }) => [role, subject])),
    );
  }

  async unwish(domain: string, source: string, wishes: readonly Pick<Wish, "role" | "subject">[]): Promise<void> {
    this.db.run(
      `DELETE FROM source_wishes WHERE domain = ?1 AND source = ?2
       AND (role, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?3))`,
      domain,
      source,
      JSON.stringify(wishes.map(({ role, subject }) => [role, subject])),
    );
  }

  async addRun(domain: string, source: string, run: Omit<SourceRun, "number">): Promise<SourceRun> {
    const number = ((await this.lastRun(domain, source))?.number ?? 0) + 1;
    const { at, ended, result, actor, reason, message, digest, consent, delta } = run;
    this.db.run(
      "INSERT INTO source_runs (domain, source, number, at, ended, result, actor, reason, message, digest, consent, delta) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      domain,
      source,
      number,
      at,
      ended,
      result,
      actor,
      reason,
      message,
      digest,
      consent ?? null,
      JSON.stringify(delta),
    );
    return { ...run, number };
  }

  async thinRuns(before: number): Promise<void> {
    this.db.run(
      `DELETE FROM source_runs WHERE result IN ('unchanged', 'failed') AND at < ? AND EXISTS (SELECT 1 FROM source_runs AS later
         WHERE later.domain = source_runs.domain AND later.source = source_runs.source AND later.number > source_runs.number
         AND later.${good})`,
      before,
    );
  }
}

function sourceOf(row: Columns): Source {
  return { id: row.text("id"), settings: row.json("settings"), at: row.number("recorded_from"), actor: row.text("actor") };
}

function runOf(row: Columns): SourceRun {
  return {
    number: row.number("number"),
    at: row.number("at"),
    ended: row.number("ended"),
    result: row.text("result") as SourceRun["result"],
    actor: row.text("actor"),
    reason: row.text("reason"),
    message: row.text("message"),
    digest: row.text("digest"),
    consent: row.optionalText("consent"),
    delta: row.json("delta"),
  };
}
