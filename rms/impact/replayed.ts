// Decisions that sidecars logged, decided by two versions; those of which the log hides the input are not decided, and what it hides of a
// result is hidden of both.
import { canonicalJson, readJson } from "#bundles/canonical-json.ts";
import { type Hidden, hidesOf, resultAsLogged } from "#bundles/hidden-values.ts";
import type { LoggedDecision } from "../store/decisions.ts";
import type { Decide } from "./impact.ts";
import { meaningOf } from "./meaning.ts";

/** Decisions that are shown. */
const mostShown = 20;

export interface Replayed {
  /** Logged decisions of the policy that were looked at. */
  readonly read: number;
  /** Those whose input is not there as it was, or whose versions differ in nothing but what is hidden of the result. */
  readonly masked: number;
  readonly gained: number;
  readonly lost: number;
  readonly changed: number;
  /** The first that are decided otherwise. */
  readonly shown: readonly {
    readonly id: string;
    readonly entrypoint: string;
    readonly before: string;
    readonly after: string;
  }[];
}

interface Event extends Partial<Hidden> {
  readonly bundles?: Readonly<Record<string, unknown>>;
  /** The rule that decided, as `package/rule`. */
  readonly path?: string;
  readonly input?: unknown;
}

interface ReplayedBy {
  readonly policy: string;
  /** A decision of another rule is decided by the first of them. */
  readonly entrypoints: readonly [string, ...string[]];
  /** Those of them that keep people out where they say anything. */
  readonly refusals: readonly string[];
  readonly deadline: number;
}

export function replayed(
  before: Decide,
  after: Decide,
  logged: readonly LoggedDecision[],
  { policy, entrypoints, refusals, deadline }: ReplayedBy,
): Replayed {
  const counts = { read: 0, masked: 0, gained: 0, lost: 0, changed: 0 };
  const shown: { id: string; entrypoint: string; before: string; after: string }[] = [];
  for (const { id, event } of logged) {
    if (performance.now() > deadline) break;
    const { bundles = {}, path, input, erased = [], masked = [] } = JSON.parse(event) as Event;
    if (!(policy in bundles)) continue;
    counts.read += 1;
    const hidden = { erased, masked };
    const asked = entrypoints.find((one) => one === path);
    // What is hidden of one rule's result may be all of another's.
    if (input === undefined || hidesOf(hidden, "/input") || (asked === undefined && hidesOf(hidden, "/result"))) {
      counts.masked += 1;
      continue;
    }
    const text = JSON.stringify(input);
    const entrypoint = asked ?? entrypoints[0];
    const [decided, decides] = [before(text, entrypoint), after(text, entrypoint)];
    if (decided === decides) continue;
    const [did, does] = [decided, decides].map((one) => asLogged(one, hidden)) as [string, string];
    if (did === does) {
      counts.masked += 1;
      continue;
    }
    const isRefusal = refusals.includes(entrypoint);
    const [could, can] = [meaningOf(did, isRefusal), meaningOf(does, isRefusal)];
    if (could === "out" && can === "in") counts.gained += 1;
    else if (could === "in" && can === "out") counts.lost += 1;
    else counts.changed += 1;
    if (shown.length < mostShown) shown.push({ id, entrypoint, before: short(did), after: short(does) });
  }
  return { ...counts, shown };
}

/** A decision as text with what the log hides of it left out; errors, which may tell of it, are told as such alone. */
function asLogged(decision: string, hidden: Hidden): string {
  if (!hidesOf(hidden, "/result")) return decision;
  const read = readJson(decision);
  if ("fault" in read) return decision.startsWith("error: ") ? "error: not told" : decision;
  const left = resultAsLogged(read.value, hidden);
  return left === undefined ? "undefined" : canonicalJson(left);
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
