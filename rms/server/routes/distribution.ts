// What OPA sidecars call: bundles with long polls, status and decision logs. Shapes are OPA's, not ours.
import type { Activation } from "../../store/activations.ts";
import { breath } from "../../store/breath.ts";
import type { Transaction } from "../../store/store.ts";
import { seesDomain, seesPolicy } from "../access.ts";
import type { Answer } from "../http/answer.ts";
import { hostileJson } from "../http/body.ts";
import { notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import type { Served } from "../serving.ts";
import { micros, seconds } from "../times.ts";

const longPollType = "application/vnd.openpolicyagent.bundles";
const mebibyte = 1024 * 1024;
/** Open long polls of one domain; what comes on top is held for a second only, and told so by its type. */
const maxPolls = 1000;

interface Poll {
  readonly domain: string;
  readonly policy: string;
  readonly selector: string;
  /** Without the domain's data. */
  readonly bare: boolean;
  /** Seconds that the sidecar would wait for news; 0 for an answer at once. */
  readonly wait: number;
}

function bundle(call: Call): Answer | Promise<Answer> {
  const [domain, policy, selector] = [param(call, "domain"), param(call, "policy"), param(call, "selector")];
  if (!seesPolicy(call.principal, policy)) throw notFound();
  const { prefer } = call.headers;
  const wait = prefer === undefined ? 0 : Number(/(?:^|[;,\s])wait=(\d+)/.exec(String(prefer))?.[1] ?? 0);
  const poll: Poll = { domain, policy, selector, bare: call.query.get("data") === "none", wait };
  // Most polls want no news and are answered from what is at hand.
  const now = wait === 0 ? call.rms.serving.known(seconds(call.rms.now()), domain, policy, selector, poll.bare) : undefined;
  return now === undefined ? held(call, poll) : answerOf(now, hasTag(call, now), false);
}

/** Answers with news, or when the time is over without any. */
async function held(call: Call, { domain, policy, selector, bare, wait }: Poll): Promise<Answer> {
  const { rms } = call;
  const long = wait > 0 && rms.waiters.openOf(domain) < maxPolls;
  const end = performance.now() + (long ? Math.min(wait, 55) * 1000 : 1000);
  for (;;) {
    const now = await rms.serving.current(rms, domain, policy, selector, bare);
    if (now === undefined) throw notFound();
    const known = hasTag(call, now);
    const left = end - performance.now();
    if (!known || wait === 0 || left <= 0 || call.closed.aborted) return answerOf(now, known, long);
    await rms.waiters.wait(domain, Math.min(left, 30_000), call.closed);
  }
}

/** True when the sidecar has what is served: one of its tags is the present one. */
function hasTag({ headers }: Call, { tag }: Served): boolean {
  const known = headers["if-none-match"];
  if (known === undefined || known === tag) return known === tag;
  return known.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === tag);
}

/** OPA goes on with long polls as long as the type of a bundle says so. */
function answerOf({ tag, revision, bytes }: Served, known: boolean, long: boolean): Answer {
  const common = { ETag: tag, "X-RMS-Revision": revision };
  if (known) return { status: 304, headers: long ? { ...common, "Content-Type": longPollType } : common };
  return { status: 200, headers: { ...common, "Content-Type": long ? longPollType : "application/gzip" }, body: bytes };
}

/** The domain that a telemetry token speaks for. */
function telemetryDomain(call: Call): string {
  return call.principal.domains.find((domain) => domain !== "*") ?? "*";
}

/** An object of foreign JSON; an empty one for anything else. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A text of foreign JSON, cut to a length. */
function textOf(value: unknown, max: number): string {
  return typeof value === "string" ? value.slice(0, max) : "";
}

/**
 * The policy whose bundle a sidecar tells of: by the bundle's name, else by its revision, else by the labels, since a bundle may
 * have any name in OPA's configuration. Undefined when the token may not speak for it, or it is not there.
 */
async function bundleOf(
  call: Call,
  name: string,
  revision: string,
  labels: Readonly<Record<string, unknown>>,
): Promise<{ readonly domain: string; readonly policy: string } | undefined> {
  const places: readonly (readonly unknown[])[] = [
    name.split("/"),
    /^([^/]+)\/([^/@]+)@/.exec(revision)?.slice(1) ?? [],
    [labels["domain"], labels["policy"]],
  ];
  for (const [first, second] of places) {
    const [domain, policy] = [textOf(first, 63), textOf(second, 63)];
    if (domain === "" || !seesDomain(call.principal, domain) || !seesPolicy(call.principal, policy)) continue;
    if ((await call.reads.policies.get(domain, policy)) !== undefined) return { domain, policy };
  }
  return undefined;
}

async function status(call: Call): Promise<Answer> {
  const { labels: foreign, bundles } = objectOf(call.body);
  const labels = Object.fromEntries(
    Object.entries(objectOf(foreign))
      .slice(0, 64)
      .map(([name, value]) => [name.slice(0, 100), textOf(value, 500)]),
  );
  const { metrics, store } = call.rms;
  const now = call.rms.now();
  const instance = textOf(labels["instance"] || labels["id"], 200) || "unknown";
  const reports: Report[] = [];
  for (const [name, value] of Object.entries(objectOf(bundles)).slice(0, 100)) {
    const one = objectOf(value);
    const revision = textOf(one["active_revision"], 300);
    const found = await bundleOf(call, name.slice(0, 200), revision, labels);
    if (found === undefined) {
      metrics.add("rms_status_dropped_total");
      continue;
    }
    const { domain, policy } = found;
    reports.push({
      domain,
      instance,
      bundle: `${domain}/${policy}`,
      revision,
      labels,
      opaVersion: labels["version"] ?? "",
      activatedAt: textOf(one["last_successful_activation"], 64),
      lastSeen: seconds(now),
      error: one["code"] === undefined ? undefined : textOf(one["message"], 2000) || textOf(one["code"], 100) || "error",
    });
  }
  if (reports.length > 0)
    await store.transaction(async (tx) => {
      for (const report of reports) await record(tx, call, report, micros(now));
    });
  return { status: 200, body: {} };
}

type Report = Omit<Activation, "since">;

/** Keeps a report, and measures how long the sidecar took to run what its channel serves. */
async function record(tx: Transaction, { rms }: Call, report: Report, at: number): Promise<void> {
  const { activated, failed } = await tx.activations.put(report, at);
  const { domain, bundle, instance, revision, labels, error } = report;
  if (failed) {
    rms.metrics.add("rms_activation_failures_total");
    rms.log("a sidecar refuses its bundle", { domain, bundle, instance, error });
  }
  if (!activated) return;
  rms.metrics.add("rms_activations_total");
  const served = await tx.builds.lastServed(`${bundle}/${labels["channel"] ?? ""}`);
  if (served?.revision === revision && served.servedAt > 0)
    rms.metrics.took("rms_activation_seconds", Math.max(0, at - served.servedAt) / 1_000_000);
}

async function logs(call: Call): Promise<Answer> {
  const { store, metrics, logQuota } = call.rms;
  const now = seconds(call.rms.now());
  const own = telemetryDomain(call);
  const events = Array.isArray(call.body) ? (call.body as readonly unknown[]) : [call.body];
  await store.transaction(async (tx) => {
    for (const [index, event] of events.entries()) {
      if (index % 500 === 499) await breath();
      const { decision_id: id, timestamp, bundles, labels } = objectOf(event);
      const domain = await eventDomain(call, objectOf(bundles), objectOf(labels), own);
      // OPA repeats a chunk for ever that is refused: what cannot be kept is counted instead.
      if (typeof id !== "string" || id === "" || domain === undefined || hostileJson(event) !== undefined) {
        metrics.add("rms_decision_log_refused_total");
        continue;
      }
      const millis = Date.parse(textOf(timestamp, 64));
      const at = Number.isNaN(millis) ? now : Math.min(now, Math.floor(millis / 1000));
      if (!(await logQuota.takes(tx, domain, id, now))) {
        metrics.add("rms_decision_log_sampled_total");
        continue;
      }
      if (await tx.decisions.add({ domain, id: id.slice(0, 200), at, event: JSON.stringify(event) })) logQuota.count(domain);
    }
  });
  return { status: 200, body: {} };
}

/** The domain that a decision belongs to; undefined when the token may not speak for it. */
async function eventDomain(
  call: Call,
  bundles: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, unknown>>,
  own: string,
): Promise<string | undefined> {
  const names = Object.entries(bundles).slice(0, 100);
  if (names.length === 0) return own;
  for (const [name, value] of names) {
    const found = await bundleOf(call, name.slice(0, 200), textOf(objectOf(value)["revision"], 300), labels);
    if (found !== undefined) return found.domain;
  }
  return undefined;
}

export const distributionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/opa/v1/bundles/:domain/:policy/:selector",
    scope: "bundle:read",
    summary: "The bundle of a channel or an exact version",
    produces: [longPollType, "application/gzip"],
    handle: bundle,
  },
  {
    method: "POST",
    path: "/opa/v1/status",
    scope: "telemetry:write",
    summary: "Status of a sidecar",
    foreign: true,
    handle: status,
  },
  {
    method: "POST",
    path: "/opa/v1/status/*partition",
    scope: "telemetry:write",
    summary: "Status of a sidecar",
    foreign: true,
    handle: status,
  },
  {
    method: "POST",
    path: "/opa/v1/logs",
    scope: "telemetry:write",
    summary: "Decision logs of a sidecar",
    maxBody: 8 * mebibyte,
    foreign: true,
    handle: logs,
  },
  {
    method: "POST",
    path: "/opa/v1/logs/*partition",
    scope: "telemetry:write",
    summary: "Decision logs of a sidecar",
    maxBody: 8 * mebibyte,
    foreign: true,
    handle: logs,
  },
];
