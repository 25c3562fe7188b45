// What OPA sidecars call for their bundles, with long polls.
import { seesPolicy } from "../access.ts";
import type { Answer } from "../http/answer.ts";
import { notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import type { BundleAddress, Served } from "../serving.ts";
import { seconds } from "../times.ts";

const longPollType = "application/vnd.openpolicyagent.bundles";
/** Open long polls of one domain; what comes on top is held for a second only, and told so by its type. */
const maxPolls = 1000;

function bundle(call: Call): Answer | Promise<Answer> {
  const policy = param(call, "policy");
  if (!seesPolicy(call.principal, policy)) throw notFound();
  const bare = call.query.get("data") === "none";
  const address: BundleAddress = { domain: param(call, "domain"), policy, selector: param(call, "selector"), bare };
  const wait = waitOf(call.headers["prefer"]);
  // Most polls want no news and are answered from what is at hand.
  const now = wait === 0 ? call.rms.serving.known(seconds(call.rms.now()), address) : undefined;
  return now === undefined ? held(call, address, wait) : answerOf(now, hasTag(call, now), false);
}

/** Seconds that the sidecar would wait for news; 0 for an answer at once. */
function waitOf(prefer: string | readonly string[] | undefined): number {
  return prefer === undefined ? 0 : Number(/(?:^|[;,\s])wait=(\d+)/.exec(String(prefer))?.[1] ?? 0);
}

/** Answers with news, or when the time is over without any. */
async function held(call: Call, address: BundleAddress, wait: number): Promise<Answer> {
  const { rms } = call;
  const { domain } = address;
  const long = wait > 0 && rms.waiters.openOf(domain) < maxPolls;
  const end = performance.now() + (long ? Math.min(wait, 55) * 1000 : 1000);
  for (;;) {
    const now = await rms.serving.current(rms, address);
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

export const distributionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/opa/v1/bundles/:domain/:policy/:selector",
    scope: "bundle:read",
    summary: "The bundle of a channel or an exact version",
    produces: [longPollType, "application/gzip"],
    handle: bundle,
  },
];
