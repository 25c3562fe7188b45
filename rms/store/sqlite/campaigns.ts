// Campaigns in SQLite: a row for each, and one for each membership that is looked at.
import { breath } from "../breath.ts";
import type {
  Campaign,
  CampaignCounts,
  CampaignDecision,
  CampaignItem,
  CampaignScope,
  CampaignWrites,
  ItemFilter,
  ItemState,
  MembershipKey,
  NewCampaign,
  ReviewerRule,
  Signed,
} from "../campaigns.ts";
import type { ReviewDecision } from "../reviews.ts";
import type { Columns, Connection } from "./connection.ts";

/** The decision that counts: once a campaign is signed every one, before that what is about the membership as it stands. */
const counted = "ifnull(i.decision IN ('keep', 'end') AND (c.signed_at IS NOT NULL OR m.recorded_from = i.about), 0)";
const gone = "ifnull(i.decision = 'gone', 0) OR (c.signed_at IS NULL AND m.recorded_from IS NULL)";
/** With what stands of each membership. */
const looked = `campaign_items AS i JOIN campaigns AS c ON c.domain = i.domain AND c.number = i.number
  LEFT JOIN memberships AS m ON m.domain = i.domain AND m.role = i.role AND m.subject = i.subject AND m.recorded_to IS NULL`;
/** With what stood of each membership when it was decided about; several rows of one moment are told apart by their order. */
const lookedThen = `campaign_items AS i JOIN campaigns AS c ON c.domain = i.domain AND c.number = i.number
  LEFT JOIN memberships AS m ON m.rowid = (SELECT max(one.rowid) FROM memberships AS one INDEXED BY memberships_by_subject
    WHERE one.domain = i.domain AND one.subject = i.subject AND one.role = i.role AND one.recorded_from = i.about)`;
const columns = `i.role, i.subject, i.reviewer, i.decision, i.actor, i.reason, i.at, ${counted} AS counted,
  m.recorded_from, m.actor AS given_by, m.reason AS given_for, m.valid_from, m.valid_until, m.origin`;

const whereState: Readonly<Record<ItemState, string>> = {
  undecided: `NOT (${gone}) AND NOT (${counted})`,
  keep: `NOT (${gone}) AND ${counted} AND i.decision = 'keep'`,
  end: `NOT (${gone}) AND ${counted} AND i.decision = 'end'`,
  gone,
};

export class SqliteCampaigns implements CampaignWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, number: number): Promise<Campaign | undefined> {
    const row = this.db.one("SELECT * FROM campaigns WHERE domain = ? AND number = ?", domain, number);
    return row === undefined ? undefined : this.campaignOf(row);
  }

  async list(
    domain: string,
    { after, limit }: { readonly after?: number | undefined; readonly limit: number },
  ): Promise<readonly Campaign[]> {
    const sql = "SELECT * FROM campaigns WHERE domain = ? AND number < ? ORDER BY number DESC LIMIT ?";
    const campaigns: Campaign[] = [];
    for (const row of this.db.all(sql, domain, after ?? Number.MAX_SAFE_INTEGER, limit)) {
      // Counting an open one of many memberships takes a tenth of a second.
      await breath();
      campaigns.push(this.campaignOf(row));
    }
    return campaigns;
  }

  async items(domain: string, number: number, { reviewer, state, after, limit }: ItemFilter): Promise<readonly CampaignItem[]> {
    const only = `${reviewer === undefined ? "?5 IS NULL" : "i.reviewer = ?5"} AND ${state === undefined ? "1" : whereState[state]}`;
    const isSigned = this.db.one(
      "SELECT 1 FROM campaigns WHERE domain = ? AND number = ? AND signed_at IS NOT NULL",
      domain,
      number,
    );
    const from = isSigned === undefined ? looked : lookedThen;
    const sql = `SELECT ${columns} FROM ${from} WHERE i.domain = ?1 AND i.number = ?2 AND (i.role, i.subject) > (?3, ?4) AND ${only}
      ORDER BY i.role, i.subject LIMIT ?6`;
    return this.db.all(sql, domain, number, after?.role ?? "", after?.subject ?? "", reviewer ?? null, limit).map(itemOf);
  }

  async itemsNamed(domain: string, number: number, keys: readonly MembershipKey[]): Promise<readonly CampaignItem[]> {
    const sql = `SELECT ${columns} FROM json_each(?3) AS wanted CROSS JOIN ${looked}
      WHERE i.domain = ?1 AND i.number = ?2 AND i.role = wanted.value ->> 0 AND i.subject = wanted.value ->> 1`;
    return this.db.all(sql, domain, number, pairs(keys)).map(itemOf);
  }

  async unsigned(domain: string): Promise<number> {
    const sql = "SELECT count(*) AS n FROM campaigns WHERE domain = ? AND signed_at IS NULL";
    return this.db.one(sql, domain)?.number("n") ?? 0;
  }

  async overdue(now: number): Promise<readonly { readonly domain: string; readonly number: number }[]> {
    return this.db
      .all(
        "SELECT domain, number FROM campaigns WHERE signed_at IS NULL AND undecided = 'end' AND due <= ? ORDER BY domain, number",
        now,
      )
      .map((row) => ({ domain: row.text("domain"), number: row.number("number") }));
  }

  async open(domain: string, campaign: NewCampaign): Promise<number> {
    const { title, scope, reviewers, fallback, at, openedBy, due, undecided } = campaign;
    const sql = "SELECT max(number) AS n FROM campaigns WHERE domain = ?";
    const number = (this.db.one(sql, domain)?.optionalNumber("n") ?? 0) + 1;
    this.db.run(
      `INSERT INTO campaigns (domain, number, title, scope, reviewers, fallback, at, opened_by, due, undecided)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      domain,
      number,
      title,
      JSON.stringify(scope),
      reviewers,
      fallback,
      at,
      openedBy,
      due,
      undecided,
    );
    return number;
  }

  async add(
    domain: string,
    number: number,
    items: readonly (MembershipKey & { readonly reviewer: string | undefined })[],
  ): Promise<void> {
    this.db.run(
      `INSERT INTO campaign_items (domain, number, role, subject, reviewer)
       SELECT ?, ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
      domain,
      number,
      JSON.stringify(items.map(({ role, subject, reviewer }) => [role, subject, reviewer ?? null])),
    );
  }

  async decide(
    domain: string,
    number: number,
    keys: readonly MembershipKey[],
    { decision, actor, reason, at }: CampaignDecision,
  ): Promise<void> {
    // By what was recorded, not by the time: clocks go back.
    const about = `(SELECT m.recorded_from FROM memberships AS m WHERE m.domain = ?1 AND m.role = campaign_items.role
      AND m.subject = campaign_items.subject AND m.recorded_to IS NULL)`;
    const set = `decision = ?4, actor = ?5, reason = ?6, at = ?7, about = ${about}`;
    this.change(set, domain, number, keys, decision, actor, reason, at);
  }

  async assign(domain: string, number: number, keys: readonly MembershipKey[], reviewer: string): Promise<void> {
    this.change("reviewer = ?4", domain, number, keys, reviewer);
  }

  private change(
    set: string,
    domain: string,
    number: number,
    keys: readonly MembershipKey[],
    ...values: readonly (string | number)[]
  ): void {
    const named = "(role, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?3))";
    this.db.run(
      `UPDATE campaign_items SET ${set} WHERE domain = ?1 AND number = ?2 AND ${named}`,
      domain,
      number,
      pairs(keys),
      ...values,
    );
  }

  async sign(domain: string, number: number, { at, actor, digest }: Signed): Promise<void> {
    this.db.run(
      `UPDATE campaign_items AS i SET decision = 'gone', actor = NULL, reason = NULL, at = NULL WHERE domain = ? AND number = ? AND NOT EXISTS
        (SELECT 1 FROM memberships AS m WHERE m.domain = i.domain AND m.role = i.role AND m.subject = i.subject AND m.recorded_to IS NULL)`,
      domain,
      number,
    );
    this.db.run(
      "UPDATE campaigns SET signed_at = ?, signed_by = ?, digest = ?, counts = ? WHERE domain = ? AND number = ? AND signed_at IS NULL",
      at,
      actor,
      digest,
      // They change no more: counting many signed campaigns for each list would take seconds.
      JSON.stringify(this.countsOf(domain, number)),
      domain,
      number,
    );
  }

  private campaignOf(row: Columns): Campaign {
    const number = row.number("number");
    const at = row.optionalNumber("signed_at");
    return {
      number,
      title: row.text("title"),
      scope: row.json<CampaignScope>("scope"),
      reviewers: row.text("reviewers") as ReviewerRule,
      fallback: row.text("fallback"),
      at: row.number("at"),
      openedBy: row.text("opened_by"),
      due: row.number("due"),
      undecided: row.text("undecided") as ReviewDecision,
      signed: at === undefined ? undefined : { at, actor: row.text("signed_by"), digest: row.text("digest") },
      counts: at === undefined ? this.countsOf(row.text("domain"), number) : row.json<CampaignCounts>("counts"),
    };
  }

  private countsOf(domain: string, number: number): CampaignCounts {
    const sums = (Object.keys(whereState) as ItemState[]).map((state) => `total(${whereState[state]}) AS n_${state}`);
    const sql = `SELECT count(*) AS n_items, ${sums.join(", ")} FROM ${looked} WHERE i.domain = ? AND i.number = ?`;
    const row = this.db.one(sql, domain, number);
    const of = (name: string): number => row?.number(`n_${name}`) ?? 0;
    return { items: of("items"), keep: of("keep"), end: of("end"), undecided: of("undecided"), gone: of("gone") };
  }
}

const pairs = (keys: readonly MembershipKey[]): string => JSON.stringify(keys.map(({ role, subject }) => [role, subject]));

function itemOf(row: Columns): CampaignItem {
  const since = row.optionalNumber("recorded_from");
  return {
    role: row.text("role"),
    subject: row.text("subject"),
    reviewer: row.optionalText("reviewer"),
    member:
      since === undefined
        ? undefined
        : {
            since,
            by: row.text("given_by"),
            reason: row.text("given_for"),
            from: row.optionalNumber("valid_from"),
            until: row.optionalNumber("valid_until"),
            origin: row.optionalText("origin"),
          },
    decided:
      row.number("counted") === 1
        ? {
            decision: row.text("decision") as ReviewDecision,
            actor: row.text("actor"),
            reason: row.text("reason"),
            at: row.number("at"),
          }
        : undefined,
  };
}
