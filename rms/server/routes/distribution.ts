// What OPA sidecars call: bundles with long polls, status and decision logs. Shapes are OPA's, not ours.
import type { Activation } from "../../store/activations.ts";
import { seesDomain } from "../access.ts";
import { notFound } from "../http/problem.ts";
import { type Answer, type Call, param, type Route } from "../http/router.ts";
import { type Rms, seconds } from "../rms.ts";
import { foundPolicy, policyPath } from "./domains.ts";

const longPollType = "application/vnd.openpolicyagent.bundles";
const mebibyte = 1024 * 1024;
/** Open long polls per server; what comes on top is held for a second only. */
const maxPolls = 2000;

async function bundle(call: Call): Promise<Answer> {
  const { rms, headers } = call;
  const [domain, policy, selector] = [param(call, "domain"), param(call, "policy"), param(call, "selector")];
  const known = new Set(
    String(headers["if-none-match"] ?? "")
      .split(",")
      .map((tag) => tag.trim().replace(/^W\//, "")),
  );
  const wait = Number(/(?:^|[;,\s])wait=(\d+)/.exec(String(headers["prefer"] ?? ""))?.[1] ?? 0);
  const end = performance.now() + (rms.waiters.open >= maxPolls ? 1000 : Math.min(wait, 55) * 1000);
  for (;;) {
    const now = await rms.serving.current(rms, domain, policy, selector);
    if (now === undefined) throw notFound();
    const common = { ETag: now.tag, "X-RMS-Revision": now.revision };
    if (!known.has(now.tag) && !known.has("*")) {
      const type = wait > 0 ? longPollType : "application/gzip";
      return { status: 200, headers: { ...common, "Content-Type": type }, body: now.bytes };
    }
    const left = end - performance.now();
    if (wait === 0 || left <= 0 || call.closed.aborted)
      return { status: 304, headers: { ...common, ...(wait > 0 ? { "Content-Type": longPollType } : {}) } };
    await rms.waiters.wait(domain, Math.min(left, 30_000), call.closed);
  }
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

/** The domain in a bundle's name, when the token may speak for it and it is there. */
async function bundleDomain(call: Call, bundle: string): Promise<string | undefined> {
  const domain = bundle.split("/")[0]!;
  if (!seesDomain(call.principal, domain)) return undefined;
  return (await call.rms.store.domains.get(domain))?.id;
}

async function status(call: Call): Promise<Answer> {
  const { labels: foreign, bundles } = objectOf(call.body);
  const labels = Object.fromEntries(
    Object.entries(objectOf(foreign))
      .slice(0, 64)
      .map(([name, value]) => [name.slice(0, 100), textOf(value, 500)]),
  );
  const instance = textOf(labels["instance"] ?? labels["id"], 200) || "unknown";
  const reports: Activation[] = [];
  for (const [name, value] of Object.entries(objectOf(bundles)).slice(0, 100)) {
    const domain = name.length > 200 ? undefined : await bundleDomain(call, name);
    if (domain === undefined) {
      call.rms.metrics.add("rms_status_dropped_total");
      continue;
    }
    const one = objectOf(value);
    reports.push({
      domain,
      instance,
      bundle: name,
      revision: textOf(one["active_revision"], 300),
      labels,
      opaVersion: labels["version"] ?? "",
      activatedAt: textOf(one["last_successful_activation"], 64),
      lastSeen: seconds(call.rms.now()),
      error: one["code"] === undefined ? undefined : textOf(one["message"], 2000) || textOf(one["code"], 100) || "error",
    });
  }
  if (reports.length > 0)
    await call.rms.store.transaction(async (tx) => {
      for (const report of reports) await tx.activations.put(report);
    });
  return { status: 200, body: {} };
}

async function logs(call: Call): Promise<Answer> {
  const { store, metrics } = call.rms;
  const now = seconds(call.rms.now());
  const own = telemetryDomain(call);
  const events = Array.isArray(call.body) ? (call.body as readonly unknown[]) : [];
  await store.transaction(async (tx) => {
    for (const event of events) {
      const { decision_id: id, timestamp, bundles } = objectOf(event);
      const named: (string | undefined)[] = [];
      for (const name of Object.keys(objectOf(bundles)).slice(0, 100)) named.push(await bundleDomain(call, name));
      const domain = named.length === 0 ? own : named.find((one) => one !== undefined);
      if (typeof id !== "string" || id === "" || domain === undefined) {
        metrics.add("rms_decision_log_refused_total");
        continue;
      }
      const millis = Date.parse(textOf(timestamp, 64));
      const at = Number.isNaN(millis) ? now : Math.min(now, Math.floor(millis / 1000));
      await tx.decisions.add({ domain, id: id.slice(0, 200), at, event: JSON.stringify(event) });
    }
  });
  return { status: 200, body: {} };
}

async function activations(call: Call): Promise<Answer> {
  const { domain, id } = await foundPolicy(call);
  const revision = call.query.get("revision");
  const channel = call.query.get("channel");
  const state = call.query.get("state");
  const items = (await call.rms.store.activations.list(domain, `${domain}/${id}`))
    .filter((one) => revision === null || one.revision === revision)
    .filter((one) => channel === null || one.labels["channel"] === channel)
    .map((one) => ({
      instance: one.instance,
      bundle: one.bundle,
      revision: one.revision,
      labels: one.labels,
      opaVersion: one.opaVersion,
      activatedAt: one.activatedAt,
      lastSeen: new Date(one.lastSeen * 1000).toISOString(),
      state: stateOf(one, call.rms),
      ...(one.error === undefined ? {} : { error: one.error }),
    }))
    .filter((item) => state === null || item.state === state);
  const states = items.map((item) => item.state);
  const counts = Object.fromEntries([...new Set(states)].map((one) => [one, states.filter((other) => other === one).length]));
  return { status: 200, body: { items, counts } };
}

/** Seconds without a status after which an instance counts as gone. */
export const goneAfter = 300;

function stateOf({ lastSeen, error }: Activation, rms: Rms): "active" | "failed" | "gone" {
  if (seconds(rms.now()) - lastSeen > goneAfter) return "gone";
  return error === undefined ? "active" : "failed";
}

export const distributionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/opa/v1/bundles/:domain/:policy/:selector",
    scope: "bundle:read",
    summary: "The bundle of a channel or an exact version",
    produces: "application/vnd.openpolicyagent.bundles",
    handle: bundle,
  },
  { method: "POST", path: "/opa/v1/status", scope: "telemetry:write", summary: "Status of a sidecar", handle: status },
  { method: "POST", path: "/opa/v1/status/*partition", scope: "telemetry:write", summary: "Status of a sidecar", handle: status },
  {
    method: "POST",
    path: "/opa/v1/logs",
    scope: "telemetry:write",
    summary: "Decision logs of a sidecar",
    maxBody: 8 * mebibyte,
    handle: logs,
  },
  {
    method: "POST",
    path: "/opa/v1/logs/*partition",
    scope: "telemetry:write",
    summary: "Decision logs of a sidecar",
    maxBody: 8 * mebibyte,
    handle: logs,
  },
  {
    method: "GET",
    path: `${policyPath}/activations`,
    scope: "read",
    summary: "Which instance runs which revision",
    handle: activations,
  },
];
