// One decision, in a worker with a limit on time and memory: a policy may loop for ever on some input.
import { Worker } from "node:worker_threads";
import type { LibraryFile } from "./rms.ts";

export interface DecisionInput {
  readonly modules: readonly LibraryFile[];
  /** JSON text. */
  readonly data: string;
  /** `package/rule`. */
  readonly entrypoint: string;
  /** JSON text; undefined for no input at all. */
  readonly input: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** No result is an undefined decision; a fault says in a sentence why there is none. */
export type Decision = { readonly result?: unknown } | { readonly fault: string };

const timeLimit = 20_000;

export function runDecision(input: DecisionInput): Promise<Decision> {
  const built = import.meta.url.endsWith(".mjs");
  const worker = new Worker(new URL(built ? "./decision-worker.mjs" : "./decision-worker.ts", import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    env: {},
  });
  return new Promise((resolve) => {
    const end = (decision: Decision): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(decision);
    };
    const timer = setTimeout(() => end({ fault: `the decision took more than ${timeLimit / 1000} seconds` }), timeLimit);
    worker.once("message", end);
    worker.once("error", (error) => end({ fault: `the decision failed: ${error.message}` }));
  });
}
