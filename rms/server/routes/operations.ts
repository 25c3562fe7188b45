// What an operator's tools ask: health, readiness, metrics, version; at the root and below the API's base.
import packageJson from "../../../package.json" with { type: "json" };
import { isAdmin, type Principal } from "../access.ts";
import type { Answer } from "../http/answer.ts";
import { Problem } from "../http/problem.ts";
import type { Call, Route } from "../http/route.ts";
import type { Rms } from "../rms.ts";
import { seconds } from "../times.ts";
import { goneAfter } from "./activations.ts";

/** What must work before a request can be served, by name. */
const checks: Readonly<Record<string, (rms: Rms) => unknown>> = {
  store: (rms) => rms.store.audit.head(),
  blobs: (rms) => rms.blobs.check(),
  key: (rms) => rms.keys.signer(),
};

async function ready({ rms, closed }: Call): Promise<Answer> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<readonly [string, string]> => {
      try {
        await check(rms);
        return [name, "ok"];
      } catch (error) {
        rms.log("not ready", { check: name, error: String(error) });
        return [name, "failed"];
      }
    }),
  );
  const failed = results.filter(([, result]) => result !== "ok").map(([name]) => name);
  if (closed.aborted) failed.push("server (it stops)");
  if (failed.length > 0) throw new Problem(503, "not-ready", "Not ready", `These do not work: ${failed.join(", ")}.`);
  return { status: 200, body: { ok: true, checks: Object.fromEntries(results) } };
}

/** The names of domains are told to those only who may see every domain. */
function seesAll(principal: Principal): boolean {
  return isAdmin(principal) || principal.scopes.has("rms:auditor");
}

async function metrics({ rms, principal }: Call): Promise<Answer> {
  const { metrics: all, store } = rms;
  const now = seconds(rms.now());
  all.set("rms_polls_open", rms.waiters.open);
  for (const [queue, pool] of Object.entries({ builds: rms.builder, questions: rms.questions, publishes: rms.gates })) {
    all.set("rms_queue_length", pool.load, { queue });
    all.set("rms_queue_age_seconds", pool.age, { queue });
  }
  all.set("rms_audit_head", (await store.audit.head())?.seq ?? 0);
  for (const [state, count] of Object.entries(await store.activations.counts(now - goneAfter)))
    all.set("rms_instances", count, { state });
  const stamps = await store.builds.stamps();
  all.set("rms_data_age_seconds_max", Math.max(0, ...stamps.map(({ asOf }) => now - asOf)));
  all.clear("rms_data_age_seconds");
  for (const name of ["rms_source_age_seconds", "rms_source_ok"]) all.clear(name);
  if (seesAll(principal)) {
    for (const { domain, asOf } of stamps) all.set("rms_data_age_seconds", Math.max(0, now - asOf), { domain });
    await sourceMetrics(rms, now);
  }
  return { status: 200, headers: { "Content-Type": "text/plain; version=0.0.4" }, body: all.print() };
}

/** Of each source by its name. */
async function sourceMetrics({ metrics: all, store: { sources } }: Rms, now: number): Promise<void> {
  for (const { domain, id: source } of await sources.all()) {
    const good = await sources.lastGoodRun(domain, source);
    const last = await sources.lastRun(domain, source);
    if (good !== undefined) all.set("rms_source_age_seconds", Math.max(0, now - good.at), { domain, source });
    if (last !== undefined) all.set("rms_source_ok", Number(last.number === good?.number), { domain, source });
  }
}

const operations = (base: string): readonly Route[] => [
  {
    method: "GET",
    path: `${base}/healthz`,
    scope: undefined,
    summary: "The process is there",
    handle: () => ({ status: 200, body: { ok: true } }),
  },
  {
    method: "GET",
    path: `${base}/readyz`,
    scope: undefined,
    summary: "Store, blobs and signing key work; 503 otherwise",
    handle: ready,
  },
  {
    method: "GET",
    path: `${base}/metrics`,
    scope: undefined,
    summary: "Metrics for Prometheus; with an administrator's or auditor's token also by domain",
    produces: ["text/plain"],
    handle: metrics,
  },
  {
    method: "GET",
    path: `${base}/version`,
    scope: undefined,
    summary: "What runs here",
    handle: ({ rms }) => ({ status: 200, body: { version: packageJson.version, library: rms.library.version } }),
  },
];

/** What a person sees who opens the address in a browser. */
const welcome = `RMS ${packageJson.version}, the Responsibility Management System of Rulewright.

Programs ask below /api/v1; /openapi.json describes every call, /readyz says whether all works.
Where the operator lets them, people look, approve and roll back below /console. They publish in VS Code with Rulewright, or in a terminal:

    rw publish      a project, as the next version of its policy
    rw history      which version a channel had when, and who moved it
    rw access       who can do what, now or at another time
    rw decide       what a published policy decides, and why
    rw activations  which sidecar runs which version

\`rw help COMMAND\` has the flags. Each call needs a token, which an administrator gives.
`;

export const operationRoutes: readonly Route[] = [
  ...operations("/api/v1"),
  ...operations(""),
  {
    method: "GET",
    path: "/",
    scope: undefined,
    summary: "What this address is, for a person with a browser",
    produces: ["text/plain"],
    handle: () => ({ status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: welcome }),
  },
];
