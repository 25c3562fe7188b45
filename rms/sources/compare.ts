// What a source says now against what it said before: what is to be recorded, and what is too much to be believed.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { lower } from "#bundles/rms-data.ts";
import { breath, Pace } from "../store/breath.ts";
import type { Member, MemberChange } from "../store/roles.ts";
import type { SourcedSubject, SourceSettings, Wish } from "../store/sources.ts";
import { wishesOf } from "./wishes.ts";

export type Subjects = ReadonlyMap<string, SourcedSubject>;

/** What is recorded of the source. */
export interface Recorded {
  readonly subjects: Subjects;
  readonly wishes: readonly Wish[];
  /** Role → subject → membership, of the roles that the source has to do with. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, Member>>;
  /** The roles of the domain. */
  readonly roles: ReadonlySet<string>;
  /** Whom a source suspended, this one or another. */
  readonly suspended: ReadonlySet<string>;
}

/** Something of which less came than is believed. */
export interface Drop {
  /** `people`, `group:NAME`, `role:ID` or `attribute:NAME`. */
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

export interface Counts {
  /** Who is there, and who of them is neither suspended nor gone. */
  readonly people: number;
  readonly active: number;
  readonly joined: number;
  readonly changed: number;
  readonly left: number;
  /** Not seen this time; and not seen twice. */
  readonly absent: number;
  readonly gone: number;
  readonly moved: number;
  /** Memberships that are made, that end, and that end after their grace. */
  readonly granted: number;
  readonly ended: number;
  readonly ending: number;
  /** Memberships that somebody ended by hand, so that they are not made. */
  readonly withheld: number;
  readonly suspended: number;
  /** May be active again. */
  readonly returned: number;
}

export interface Move {
  readonly subject: string;
  /** What changed of the unit, before and after. */
  readonly from: Readonly<Record<string, unknown>>;
  readonly to: Readonly<Record<string, unknown>>;
}

export interface Plan {
  readonly records: ReadonlyMap<string, SourcedSubject | undefined>;
  readonly wished: readonly Pick<Wish, "role" | "subject">[];
  readonly unwished: readonly Pick<Wish, "role" | "subject">[];
  readonly members: ReadonlyMap<string, readonly MemberChange[]>;
  readonly suspend: readonly string[];
  readonly returned: readonly string[];
  readonly left: readonly string[];
  readonly gone: readonly string[];
  readonly moves: readonly Move[];
  readonly counts: Counts;
  readonly drops: readonly Drop[];
  /** Roles that rules name and that are not there. */
  readonly missingRoles: readonly string[];
}

const defaults = { percent: 10, count: 1000, above: 20 };
const defaultGrace = 14 * 86_400;
const defaultUnit = ["department"];

/** `now` is in seconds. Others are answered meanwhile: a company is compared in a second or two. */
export async function compare(
  id: string,
  settings: SourceSettings,
  recorded: Recorded,
  read: Subjects,
  now: number,
): Promise<Plan> {
  const people = new People(settings, recorded, read);
  await people.compare();
  const all = await wishesOf(people.after, settings.rules ?? []);
  const missingRoles = [...all.keys()].filter((role) => !recorded.roles.has(role)).sort(byUtf8);
  const wishes = new Map([...all].filter(([role]) => recorded.roles.has(role)));
  const memberships = new Memberships(id, settings.grace ?? defaultGrace, recorded, people, now);
  for (const role of new Set([...recorded.members.keys(), ...wishes.keys()]))
    await memberships.settle(role, wishes.get(role) ?? new Map());
  await breath();
  const wanted = new Set(recorded.wishes.map(({ role, subject }) => keyOf(role, subject)));
  const wished = [...wishes].flatMap(([role, held]) =>
    [...held.keys()].filter((subject) => !wanted.has(keyOf(role, subject))).map((subject) => ({ role, subject })),
  );
  await breath();
  const unwished = recorded.wishes.filter(({ role, subject }) => wishes.get(role)?.has(subject) !== true);
  const drops = tooMuch(await measures(recorded.subjects, recorded.wishes), await measures(read, wishPairs(wishes)), settings);
  const statuses = [...people.after.values()].map(({ status }) => status);
  return {
    records: people.records,
    wished,
    unwished,
    members: memberships.changes,
    suspend: people.suspend,
    returned: people.returned,
    left: people.left,
    gone: people.gone,
    moves: [...people.moves.values()],
    counts: {
      people: people.after.size,
      active: statuses.filter((status) => status === "active").length,
      joined: people.joined,
      changed: people.changed,
      left: people.left.length,
      absent: people.absent,
      gone: people.gone.length,
      moved: people.moves.size,
      ...memberships.counts,
      suspended: people.suspend.length,
      returned: people.returned.length,
    },
    drops,
    missingRoles,
  };
}

const keyOf = (role: string, subject: string): string => `${role}\u0000${subject}`;

/** Who came, went and moved. */
class People {
  readonly records = new Map<string, SourcedSubject | undefined>();
  /** All of whom the source says something from now on. */
  readonly after: Map<string, SourcedSubject>;
  readonly suspend: string[] = [];
  readonly returned: string[] = [];
  readonly left: string[] = [];
  readonly gone: string[] = [];
  readonly moves = new Map<string, Move>();
  joined = 0;
  changed = 0;
  absent = 0;
  private readonly unit: readonly string[];
  private readonly suspendsAbsent: boolean;
  private readonly out: ReadonlySet<string>;
  private readonly before: Subjects;
  private readonly read: Subjects;

  constructor({ absent = "end", unit = defaultUnit }: SourceSettings, { subjects, suspended }: Recorded, read: Subjects) {
    this.unit = unit;
    this.suspendsAbsent = absent === "suspend";
    this.out = suspended;
    this.before = subjects;
    this.read = read;
    this.after = new Map(read);
  }

  async compare(): Promise<void> {
    const pace = new Pace();
    for (const [subject, said] of this.read) {
      await pace.step();
      this.seen(subject, this.before.get(subject), said);
    }
    for (const [subject, said] of this.before) {
      await pace.step();
      if (this.read.has(subject)) continue;
      if (said.absent === true) this.vanished(subject, said, this.suspendsAbsent);
      else this.missed(subject, said);
    }
  }

  private seen(subject: string, before: SourcedSubject | undefined, said: SourcedSubject): void {
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(said)) return;
    this.records.set(subject, said);
    if (before === undefined) this.joined++;
    else this.changed++;
    const [was, is] = [before?.status ?? "active", said.status];
    if (is === "left" && before?.status !== "left") this.left.push(subject);
    if (is !== "active" && was === "active") this.suspend.push(subject);
    if (is === "active" && before?.status !== "active" && this.out.has(subject)) this.returned.push(subject);
    if (before !== undefined && is !== "left") this.compareUnits(subject, before, said);
  }

  private compareUnits(subject: string, before: SourcedSubject, said: SourcedSubject): void {
    const [from, to] = [unitOf(before, this.unit), unitOf(said, this.unit)];
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
      (name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]),
    );
    const only = (unit: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
      Object.fromEntries(names.filter((name) => unit[name] !== undefined).map((name) => [name, unit[name]]));
    if (names.length > 0) this.moves.set(subject, { subject, from: only(from), to: only(to) });
  }

  /** Not there for the first time: what was known of it counts for once more. */
  private missed(subject: string, said: SourcedSubject): void {
    const absent = { ...said, absent: true } as const;
    this.absent++;
    this.records.set(subject, absent);
    this.after.set(subject, absent);
  }

  private vanished(subject: string, { status }: SourcedSubject, suspends: boolean): void {
    this.gone.push(subject);
    this.records.set(subject, undefined);
    if (suspends && status === "active") this.suspend.push(subject);
  }
}

function unitOf({ manager, attributes }: SourcedSubject, unit: readonly string[]): Readonly<Record<string, unknown>> {
  const named = unit.filter((name) => Object.hasOwn(attributes, name)).map((name) => [name, attributes[name]]);
  return { ...(manager === undefined ? {} : { manager }), ...Object.fromEntries(named) };
}

/** What of the memberships is to be made and ended; those that people made by hand stay as they are. */
class Memberships {
  readonly changes = new Map<string, MemberChange[]>();
  private readonly pace = new Pace();
  private readonly id: string;
  private readonly grace: number;
  private readonly recorded: Recorded;
  private readonly people: People;
  private readonly now: number;
  private readonly withheld: ReadonlySet<string>;
  private readonly counted = { granted: 0, ended: 0, ending: 0, withheld: 0 };

  constructor(id: string, grace: number, recorded: Recorded, people: People, now: number) {
    this.id = id;
    this.grace = grace;
    this.recorded = recorded;
    this.people = people;
    this.now = now;
    const held = recorded.wishes.filter((wish) => wish.withheld);
    this.withheld = new Set(held.map(({ role, subject }) => keyOf(role, subject)));
  }

  get counts(): Pick<Counts, "granted" | "ended" | "ending" | "withheld"> {
    return this.counted;
  }

  async settle(role: string, wishes: ReadonlyMap<string, string>): Promise<void> {
    const changes: MemberChange[] = [];
    const members: ReadonlyMap<string, Member> = this.recorded.members.get(role) ?? new Map();
    for (const [subject, rule] of wishes) {
      await this.pace.step();
      const change = this.wanted(role, subject, rule, members.get(subject));
      if (change !== undefined) changes.push(change);
    }
    for (const member of members.values()) {
      await this.pace.step();
      if (member.origin !== this.id || wishes.has(member.subject)) continue;
      const change = this.unwanted(member);
      if (change !== undefined) changes.push(change);
    }
    if (changes.length > 0) this.changes.set(role, changes);
  }

  private wanted(role: string, subject: string, rule: string, held: Member | undefined): MemberChange | undefined {
    const stands = held !== undefined && (held.until === undefined || held.until > this.now);
    if (this.withheld.has(keyOf(role, subject))) {
      if (!stands) this.counted.withheld++;
      return undefined;
    }
    // A grace that began ends with the wish's return.
    if (stands && (held.origin !== this.id || held.until === undefined)) return undefined;
    this.counted.granted++;
    return { subject, member: { from: undefined, until: undefined, origin: this.id }, reason: rule };
  }

  private unwanted({ subject, from, until }: Member): MemberChange | undefined {
    const moved = this.people.moves.has(subject) && this.grace > 0;
    const stays = this.people.after.get(subject)?.status ?? "left";
    if (stays !== "left" && until === undefined && moved) {
      this.counted.ending++;
      const member = { from, until: this.now + this.grace, origin: this.id };
      return { subject, member, reason: "the unit changed" };
    }
    if (stays !== "left" && until !== undefined && until > this.now) return undefined;
    this.counted.ended++;
    const reason = stays === "left" ? "has left" : "no rule gives it any more";
    return { subject, member: undefined, reason };
  }
}

type Pairs = Iterable<Pick<Wish, "role" | "subject">>;

function* wishPairs(wishes: ReadonlyMap<string, ReadonlyMap<string, string>>): Pairs {
  for (const [role, held] of wishes) for (const subject of held.keys()) yield { role, subject };
}

/** How many there are of everything that must not melt away; who was not seen the last time does not count again. */
async function measures(subjects: Subjects, wishes: Pairs): Promise<ReadonlyMap<string, number>> {
  const pace = new Pace();
  const counts = new Map<string, number>();
  const add = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  for (const { status, absent, groups, attributes, manager } of subjects.values()) {
    await pace.step();
    if (absent === true || status === "left") continue;
    if (status === "active") add("people");
    for (const group of groups) add(`group:${lower(group)}`);
    for (const name of Object.keys(attributes)) add(`attribute:${name}`);
    if (manager !== undefined) add("attribute:manager");
  }
  for (const { role, subject } of wishes) {
    await pace.step();
    const said = subjects.get(subject);
    if (said !== undefined && said.absent !== true) add(`role:${role}`);
  }
  return counts;
}

function tooMuch(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  { thresholds }: SourceSettings,
): readonly Drop[] {
  const { percent, count, above } = { ...defaults, ...thresholds };
  return [...before]
    .map(([what, had]) => ({ what, before: had, after: after.get(what) ?? 0 }))
    .filter((one) => one.before > above && one.before - one.after > Math.min((one.before * percent) / 100, count))
    .sort((a, b) => byUtf8(a.what, b.what));
}
