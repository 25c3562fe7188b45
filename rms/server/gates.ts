// The gates of a publish, in a worker with limits on time and memory: policies are hostile input.
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { FairQueue } from "./fair-queue.ts";
import type { GateSettings } from "./gate-settings.ts";
import { Problem, type ProblemError } from "./http/problem.ts";
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
  /** What is worth a look and holds nothing back, in sentences, if anything. */
  readonly notes?: readonly string[];
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
  | { readonly kind: "begun" }
  | { readonly kind: "place"; readonly place: GatePlace }
  | { readonly kind: "done"; readonly report: GateReport };

/** A publish is answered within ten seconds. */
export const gateLimits: GateLimits = { total: 9500, test: 5000, entrypoint: 2000 };
const heapMegabytes = 512;

/** Milliseconds in which a worker must have loaded its program. */
const startLimit = 30_000;

/** Checks by one worker: what a version leaves behind, such as memory, does not add up for ever. */
const maxChecks = 50;

/** Checks versions in workers, the domains in turn. One worker that has loaded its program waits for the next version. */
export class Gates {
  private readonly start: () => Worker;
  private readonly queue = new FairQueue(Math.max(2, availableParallelism()));
  private readonly checks = new WeakMap<Worker, number>();
  private spare: Worker | undefined;
  private closed = false;

  constructor(start = (): Worker => startWorker("gate-worker", undefined, heapMegabytes)) {
    this.start = start;
  }

  /** Versions that are checked or wait. */
  get load(): number {
    return this.queue.load;
  }

  /** Seconds since the oldest waiting version came. */
  get age(): number {
    return this.queue.age;
  }

  /** Starts a worker for the next version. */
  warm(): void {
    if (this.closed || this.spare !== undefined) return;
    const worker = this.start();
    // Who has taken it tells why it ended; one that waits is replaced.
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (this.spare === worker) this.spare = undefined;
    });
    this.wait(worker);
  }

  /** Runs the gates when it is the domain's turn; 429 when too much of the domain waits, 503 when no worker begins. */
  check(domain: string, input: GateInput): Promise<GateReport> {
    return this.queue.run(domain, async () => {
      this.warm();
      const worker = this.spare;
      this.spare = undefined;
      if (worker === undefined) throw new Error("the server stops");
      const { report, sound } = await runGates(worker, input);
      const checks = (this.checks.get(worker) ?? 0) + 1;
      this.checks.set(worker, checks);
      // A worker that has checked once is twice as fast the next time.
      if (sound && !this.closed && this.spare === undefined && checks < maxChecks) this.wait(worker);
      else void worker.terminate();
      this.warm();
      return report;
    });
  }

  private wait(worker: Worker): void {
    worker.unref();
    this.spare = worker;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.spare?.ref();
    await this.spare?.terminate();
  }
}

interface Checked {
  readonly report: GateReport;
  /** The worker came to the end by itself and within the limits. */
  readonly sound: boolean;
}

/** What is of the version as a whole is told at the start of its first policy: every diagnostic has a place. */
function located({ gates, warnings }: GateReport, { files }: GateInput): GateReport {
  const file = (files.find(({ path }) => path.endsWith(".rego") && !path.endsWith("_test.rego")) ?? files[0])?.path ?? "";
  const place = ({ file: own = file, row = 1, col = 1, ...rest }: ProblemError): ProblemError => ({
    file: own,
    row,
    col,
    ...rest,
  });
  return {
    gates: gates.map((gate) => ({ ...gate, diagnostics: gate.diagnostics.map(place) })),
    warnings: warnings.map(place),
  };
}

function runGates(worker: Worker, input: GateInput): Promise<Checked> {
  worker.ref();
  return new Promise((resolve, reject) => {
    let begun = false;
    let place: GatePlace = { what: "checking the version" };
    let own: NodeJS.Timeout | undefined;
    const leave = (): void => {
      clearTimeout(total);
      clearTimeout(own);
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
    };
    const end = (report: GateReport, sound: boolean): void => {
      leave();
      resolve({ report: located(report, input), sound });
    };
    const refuse = (why: string): void => {
      if (!begun) {
        // The version was not looked at: this says nothing about it.
        leave();
        worker.on("error", () => {});
        void worker.terminate();
        return reject(notBegun());
      }
      const { what, limit: _limit, ...where } = place;
      const diagnostics = [{ ...where, code: "rms_limit", message: `${what} ${why}` }];
      end({ gates: [{ gate: "limits", ok: false, diagnostics }], warnings: [] }, false);
    };
    let total = setTimeout(() => refuse("did not begin in time"), startLimit);
    const listeners = {
      message: (message: GateMessage): void => {
        if (message.kind === "done") {
          const { report } = message;
          end(report, !report.gates.some(({ gate, ok }) => gate === "limits" && !ok));
        } else if (message.kind === "begun") {
          begun = true;
          clearTimeout(total);
          const words = `was not done when the time for a publish, ${input.limits.total / 1000} seconds, was over`;
          total = setTimeout(() => refuse(words), input.limits.total);
        } else {
          place = message.place;
          clearTimeout(own);
          const { limit } = place;
          // The worker ends an evaluation itself at its limit; one that does not come to an end any more is ended here.
          if (limit !== undefined) own = setTimeout(() => refuse(`took more than ${limit / 1000} seconds`), limit + 200);
        }
      },
      error: (error: Error): void => {
        const memory = (error as { code?: unknown }).code === "ERR_WORKER_OUT_OF_MEMORY";
        refuse(memory ? "needs more memory than it may have" : `failed: ${error.message}`);
      },
      exit: (): void => refuse("failed: the worker ended"),
    };
    for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
    worker.postMessage(input);
  });
}

function notBegun(): Problem {
  const detail = "The check of the version could not begin; nothing was published. Publish again.";
  return new Problem(503, "not-ready", "Not ready", detail, { headers: { "Retry-After": "5" } });
}
