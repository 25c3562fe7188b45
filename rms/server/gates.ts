// The gates of a publish, in a worker with a limit on time and memory: policies are hostile input.
import { Worker } from "node:worker_threads";
import type { ProblemError } from "./http/problem.ts";

export interface GateInput {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly library: readonly { readonly path: string; readonly text: string }[];
  /** The domain's package: the only root that its policies may have. */
  readonly package: string;
  /** `pkg/rule`; each must exist. */
  readonly entrypoints: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface GateResult {
  readonly gate: string;
  readonly ok: boolean;
  readonly diagnostics: readonly ProblemError[];
}

const timeLimit = 20_000;

/** Runs every gate; what exceeds its limits is refused, with the reason. */
export function runGates(input: GateInput): Promise<readonly GateResult[]> {
  const built = import.meta.url.endsWith(".mjs");
  const worker = new Worker(new URL(built ? "./gate-worker.mjs" : "./gate-worker.ts", import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    env: {},
  });
  const refused = (message: string): readonly GateResult[] => [
    { gate: "limits", ok: false, diagnostics: [{ code: "rms_limit", message }] },
  ];
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      void worker.terminate();
      resolve(refused(`checking and testing the version took more than ${timeLimit / 1000} seconds`));
    }, timeLimit);
    worker.once("message", (results: readonly GateResult[]) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(results);
    });
    worker.once("error", (error) => {
      clearTimeout(timer);
      resolve(refused(`checking the version failed: ${error.message}`));
    });
  });
}
