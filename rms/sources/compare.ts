// What a source says now against what it said before: what is to be recorded, and what is too much to be believed.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { lower } from "#bundles/rms-data.ts";
import { Pace } from "../store/breath.ts";
import type { Member, MemberChange } from "../store/roles.ts";
import type { SourcedSubject, SourceSettings, Wish } from "../store/sources.ts";
import { wishesOf } from "./wishes.ts";

export type Subjects = ReadonlyMap<string, SourcedSubject>;

/** What is recorded of the source, told in parts: all at once would be most of what a sync needs. */
export interface Recorded {
  /** What the source said. */
  subjects(): AsyncIterable<Subjects>;
  /** What the source wants of a role, and who is a member. */
  role(id: string): Promise<RecordedRole>;
  /** Roles in which the source made or wants memberships. */
  readonly own: readonly string[];
  /** The roles of the domain. */
  readonly roles: ReadonlySet<string>;
  /** Whom a source suspended, this one or another. */
  readonly suspended: ReadonlySet<string>;
}

export interface RecordedRole {
  readonly wishes: readonly Pick<Wish, "subject" | "withheld">[];
  readonly members: readonly Member[];
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
  /** Role → subjects of which the source wants it from now on, or no longer. */
  readonly wished: ReadonlyMap<string, readonly string[]>;
  readonly unwished: ReadonlyMap<string, readonly string[]>;
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
/** Seconds that a mover keeps what the old unit gave. */
export const graceOf = ({ grace = defaultGrace }: SourceSettings): number => grace;
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
  const all = await wishesOf(people.after(), settings.rules ?? []);
  const missingRoles = [...all.keys()].filter((role) => !recorded.roles.has(role)).sort(byUtf8);
  for (const role of missingRoles) all.delete(role);
  const memberships = new Memberships(id, graceOf(settings), people, now);
  for (const role of new Set([...recorded.own, ...all.keys()]))
    await memberships.settle(role, all.get(role) ?? new Map(), await recorded.role(role));
  const { before, now: after } = people.measures;
  return {
    records: people.records,
    wished: memberships.wished,
    unwished: memberships.unwished,
    members: memberships.changes,
    suspend: people.suspend,
    returned: people.returned,
    left: people.left,
    gone: people.gone,
    moves: [...people.moves.values()],
    counts: {
      people: people.count,
      active: people.active,
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
    drops: tooMuch(before, after, settings),
    missingRoles,
  };
}

/** Who came, went and moved. */
class People {
  readonly records = new Map<string, SourcedSubject | undefined>();
  readonly suspend: string[] = [];
  readonly returned: string[] = [];
  readonly left: string[] = [];
  readonly gone: string[] = [];
  readonly moves = new Map<string, Move>();
  /** How much there was of everything that must not melt away, and how much there is. */
  readonly measures = { before: new Measures(), now: new Measures() };
  joined = 0;
  changed = 0;
  active = 0;
  private readonly unit: readonly string[];
  private readonly suspendsAbsent: boolean;
  private readonly recorded: Recorded;
  private readonly read: Subjects;
  /** Not there for the first time. */
  private readonly missing = new Map<string, SourcedSubject>();
  /** Not there the last time. */
  private readonly absentBefore = new Set<string>();

  constructor({ absent = "end", unit = defaultUnit }: SourceSettings, recorded: Recorded, read: Subjects) {
    this.unit = unit;
    this.suspendsAbsent = absent === "suspend";
    this.recorded = recorded;
    this.read = read;
  }

  async compare(): Promise<void> {
    const pace = new Pace();
    const known = new Set<string>();
    for await (const part of this.recorded.subjects())
      for (const [subject, before] of part) {
        await pace.step();
        this.measures.before.add(before);
        if (before.absent === true) this.absentBefore.add(subject);
        const said = this.read.get(subject);
        if (said !== undefined) {
          known.add(subject);
          this.seen(subject, before, said);
        } else if (before.absent === true) this.vanished(subject, before);
        else this.missed(subject, before);
      }
    for (const [subject, said] of this.read) {
      await pace.step();
      this.measures.now.add(said);
      if (said.status === "active") this.active++;
      if (!known.has(subject)) this.seen(subject, undefined, said);
    }
  }

  /** All of whom the source says something from now on. */
  *after(): Generator<readonly [string, SourcedSubject]> {
    yield* this.read;
    yield* this.missing;
  }

  statusOf(subject: string): SourcedSubject["status"] | undefined {
    return (this.read.get(subject) ?? this.missing.get(subject))?.status;
  }

  /** Who was not seen the last time does not count again. */
  wasThere(subject: string): boolean {
    return !this.absentBefore.has(subject);
  }

  isThere(subject: string): boolean {
    return this.read.has(subject);
  }

  get count(): number {
    return this.read.size + this.missing.size;
  }

  get absent(): number {
    return this.missing.size;
  }

  private seen(subject: string, before: SourcedSubject | undefined, said: SourcedSubject): void {
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(said)) return;
    this.records.set(subject, said);
    if (before === undefined) this.joined++;
    else this.changed++;
    const [was, is] = [before?.status ?? "active", said.status];
    if (is === "left" && before?.status !== "left") this.left.push(subject);
    if (is !== "active" && was === "active") this.suspend.push(subject);
    if (is === "active" && before?.status !== "active" && this.recorded.suspended.has(subject)) this.returned.push(subject);
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
    this.records.set(subject, absent);
    this.missing.set(subject, absent);
    if (said.status === "active") this.active++;
  }

  private vanished(subject: string, { status }: SourcedSubject): void {
    this.gone.push(subject);
    this.records.set(subject, undefined);
    if (this.suspendsAbsent && status === "active") this.suspend.push(subject);
  }
}

function unitOf({ manager, attributes }: SourcedSubject, unit: readonly string[]): Readonly<Record<string, unknown>> {
  const named = unit.filter((name) => Object.hasOwn(attributes, name)).map((name) => [name, attributes[name]]);
  return { ...(manager === undefined ? {} : { manager }), ...Object.fromEntries(named) };
}

/** What of the memberships is to be made and ended; those that people made by hand stay as they are. */
class Memberships {
  readonly changes = new Map<string, readonly MemberChange[]>();
  readonly wished = new Map<string, readonly string[]>();
  readonly unwished = new Map<string, readonly string[]>();
  readonly counts = { granted: 0, ended: 0, ending: 0, withheld: 0 };
  private readonly pace = new Pace();
  private readonly id: string;
  private readonly grace: number;
  private readonly people: People;
  private readonly now: number;
  /** One for all that are made. */
  private readonly made: NonNullable<MemberChange["member"]>;

  constructor(id: string, grace: number, people: People, now: number) {
    this.id = id;
    this.grace = grace;
    this.people = people;
    this.now = now;
    this.made = { from: undefined, until: undefined, origin: id };
  }

  async settle(role: string, wishes: ReadonlyMap<string, string>, recorded: RecordedRole): Promise<void> {
    const { before, now } = this.people.measures;
    const wanted = new Map<string, boolean>();
    for (const { subject, withheld } of recorded.wishes) {
      await this.pace.step();
      wanted.set(subject, withheld);
      if (this.people.wasThere(subject)) before.count(`role:${role}`);
    }
    const members = new Map(recorded.members.map((member) => [member.subject, member]));
    const changes: MemberChange[] = [];
    const wished: string[] = [];
    for (const [subject, rule] of wishes) {
      await this.pace.step();
      if (this.people.isThere(subject)) now.count(`role:${role}`);
      const withheld = wanted.get(subject);
      if (withheld === undefined) wished.push(subject);
      const change = this.wanted(subject, rule, members.get(subject), withheld === true);
      if (change !== undefined) changes.push(change);
    }
    for (const member of recorded.members) {
      await this.pace.step();
      if (member.origin !== this.id || wishes.has(member.subject)) continue;
      const change = this.unwanted(member);
      if (change !== undefined) changes.push(change);
    }
    const unwished = [...wanted.keys()].filter((subject) => !wishes.has(subject));
    if (changes.length > 0) this.changes.set(role, changes);
    if (wished.length > 0) this.wished.set(role, wished);
    if (unwished.length > 0) this.unwished.set(role, unwished);
  }

  private wanted(subject: string, rule: string, held: Member | undefined, withheld: boolean): MemberChange | undefined {
    const stands = held !== undefined && (held.until === undefined || held.until > this.now);
    if (withheld) {
      if (!stands) this.counts.withheld++;
      return undefined;
    }
    // A grace that began ends with the wish's return.
    if (stands && (held.origin !== this.id || held.until === undefined)) return undefined;
    this.counts.granted++;
    return { subject, member: this.made, reason: rule };
  }

  private unwanted({ subject, from, until }: Member): MemberChange | undefined {
    const moved = this.people.moves.has(subject) && this.grace > 0;
    const stays = this.people.statusOf(subject) ?? "left";
    if (stays !== "left" && until === undefined && moved) {
      this.counts.ending++;
      const member = { from, until: this.now + this.grace, origin: this.id };
      return { subject, member, reason: "the unit changed" };
    }
    if (stays !== "left" && until !== undefined && until > this.now) return undefined;
    this.counts.ended++;
    const reason = stays === "left" ? "has left" : "no rule gives it any more";
    return { subject, member: undefined, reason };
  }
}

/** How many there are of everything that must not melt away. */
class Measures {
  readonly counts = new Map<string, number>();

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Who was not seen the last time, or has left, does not count. */
  add({ status, absent, groups, attributes, manager }: SourcedSubject): void {
    if (absent === true || status === "left") return;
    if (status === "active") this.count("people");
    for (const group of groups) this.count(`group:${lower(group)}`);
    for (const name of Object.keys(attributes)) this.count(`attribute:${name}`);
    if (manager !== undefined) this.count("attribute:manager");
  }
}

function tooMuch(before: Measures, after: Measures, { thresholds }: SourceSettings): readonly Drop[] {
  const { percent, count, above } = { ...defaults, ...thresholds };
  return [...before.counts]
    .map(([what, had]) => ({ what, before: had, after: after.counts.get(what) ?? 0 }))
    .filter((one) => one.before > above && one.before - one.after > Math.min((one.before * percent) / 100, count))
    .sort((a, b) => byUtf8(a.what, b.what));
}
