// What OPA sidecars call: bundles with long polls, status and decision logs. Shapes are OPA's, not ours.
import { seesDomain } from "../access.ts";
import { notFound } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { type Rms, seconds } from "../rms.ts";
import type { Row } from "../store/database.ts";
import { policyPath, policyRow } from "./domains.ts";

const longPollType = "application/vnd.openpolicyagent.bundles";
const mebibyte = 1024 * 1024;
/** Open long polls per server; what comes on top is held for a second only. */
const maxPolls = 2000;

async function bundle(call: Call): Promise<Answer> {
  const { rms, params, headers } = call;
  const [domain, policy, selector] = [params["domain"]!, params["policy"]!, params["selector"]!];
  const known = new Set(
    String(headers["if-none-match"] ?? "")
      .split(",")
      .map((tag) => tag.trim().replace(/^W\//, "")),
  );
  const wait = Number(/(?:^|[;,\s])wait=(\d+)/.exec(String(headers["prefer"] ?? ""))?.[1] ?? 0);
  const end = performance.now() + (rms.waiters.open >= maxPolls ? 1000 : Math.min(wait, 55) * 1000);
  for (;;) {
    const now = rms.serving.current(rms, domain, policy, selector);
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
function bundleDomain(call: Call, bundle: string): string | undefined {
  const domain = bundle.split("/")[0]!;
  if (!seesDomain(call.principal, domain)) return undefined;
  return call.rms.db.one("SELECT 1 FROM domains WHERE id = ?", domain) === undefined ? undefined : domain;
}

function status(call: Call): Answer {
  const { labels: foreign, bundles } = objectOf(call.body);
  const labels = Object.fromEntries(
    Object.entries(objectOf(foreign))
      .slice(0, 64)
      .map(([name, value]) => [name.slice(0, 100), textOf(value, 500)]),
  );
  const instance = textOf(labels["instance"] ?? labels["id"], 200) || "unknown";
  for (const [name, value] of Object.entries(objectOf(bundles)).slice(0, 100)) {
    const domain = name.length > 200 ? undefined : bundleDomain(call, name);
    if (domain === undefined) {
      call.rms.metrics.add("rms_status_dropped_total");
      continue;
    }
    const one = objectOf(value);
    call.rms.db.run(
      "INSERT INTO instances (domain, instance, bundle, revision, labels, opa_version, activated_at, last_seen, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (domain, instance, bundle) DO UPDATE SET revision = excluded.revision, labels = excluded.labels, opa_version = excluded.opa_version, activated_at = excluded.activated_at, last_seen = excluded.last_seen, error = excluded.error",
      domain,
      instance,
      name,
      textOf(one["active_revision"], 300),
      JSON.stringify(labels),
      labels["version"] ?? "",
      textOf(one["last_successful_activation"], 64),
      seconds(call.rms.now()),
      one["code"] === undefined ? null : textOf(one["message"], 2000) || textOf(one["code"], 100) || "error",
    );
  }
  return { status: 200, body: {} };
}

function logs(call: Call): Answer {
  const { db, metrics } = call.rms;
  const now = seconds(call.rms.now());
  const own = telemetryDomain(call);
  db.transaction(() => {
    for (const event of Array.isArray(call.body) ? (call.body as readonly unknown[]) : []) {
      const { decision_id: id, timestamp, bundles } = objectOf(event);
      const named = Object.keys(objectOf(bundles)).map((name) => bundleDomain(call, name));
      const domain = named.length === 0 ? own : named.find((one) => one !== undefined);
      if (typeof id !== "string" || id === "" || domain === undefined) {
        metrics.add("rms_decision_log_refused_total");
        continue;
      }
      const at = Date.parse(textOf(timestamp, 64));
      db.run(
        "INSERT OR IGNORE INTO decisions (domain, decision_id, at, body) VALUES (?, ?, ?, ?)",
        domain,
        id.slice(0, 200),
        Number.isNaN(at) ? now : Math.min(now, Math.floor(at / 1000)),
        JSON.stringify(event),
      );
    }
  });
  return { status: 200, body: {} };
}

function activations(call: Call): Answer {
  policyRow(call);
  const bundle = `${call.params["domain"]}/${call.params["policy"]}`;
  const revision = call.query.get("revision");
  const channel = call.query.get("channel");
  const state = call.query.get("state");
  const rows = call.rms.db.all(
    "SELECT * FROM instances WHERE domain = ? AND bundle = ? ORDER BY instance",
    call.params["domain"]!,
    bundle,
  );
  const items = rows
    .filter((row) => revision === null || row["revision"] === revision)
    .map((row) => ({
      instance: row["instance"],
      bundle: row["bundle"],
      revision: row["revision"],
      labels: JSON.parse(String(row["labels"])),
      opaVersion: row["opa_version"],
      activatedAt: row["activated_at"],
      lastSeen: new Date(Number(row["last_seen"]) * 1000).toISOString(),
      state: stateOf(row, call.rms),
      ...(row["error"] === null ? {} : { error: row["error"] }),
    }))
    .filter((item) => state === null || item.state === state)
    .filter((item) => channel === null || (item.labels as Record<string, unknown>)["channel"] === channel);
  const states = items.map((item) => item.state);
  const counts = Object.fromEntries([...new Set(states)].map((one) => [one, states.filter((other) => other === one).length]));
  return { status: 200, body: { items, counts } };
}

/** Seconds without a status after which an instance counts as gone. */
const goneAfter = 300;

function stateOf(row: Row, rms: Rms): "active" | "failed" | "gone" {
  if (seconds(rms.now()) - Number(row["last_seen"]) > goneAfter) return "gone";
  return row["error"] === null ? "active" : "failed";
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
