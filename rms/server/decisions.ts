// One decision of a published version, in a pool of workers with limits on time and memory: a policy may loop for ever on some input.
import type { Stamp } from "../store/builds.ts";
import { Problem } from "./http/problem.ts";
import type { Rms } from "./rms.ts";
import { JobError } from "./worker-pool.ts";

export interface DecisionJob {
  readonly domain: string;
  readonly policy: string;
  readonly version: string;
  readonly stamp: Stamp;
  /** The blob of the bundle that answers instead of the version with the data of now. */
  readonly bundle?: string | undefined;
  /** `package/rule`. */
  readonly entrypoint: string;
  /** What of the way to the decision is told. */
  readonly explain: Explain | undefined;
  /** JSON text; undefined for no input at all. */
  readonly input: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** As in `opa eval --explain`: what `trace` says, the expressions that failed, or every step. */
export type Explain = "notes" | "fails" | "full";

/** No result is an undefined decision; a fault says in a sentence why there is none. */
export type Decision =
  | { readonly result?: unknown; readonly snapshot: number; readonly explanation?: readonly string[] }
  | { readonly fault: string };

/** Milliseconds of one evaluation. */
export const evaluationLimit = 2000;

/** Workers, waiting questions, milliseconds (with the loading of version and data) and megabytes of the pool that decides. */
export const decisionLimits = { workers: 2, waiting: 64, time: 15_000, heap: 512 };

/** Decides; 429 when too many questions wait already. */
export async function runDecision(rms: Rms, job: DecisionJob): Promise<Decision> {
  try {
    return await rms.decisions.run(job);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    if (error.kind === "busy")
      throw new Problem(429, "busy", "Too many questions", "Too many decisions wait already; ask again in a second.", {
        headers: { "Retry-After": "1" },
      });
    return { fault: `the decision failed: ${error.message}` };
  }
}
