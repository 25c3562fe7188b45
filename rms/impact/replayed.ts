// Decisions that sidecars logged, decided by two versions; what the log leaves out or masks is not decided.
import type { LoggedDecision } from "../store/decisions.ts";
import type { Decide } from "./impact.ts";
import { isYes } from "./refusals.ts";

/** Decisions that are shown. */
const mostShown = 20;

export interface Replayed {
  /** Logged decisions of the policy that were looked at. */
  readonly read: number;
  /** Those whose input is not there as it was. */
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

interface Event {
  readonly bundles?: Readonly<Record<string, unknown>>;
  /** The rule that decided, as `package/rule`. */
  readonly path?: string;
  readonly input?: unknown;
  readonly erased?: readonly string[];
  readonly masked?: readonly string[];
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
    if ([...erased, ...masked].some((one) => one === "/input" || one.startsWith("/input/")) || input === undefined) {
      counts.masked += 1;
      continue;
    }
    const text = JSON.stringify(input);
    const entrypoint = entrypoints.find((one) => one === path) ?? entrypoints[0];
    const [did, does] = [before(text, entrypoint), after(text, entrypoint)];
    if (did === does) continue;
    const isRefusal = refusals.includes(entrypoint);
    const [could, can] = [isYes(did, isRefusal), isYes(does, isRefusal)];
    counts[can === could ? "changed" : can ? "gained" : "lost"] += 1;
    if (shown.length < mostShown) shown.push({ id, entrypoint, before: short(did), after: short(does) });
  }
  return { ...counts, shown };
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
