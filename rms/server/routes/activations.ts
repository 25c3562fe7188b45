// Which sidecar runs what, how far each channel's last change has come, and what one instance ran before.
import { byUtf8 } from "#bundles/canonical-json.ts";
import type { Activation } from "../../store/activations.ts";
import type { Reads } from "../../store/store.ts";
import type { Answer } from "../http/answer.ts";
import { pageOfComputed } from "../http/paging.ts";
import { notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { micros, microsText, seconds, timeText } from "../times.ts";
import { foundPolicy, policyPath } from "./domains.ts";

/** Seconds without a status after which an instance counts as gone. */
export const goneAfter = 300;
/** Runs of the past that an answer has, the newest first. */
const shownRuns = 500;

interface Standing {
  readonly state: "active" | "lagging" | "failed" | "gone";
  readonly lagSeconds?: number;
}

/** What an address serves, and since when (microseconds). */
interface Head {
  readonly revision: string;
  readonly at: number;
}

async function headOf({ builds }: Reads, address: string): Promise<Head | undefined> {
  const served = await builds.lastServed(address);
  return served === undefined ? undefined : { revision: served.revision, at: served.servedAt || served.at * 1_000_000 };
}

/** What each channel of a policy serves. */
async function channelHeads(reads: Reads, domain: string, policy: string): Promise<ReadonlyMap<string, Head>> {
  const heads = new Map<string, Head>();
  for (const { id } of await reads.channels.list(domain, policy)) {
    const head = await headOf(reads, `${domain}/${policy}/${id}`);
    if (head !== undefined) heads.set(id, head);
  }
  return heads;
}

/** An instance that names no channel of the policy lags when no channel serves what it runs. */
function standingOf(one: Activation, heads: ReadonlyMap<string, Head>, now: Date): Standing {
  if (seconds(now) - one.lastSeen > goneAfter) return { state: "gone" };
  if (one.error !== undefined) return { state: "failed" };
  const label = one.labels["channel"];
  const own = label === undefined ? undefined : heads.get(label);
  if (own === undefined && label !== undefined) return { state: "active" };
  const wanted = own === undefined ? [...heads.values()] : [own];
  if (wanted.length === 0 || wanted.some(({ revision }) => revision === one.revision)) return { state: "active" };
  const newest = Math.max(...wanted.map(({ at }) => at));
  return { state: "lagging", lagSeconds: Math.max(0, Math.floor((micros(now) - newest) / 1_000_000)) };
}

interface Item extends Standing, Omit<Activation, "domain" | "lastSeen" | "error" | "since"> {
  readonly lastSeen: string;
  readonly error?: string;
}

function itemOf(one: Activation, standing: Standing): Item {
  return {
    instance: one.instance,
    bundle: one.bundle,
    revision: one.revision,
    labels: one.labels,
    opaVersion: one.opaVersion,
    activatedAt: one.activatedAt,
    lastSeen: timeText(one.lastSeen),
    ...standing,
    ...(one.error === undefined ? {} : { error: one.error }),
  };
}

async function activations(call: Call): Promise<Answer> {
  const { domain, id } = await foundPolicy(call);
  const [revision, channel, state] = ["revision", "channel", "state"].map((name) => call.query.get(name));
  const heads = await channelHeads(call.reads, domain, id);
  const now = call.rms.now();
  const all = (await call.reads.activations.list(domain, `${domain}/${id}`)).map((one): Seen => {
    return { one, standing: standingOf(one, heads, now) };
  });
  const found = all.filter(
    ({ one, standing }) =>
      (revision === null || one.revision === revision) &&
      (channel === null || one.labels["channel"] === channel) &&
      (state === null || standing.state === state),
  );
  const channels = [...heads]
    .filter(([name]) => channel === null || name === channel)
    .map(([name, head]) => rolloutOf(name, head, all));
  const { body, ...answer } = await pageOfComputed(
    call.query,
    1,
    ({ instance }: Item) => [instance],
    async ({ after: [last] = [], limit }) =>
      found
        .filter(({ one }) => last === undefined || byUtf8(one.instance, last) > 0)
        .slice(0, limit)
        .map(({ one, standing }) => itemOf(one, standing)),
  );
  return { ...answer, body: { ...(body as object), counts: countsOf(found), channels } };
}

interface Seen {
  readonly one: Activation;
  readonly standing: Standing;
}

function countsOf(seen: readonly Seen[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { standing } of seen) counts[standing.state] = (counts[standing.state] ?? 0) + 1;
  return counts;
}

/** How far a channel's present build has come among the instances that name the channel and are not gone. */
function rolloutOf(channel: string, head: Head, all: readonly Seen[]): Readonly<Record<string, unknown>> {
  const own = all.filter(({ one }) => one.labels["channel"] === channel);
  const living = own.filter(({ standing }) => standing.state !== "gone");
  const running = living.filter(({ one }) => one.revision === head.revision);
  const times = running.map(({ one }) => Math.max(0, one.since - head.at)).sort((a, b) => a - b);
  const share = (part: number): number => Math.round((times[Math.ceil(times.length * part) - 1] ?? 0) / 1000) / 1000;
  const state =
    living.length === 0
      ? "idle"
      : living.some((one) => one.standing.state === "failed")
        ? "failed"
        : running.length === living.length
          ? "active"
          : "rolling";
  return {
    channel,
    revision: head.revision,
    state,
    since: microsText(head.at),
    counts: countsOf(own),
    ...(times.length === 0 ? {} : { p50Seconds: share(0.5), p95Seconds: share(0.95) }),
  };
}

/** One instance, and from when it ran what. */
async function activation(call: Call): Promise<Answer> {
  const { domain, id } = await foundPolicy(call);
  const bundle = `${domain}/${id}`;
  const one = await call.reads.activations.get(domain, bundle, param(call, "instance"));
  if (one === undefined) throw notFound();
  const standing = standingOf(one, await channelHeads(call.reads, domain, id), call.rms.now());
  const runs = await call.reads.activations.runs(domain, bundle, one.instance, shownRuns);
  const history = runs.map(({ revision, at }) => ({ revision, at: microsText(at) }));
  return { status: 200, body: { ...itemOf(one, standing), history } };
}

export const activationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${policyPath}/activations`,
    scope: "read",
    summary: "Which instance runs which revision, and how far the last change of each channel has come",
    handle: activations,
  },
  {
    method: "GET",
    path: `${policyPath}/activations/:instance`,
    scope: "read",
    summary: "One instance, and what it ran since when",
    handle: activation,
  },
];
