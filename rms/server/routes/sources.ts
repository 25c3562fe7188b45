// Sources of people: their settings, a look at what they would change, syncs by hand, and what became of each.
import { setTimeout } from "node:timers/promises";
import type { Plan } from "../../sources/compare.ts";
import { SourceFault } from "../../sources/fault.ts";
import { settingsFault } from "../../sources/settings.ts";
import { planned, type Reading, refusal, type SyncOutcome } from "../../sources/sync.ts";
import { type Freshness, maxAgeOf, type Source, type SourceRun, type SourceSettings } from "../../store/sources.ts";
import type { Reads } from "../../store/store.ts";
import type { Answer } from "../http/answer.ts";
import { page, pageByNumber } from "../http/paging.ts";
import { conflict, invalid, notFound, Problem } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { type Body, bodyOf, optionalText, optionalTruth, reasonOf } from "../http/shape.ts";
import { isDryRun } from "../http/write.ts";
import { sourcesHost } from "../sources-host.ts";
import { microsText, timeText } from "../times.ts";
import { domainPath, foundDomain, livingDomain } from "./domains.ts";
import { changeFacts, diffOf } from "./facts.ts";

const sourcePath = `${domainPath}/sources/:source`;
/** Rows that a test shows. */
const shownRows = 20;
/** Milliseconds that reading for a test may take: its caller waits. */
const testMs = 25_000;
/** Milliseconds that a sync's caller waits for its end. */
const waitMs = 20_000;

async function foundSource(call: Call, reads: Reads = call.reads): Promise<Source & { readonly domain: string }> {
  const { id: domain } = await foundDomain(call, reads);
  const source = await reads.sources.get(domain, param(call, "source"));
  if (source === undefined) throw notFound();
  return { ...source, domain };
}

/** The settings in a body whose shape was checked; 422 for those that make no sense. */
function settingsOf(call: Call, body: Body, at = ""): SourceSettings {
  const { reason: _reason, ...given } = body;
  const settings = given as unknown as SourceSettings;
  const fault = settingsFault(settings, call.rms.sources.grants, param(call, "domain"));
  if (fault === undefined) return settings;
  const pointer = `${at}${fault.pointer}`;
  throw invalid(`The body's ${pointer} ${fault.message}.`, [{ pointer, code: "rms_source", message: fault.message }]);
}

const idPattern = /^[a-z][a-z0-9-]{0,62}$/;

function putSource(call: Call): Promise<Answer> {
  const id = param(call, "source");
  return changeFacts(call, async (tx, by) => {
    if (!idPattern.test(id)) throw invalid(`${JSON.stringify(id)} is no id of a source: those are as the ids of domains.`);
    const { id: domain } = await livingDomain(call, tx);
    const settings = settingsOf(call, bodyOf(call));
    const before = await tx.sources.get(domain, id);
    const status = before === undefined ? 201 : 200;
    const diff = diffOf(call, before?.settings, settings);
    if (before !== undefined && JSON.stringify(before.settings) === JSON.stringify(settings))
      return { answer: { status, body: { ...(await sourceItem(tx, domain, before)), ...diff } } };
    const reason = reasonOf(call);
    await tx.sources.put(domain, id, settings, by(reason));
    const after = (await tx.sources.get(domain, id))!;
    const answer = { status, body: { ...(await sourceItem(tx, domain, after)), ...diff } };
    return { answer, event: { action: "source.put", object: `sources/${id}`, reason, detail: settings } };
  });
}

function deleteSource(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx, by) => {
    const { id, domain, settings } = await foundSource(call, tx);
    const reason = reasonOf(call);
    const ended = await tx.sources.end(domain, id, by(reason));
    return {
      answer: { status: 204, ...(isDryRun(call) ? { body: diffOf(call, { settings, memberships: ended }, null) } : {}) },
      event: { action: "source.delete", object: `sources/${id}`, reason, detail: { memberships: ended } },
    };
  });
}

/** Reads the source as it is, or as the body has it, and tells what a sync would do. */
async function testSource(call: Call): Promise<Answer> {
  const { id: domain } = await foundDomain(call);
  const id = param(call, "source");
  const given = bodyOf(call)["source"] as Body | undefined;
  const standing = await call.reads.sources.get(domain, id);
  if (given === undefined && standing === undefined) throw notFound();
  const settings = given === undefined ? standing!.settings : settingsOf(call, given, "/source");
  const source = { id, settings, at: standing?.at ?? 0, actor: "" };
  const reading = await readNow(call, domain, source);
  const plan = await planned(call.reads, domain, source, reading);
  const refused = refusal(plan, reading.subjects, false);
  return {
    status: 200,
    body: {
      source: id,
      ...deltaOf(plan),
      ...(refused === undefined ? {} : { refused }),
      rows: shownOf(reading, plan).map(([subject, said]) => ({ subject, ...said })),
      members: [...plan.members].flatMap(([role, changes]) =>
        changes.slice(0, shownRows).map(({ subject, member, reason }) => ({
          role,
          subject,
          change: member === undefined ? "ends" : member.until === undefined ? "begins" : "ends later",
          reason,
        })),
      ),
    },
  };
}

async function readNow(call: Call, domain: string, source: Source): Promise<Reading> {
  try {
    const bounded = AbortSignal.any([call.closed, AbortSignal.timeout(testMs)]);
    return await call.rms.sources.read(sourcesHost(call.rms), domain, source, bounded);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    throw new Problem(502, "source", "The source cannot be read", `${error.message}.`);
  }
}

function deltaOf({ counts, drops, missingRoles }: Plan): Readonly<Record<string, unknown>> {
  return { counts, drops: drops.slice(0, 100), missingRoles: missingRoles.slice(0, 100) };
}

/** What would change first, then the others. */
function shownOf({ subjects }: Reading, { records }: Plan): readonly (readonly [string, object])[] {
  const changed = [...subjects].filter(([subject]) => records.has(subject));
  const others = [...subjects].filter(([subject]) => !records.has(subject));
  return [...changed, ...others].slice(0, shownRows);
}

async function syncSource(call: Call): Promise<Answer> {
  const { domain, id } = await foundSource(call);
  await livingDomain(call, call.reads);
  const body = bodyOf(call);
  const force = optionalTruth(body, "force") ?? false;
  const reason = optionalText(body, "reason") ?? "";
  if (force && reason === "") throw invalid("A forced sync needs a reason.");
  if (call.rms.sources.isRunning(domain, id)) throw conflict("A sync of this source is under way.");
  const { subject: actor } = call.principal;
  const { requestId } = call;
  const done = call.rms.sources.sync(sourcesHost(call.rms), { domain, id, actor, reason, force, requestId });
  // Whoever waits no longer is not the end of the sync.
  done.catch((error: unknown) => call.rms.log("sync failed", { domain, source: id, error: String(error) }));
  const late = new AbortController();
  const outcome = await Promise.race([done, setTimeout<"late">(waitMs, "late", { signal: late.signal })]);
  late.abort();
  if (outcome === "late") return { status: 202, body: { source: id, running: true } };
  return ended(id, outcome);
}

function ended(id: string, outcome: SyncOutcome | undefined): Answer {
  if (outcome === undefined) throw conflict("The source was changed or ended meanwhile, or the server stops: nothing was taken.");
  return { status: 200, body: { source: id, running: false, run: runItem(outcome.run) } };
}

function runItem({
  number,
  at,
  ended: until,
  result,
  actor,
  reason,
  message,
  consent,
  delta,
}: SourceRun): Readonly<Record<string, unknown>> {
  return {
    run: number,
    at: timeText(at),
    ended: timeText(until),
    result,
    actor,
    reason,
    ...(message === "" ? {} : { message }),
    ...(consent === undefined ? {} : { consent }),
    ...(delta as Readonly<Record<string, unknown>>),
  };
}

/** A source in answers: its settings, its last run, and how old what it says is. */
async function sourceItem(
  reads: Reads,
  domain: string,
  { id, settings, at, actor }: Source,
): Promise<Readonly<Record<string, unknown>>> {
  const last = await reads.sources.lastRun(domain, id);
  const good = await reads.sources.lastGoodRun(domain, id);
  const fresh: Pick<Freshness, "asOf" | "freshUntil"> | undefined =
    good === undefined ? undefined : { asOf: good.at, freshUntil: good.at + maxAgeOf(settings) };
  return {
    id,
    settings,
    since: microsText(at),
    by: actor,
    ...(last === undefined ? {} : { lastRun: runItem(last) }),
    ...(fresh === undefined ? {} : { asOf: timeText(fresh.asOf), freshUntil: timeText(fresh.freshUntil) }),
  };
}

export const sourceRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/sources`,
    scope: "read",
    summary: "The sources of people of a domain",
    handle: async (call) => {
      const { id: domain } = await foundDomain(call);
      return page(call.query, {
        read: (part) => call.reads.sources.list(domain, part),
        key: ({ id }) => id,
        show: (source) => sourceItem(call.reads, domain, source),
      });
    },
  },
  {
    method: "GET",
    path: sourcePath,
    scope: "read",
    summary: "One source, with its last run and how fresh it is",
    handle: async (call) => {
      const { domain, ...source } = await foundSource(call);
      return { status: 200, body: await sourceItem(call.reads, domain, source) };
    },
  },
  { method: "PUT", path: sourcePath, scope: "sources:write", summary: "Set a source as a whole", handle: putSource },
  {
    method: "DELETE",
    path: sourcePath,
    scope: "sources:write",
    summary: "End a source, what it said and the memberships that it made; whom it suspended stays suspended",
    handle: deleteSource,
  },
  {
    method: "POST",
    path: `${sourcePath}/test`,
    scope: "sources:write",
    summary: "Read a source and tell what a sync would change; nothing is written",
    handle: testSource,
  },
  {
    method: "POST",
    path: `${sourcePath}/sync`,
    scope: "sources:write",
    summary: "Sync a source now; 202 when that takes longer than a call",
    handle: syncSource,
  },
  {
    method: "GET",
    path: `${sourcePath}/runs`,
    scope: "read",
    summary: "What became of each sync, the newest first",
    handle: async (call) => {
      const { domain, id } = await foundSource(call);
      return pageByNumber(call.query, {
        read: (part) => call.reads.sources.runs(domain, id, part),
        key: ({ number }) => number,
        show: runItem,
      });
    },
  },
];
