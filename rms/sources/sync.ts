// One sync of a source: read all, compare with what is recorded, refuse what cannot be believed, record the rest in one transaction.
import { createHash } from "node:crypto";
import { appendAudit } from "../store/audit-log.ts";
import { breath, Pace } from "../store/breath.ts";
import type { MemberChange } from "../store/roles.ts";
import { maxAgeOf, type RunResult, type Source, type SourceRun, type Wish } from "../store/sources.ts";
import type { Reads, Store, Transaction } from "../store/store.ts";
import { compare, type Plan, type Recorded, type Subjects } from "./compare.ts";
import { SourceFault } from "./fault.ts";
import { giveBack } from "./give-back.ts";
import type { Grant } from "./grants.ts";
import { readSubjects } from "./read.ts";
import { openReview } from "./reviews.ts";

/** What a sync is done with. */
export interface SyncHost {
  readonly store: Store;
  readonly grants: readonly Grant[];
  now(): Date;
  /** True where the domain wants a second person for what one alone could do wrong. */
  fourEyes(reads: Reads, domain: string): Promise<boolean>;
}

/** Who wants a sync, and how. */
export interface SyncRequest {
  readonly domain: string;
  readonly id: string;
  readonly actor: string;
  readonly reason: string;
  /** Take what comes, however much less it is. */
  readonly force: boolean;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface SyncOutcome {
  readonly run: SourceRun;
  /** Something was recorded that bundles have. */
  readonly changed: boolean;
  /** The bundles' stamp grew old for the source. */
  readonly restamp: boolean;
}

/** Subjects of which one write has part. */
const stretch = 1000;

const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);

/** What a read came to. */
export interface Reading {
  readonly subjects: Subjects;
  readonly digest: string;
  /** Seconds since 1970: when it began. */
  readonly at: number;
}

/** Reads all that the source has; throws a SourceFault when any of it cannot be had. */
export async function read(host: SyncHost, domain: string, source: Source, signal: AbortSignal): Promise<Reading> {
  const at = secondsOf(host.now());
  const subjects = await readSubjects(host.grants, domain, source.settings, signal);
  return { subjects, at, digest: await digestOf(subjects) };
}

async function digestOf(subjects: Subjects): Promise<string> {
  const hash = createHash("sha256");
  const pace = new Pace();
  for (const id of [...subjects.keys()].sort()) {
    await pace.step();
    hash.update(`${JSON.stringify([id, subjects.get(id)])}\n`);
  }
  return hash.digest("hex");
}

/** What the reading would change. */
export async function planned(reads: Reads, domain: string, source: Source, { subjects, at }: Reading): Promise<Plan> {
  return compare(source.id, source.settings, await recordedOf(reads, domain, source.id), subjects, at);
}

/** In parts: others are answered meanwhile, and a change that comes between shows in the snapshot. */
async function recordedOf(reads: Reads, domain: string, id: string): Promise<Recorded> {
  const pace = new Pace(20);
  return {
    subjects: () => subjectsNow(reads, domain, id),
    role: async (role) => {
      await pace.step();
      giveBack();
      return { wishes: await reads.sources.wishes(domain, id, role), members: await reads.roles.members(domain, role) };
    },
    own: await reads.sources.rolesOf(domain, id),
    roles: new Set((await reads.roles.list(domain)).map((role) => role.id)),
    suspended: await reads.roles.suspendedBySources(domain),
  };
}

async function* subjectsNow({ sources }: Pick<Reads, "sources">, domain: string, id: string): AsyncGenerator<Subjects> {
  for (let after: string | undefined = ""; after !== undefined; ) {
    await breath();
    const part: Subjects = await sources.subjects(domain, id, { after, limit: 5 * stretch });
    yield part;
    giveBack();
    after = part.size < 5 * stretch ? undefined : [...part.keys()].at(-1);
  }
}

/** Why what was read is not taken; undefined when it is. */
export function refusal({ drops }: Pick<Plan, "drops">, subjects: Subjects, force: boolean): string | undefined {
  if (subjects.size === 0) return "the source has no rows at all, which is never taken";
  if (force || drops.length === 0) return undefined;
  const [first, ...more] = drops.map(({ what, before, after }) => `${what} from ${before} to ${after}`);
  return `too much is gone at once: ${first}${more.length === 0 ? "" : `, and ${more.length} more`}`;
}

/** Runs the sync and records how it ended. Undefined where the source was changed or ended meanwhile, or the server ends: nothing is recorded then. */
export async function runSync(host: SyncHost, request: SyncRequest): Promise<SyncOutcome | undefined> {
  const { domain, id, signal } = request;
  const source = await host.store.sources.get(domain, id);
  if (source === undefined) return undefined;
  const began = secondsOf(host.now());
  let reading: Reading;
  try {
    reading = await read(host, domain, source, signal);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    // The server ends: nothing is wrong with the source.
    if (signal.aborted) return undefined;
    const run = { ...about(request, began), result: "failed", message: error.message, digest: "" } as const;
    const kept = await host.store.transaction((tx) => addRun(tx, host, request, run));
    return { run: kept, changed: false, restamp: false };
  }
  giveBack();
  // Others wait for as long as the transaction takes: what can be known before is worked out before, and again if facts changed since.
  const seen = await host.store.domains.get(domain);
  let plan = await planned(host.store, domain, source, reading);
  return host.store.transaction(async (tx) => {
    const standing = await tx.sources.get(domain, id);
    const owner = await tx.domains.get(domain);
    // With other settings it is another sync, which a schedule begins at once.
    if (owner === undefined || owner.state === "retired" || !isSame(standing, source)) return undefined;
    if (owner.snapshot !== seen?.snapshot) plan = await planned(tx, domain, source, reading);
    return settle(tx, host, request, source, reading, plan);
  });
}

/** A clock that stood still or went back does not hide other settings. */
function isSame(standing: Source | undefined, source: Source): boolean {
  return standing?.at === source.at && JSON.stringify(standing.settings) === JSON.stringify(source.settings);
}

type NewRun = Omit<SourceRun, "number" | "ended">;

function about({ actor, reason }: SyncRequest, at: number): Pick<NewRun, "at" | "actor" | "reason" | "consent" | "delta"> {
  return { at, actor, reason, consent: undefined, delta: {} };
}

async function settle(
  tx: Transaction,
  host: SyncHost,
  request: SyncRequest,
  source: Source,
  reading: Reading,
  plan: Plan,
): Promise<SyncOutcome> {
  const { domain, id, actor, force } = request;
  const { counts, drops, missingRoles } = plan;
  const { digest, at } = reading;
  const delta = {
    counts,
    ...(drops.length === 0 ? {} : { drops: drops.slice(0, 100) }),
    ...(missingRoles.length === 0 ? {} : { missingRoles: missingRoles.slice(0, 100) }),
  };
  const run = { ...about(request, at), digest, delta };
  const isForced = force && drops.length > 0;
  const never = refusal(plan, reading.subjects, force);
  const alone =
    never === undefined && isForced && (await host.fourEyes(tx, domain)) && !(await secondPerson(tx, request, digest));
  const why = alone ? `${actor} wants it forced; a second person must want it, too` : never;
  if (why !== undefined) {
    const before = await tx.sources.lastRun(domain, id);
    const refused = { ...run, result: "refused", message: why, consent: alone ? actor : undefined } as const;
    const kept = await addRun(tx, host, request, refused);
    // A schedule that meets the same again and again says so once.
    if (before?.result !== "refused" || before.digest !== digest || alone)
      await event(tx, host, request, "source.refuse", `sources/${id}`, { run: kept.number, digest, by: actor, why });
    return { run: kept, changed: false, restamp: false };
  }
  const changed = await recordPlan(tx, host, request, source, plan);
  const result: RunResult = changed ? "changed" : "unchanged";
  const kept = await addRun(tx, host, request, { ...run, result, message: "" });
  if (changed) {
    await tx.domains.factsChanged(domain, host.now().getTime() * 1000);
    await event(tx, host, request, isForced ? "source.force" : "source.sync", `sources/${id}`, {
      run: kept.number,
      digest,
      by: actor,
      counts,
      ...(isForced ? { drops: delta.drops } : {}),
    });
  }
  const restamp = !changed && (await isStampOld(tx, domain, source, at));
  if (restamp) await tx.builds.dropStamp(domain);
  return { run: kept, changed, restamp };
}

/** True when somebody else already wanted the same data forced. */
async function secondPerson(tx: Transaction, { domain, id, actor }: SyncRequest, digest: string): Promise<boolean> {
  const before = await tx.sources.lastRun(domain, id);
  const consent = before?.result === "refused" && before.digest === digest ? before.consent : undefined;
  return consent !== undefined && consent !== actor;
}

/** True when the bundles still say of the source what is a third of its age behind. */
async function isStampOld(tx: Transaction, domain: string, { id, settings }: Source, at: number): Promise<boolean> {
  const stamp = await tx.builds.stamp(domain);
  if (stamp === undefined) return false;
  const said = stamp.sources[id];
  return said === undefined || at < said.asOf || at - said.asOf >= maxAgeOf(settings) / 3;
}

async function addRun(tx: Transaction, host: SyncHost, { domain, id }: SyncRequest, run: NewRun): Promise<SourceRun> {
  return tx.sources.addRun(domain, id, { ...run, ended: secondsOf(host.now()) });
}

function event(
  tx: Transaction,
  host: SyncHost,
  { domain, id, reason, requestId }: SyncRequest,
  action: string,
  object: string,
  detail: unknown,
): Promise<void> {
  const entry = { actor: `source:${id}`, action, domain, object: `${domain}/${object}`, requestId, reason, detail };
  return appendAudit(tx, entry, host.now());
}

/** Records all of the plan; false when there was nothing to record. */
async function recordPlan(tx: Transaction, host: SyncHost, request: SyncRequest, source: Source, plan: Plan): Promise<boolean> {
  const { domain, id } = request;
  const at = host.now().getTime() * 1000;
  const actor = `source:${id}`;
  const { records, wished, unwished, members, suspend, left, gone, moves } = plan;
  for (const part of parts(records)) {
    await breath();
    giveBack();
    await tx.sources.record(domain, id, new Map(part), at);
  }
  for (const part of parts(wishPairs(wished))) {
    await breath();
    await tx.sources.wish(domain, id, part);
  }
  for (const part of parts(wishPairs(unwished))) {
    await breath();
    await tx.sources.unwish(domain, id, part);
  }
  for (const [role, changes] of members) {
    // SQLite writes neighbours several times as fast.
    giveBack();
    const sorted = [...(await handedOver(tx, request, role, changes))].sort((a, b) => (a.subject < b.subject ? -1 : 1));
    for (const part of parts(sorted)) {
      await breath();
      await tx.roles.changeMembers(domain, role, part, { at, actor }, true);
    }
  }
  const suspended: string[] = [];
  for (const subject of suspend) {
    if (await tx.roles.isSuspended(domain, subject)) continue;
    await tx.roles.suspend(domain, subject, { at, actor, reason: `the source ${id} says so` }, id);
    suspended.push(subject);
  }
  const returned = await returning(tx, request, plan);
  for (const subject of returned) await tx.roles.restore(domain, subject, { at, actor, reason: "" });
  for (const [action, subjects] of Object.entries({
    "subject.left": left,
    "subject.gone": gone,
    "subject.suspend": suspended,
    "subject.restore": returned,
  }))
    for (const subject of subjects) await event(tx, host, request, action, `subjects/${subject}`, { source: id });
  for (const move of moves) {
    const { subject, from, to } = move;
    await event(tx, host, request, "subject.move", `subjects/${subject}`, { source: id, from, to });
    await openReview(tx, { domain, requestId: request.requestId, now: host.now() }, source, move);
  }
  return records.size + wished.size + unwished.size + members.size > 0;
}

function* wishPairs(wishes: Plan["wished"]): Generator<Pick<Wish, "role" | "subject">> {
  for (const [role, subjects] of wishes) for (const subject of subjects) yield { role, subject };
}

function* parts<Item>(items: Iterable<Item>): Generator<readonly Item[]> {
  let part: Item[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < stretch) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** What this source gives up and another one wants becomes the other one's. */
async function handedOver(
  tx: Transaction,
  { domain, id }: SyncRequest,
  role: string,
  changes: readonly MemberChange[],
): Promise<readonly MemberChange[]> {
  const out: MemberChange[] = [];
  for (const change of changes) {
    const stays = change.member !== undefined && change.member.until === undefined;
    const other = stays ? undefined : await tx.sources.otherWisher(domain, id, role, change.subject);
    if (other === undefined) out.push(change);
    else
      out.push({
        ...change,
        member: { from: undefined, until: undefined, origin: other },
        reason: `the source ${other} gives it`,
      });
  }
  return out;
}

/** Whom a source suspended is free again when no source says otherwise any more. */
async function returning(tx: Transaction, { domain }: SyncRequest, { returned }: Plan): Promise<readonly string[]> {
  const free: string[] = [];
  for (const subject of returned) {
    const said = await tx.sources.sayings(domain, subject);
    if ([...said.values()].every(({ status }) => status === "active")) free.push(subject);
  }
  return free;
}
