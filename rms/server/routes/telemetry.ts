// What OPA sidecars tell: their status and their decisions. Shapes are OPA's, not ours.
import type { Activation } from "../../store/activations.ts";
import { breath } from "../../store/breath.ts";
import type { LoggedDecision } from "../../store/decisions.ts";
import type { Transaction } from "../../store/store.ts";
import { seesDomain, seesPolicy } from "../access.ts";
import type { Answer } from "../http/answer.ts";
import { hostileJson } from "../http/body.ts";
import type { Call, Route } from "../http/route.ts";
import type { DayQuota } from "../log-quota.ts";
import { micros, seconds } from "../times.ts";

const mebibyte = 1024 * 1024;

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

/** Why a bundle is not active; an OPA that ends cancels what it asks for, which is no fault of the bundle. */
function errorOf({ code, message }: Readonly<Record<string, unknown>>): string | undefined {
  if (code === undefined) return undefined;
  const text = textOf(message, 2000) || textOf(code, 100) || "error";
  return text.endsWith(": context canceled") ? undefined : text;
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
      error: errorOf(one),
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
  const kept = await keptEvents(call, now);
  if (kept.length === 0) return { status: 200, body: {} };
  await store.transaction(async (tx) => {
    const quotas = new Map<string, DayQuota>();
    for (const [index, { domain, id, at, event }] of kept.entries()) {
      if (index % 500 === 499) await breath();
      const quota = quotas.get(domain) ?? (await logQuota.of(tx, domain, now));
      quotas.set(domain, quota);
      if (!quota.takes(id)) metrics.add("rms_decision_log_sampled_total");
      else if (await tx.decisions.add({ domain, id: id.slice(0, 200), at, event: JSON.stringify(event) })) quota.count();
    }
  });
  return { status: 200, body: {} };
}

interface KeptEvent extends Pick<LoggedDecision, "domain" | "id" | "at"> {
  readonly event: unknown;
}

/** The events of a chunk that can be kept. OPA repeats a chunk for ever that is refused: what cannot be kept is counted instead. */
async function keptEvents(call: Call, now: number): Promise<readonly KeptEvent[]> {
  const events = Array.isArray(call.body) ? (call.body as readonly unknown[]) : [call.body];
  const domains = new EventDomains(call);
  const found: KeptEvent[] = [];
  for (const [index, event] of events.entries()) {
    if (index % 500 === 499) await breath();
    const { decision_id: id, timestamp, bundles, labels } = objectOf(event);
    const domain = await domains.of(objectOf(bundles), objectOf(labels));
    if (typeof id !== "string" || id === "" || domain === undefined || hostileJson(event) !== undefined) {
      call.rms.metrics.add("rms_decision_log_refused_total");
      continue;
    }
    const millis = Date.parse(textOf(timestamp, 64));
    const at = Number.isNaN(millis) ? now : Math.min(now, Math.floor(millis / 1000));
    found.push({ domain, id, at, event });
  }
  return found;
}

/** The domains that the events of one chunk belong to: most name the same bundle, which is looked up once. */
class EventDomains {
  private readonly call: Call;
  private readonly own: string;
  private readonly known = new Map<string, string | undefined>();

  constructor(call: Call) {
    this.call = call;
    this.own = telemetryDomain(call);
  }

  /** The domain of an event; undefined when the token may not speak for it. */
  async of(bundles: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    const names = Object.entries(bundles).slice(0, 100);
    if (names.length === 0) return this.own;
    for (const [name, value] of names) {
      const domain = await this.named(name.slice(0, 200), textOf(objectOf(value)["revision"], 300), labels);
      if (domain !== undefined) return domain;
    }
    return undefined;
  }

  private async named(name: string, revision: string, labels: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    const key = JSON.stringify([name, revision, textOf(labels["domain"], 63), textOf(labels["policy"], 63)]);
    if (this.known.has(key)) return this.known.get(key);
    const domain = (await bundleOf(this.call, name, revision, labels))?.domain;
    this.known.set(key, domain);
    return domain;
  }
}

export const telemetryRoutes: readonly Route[] = [
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
