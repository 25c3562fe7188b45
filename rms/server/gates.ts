// The gates of a publish, in a worker with limits on time and memory: policies are hostile input.
import { availableParallelism } from "node:os";
import type { GateSettings } from "./gate-settings.ts";
import type { ProblemError } from "./http/problem.ts";
import { startWorker } from "./start-worker.ts";

export interface GateInput {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly library: readonly { readonly path: string; readonly text: string }[];
  /** The domain's package: the only root that its policies may have. */
  readonly package: string;
  /** `pkg/rule`; each must exist. */
  readonly entrypoints: readonly string[];
  readonly settings: GateSettings;
  readonly limits: GateLimits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Milliseconds. */
export interface GateLimits {
  /** For everything. */
  readonly total: number;
  /** For one test. */
  readonly test: number;
  /** For one entrypoint, evaluated without input. */
  readonly entrypoint: number;
}

export interface GateResult {
  readonly gate: string;
  readonly ok: boolean;
  readonly diagnostics: readonly ProblemError[];
}

export interface GateReport {
  readonly gates: readonly GateResult[];
  /** What refuses nothing but is worth a look. */
  readonly warnings: readonly ProblemError[];
}

/** Where the worker is; the last place is blamed when a limit ends it. */
export interface GatePlace {
  /** Begins a sentence: `the test data.orders_test.test_x`. */
  readonly what: string;
  readonly file?: string;
  readonly row?: number;
  readonly col?: number;
  /** Milliseconds from now after which the worker is ended. */
  readonly limit?: number;
}

export type GateMessage =
  | { readonly kind: "place"; readonly place: GatePlace }
  | { readonly kind: "done"; readonly report: GateReport };

/** A publish is answered within ten seconds. */
export const gateLimits: GateLimits = { total: 9500, test: 5000, entrypoint: 2000 };
const heapMegabytes = 512;

/** Publishes that are checked at once. */
export const gatePlaces = Math.max(2, availableParallelism());

/** Runs the gates in a worker of their own. */
export function runGates(input: GateInput): Promise<GateReport> {
  const worker = startWorker("gate-worker", input, heapMegabytes);
  return new Promise((resolve) => {
    let place: GatePlace = { what: "checking the version" };
    let own: NodeJS.Timeout | undefined;
    const end = (report: GateReport): void => {
      clearTimeout(total);
      clearTimeout(own);
      worker.removeAllListeners();
      worker.once("error", () => {});
      void worker.terminate();
      resolve(report);
    };
    const refuse = (why: string): void => {
      const { what, limit: _limit, ...where } = place;
      const diagnostics = [{ ...where, code: "rms_limit", message: `${what} ${why}` }];
      end({ gates: [{ gate: "limits", ok: false, diagnostics }], warnings: [] });
    };
    const total = setTimeout(
      () => refuse(`was not done when the time for a publish, ${input.limits.total / 1000} seconds, was over`),
      input.limits.total,
    );
    worker.on("message", (message: GateMessage) => {
      if (message.kind === "done") return end(message.report);
      place = message.place;
      clearTimeout(own);
      const { limit } = place;
      // The worker ends an evaluation itself at its limit; one that does not come to an end any more is ended here.
      if (limit !== undefined) own = setTimeout(() => refuse(`took more than ${limit / 1000} seconds`), limit + 200);
    });
    worker.once("error", (error) => {
      const memory = (error as { code?: unknown }).code === "ERR_WORKER_OUT_OF_MEMORY";
      refuse(memory ? "needs more memory than it may have" : `failed: ${error.message}`);
    });
  });
}
