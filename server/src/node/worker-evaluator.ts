// Evaluation in a worker thread: one job at a time, ended with the thread when it takes too long or is no longer wanted.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { EvaluationAnswer, EvaluationJob, Evaluator, Running } from "../evaluator.ts";

export interface WorkerRequest extends Omit<EvaluationJob, "module" | "data" | "timeout"> {
  readonly id: number;
  /** Left out when the worker has it under the key already. */
  readonly module: EmittedModule | undefined;
  readonly data: string | undefined;
  /** Keys that nobody will ask again. */
  readonly forget: readonly string[];
}

/** Modules and documents that the worker keeps. */
const kept = 8;
/** `ready` once, when the thread can take its first job; then one answer for each. */
export type WorkerReply =
  | "ready"
  | ({ readonly id: number } & ({ readonly answer: EvaluationAnswer } | { readonly fault: string }));

export interface WorkerOptions {
  /** The thread's program; ours unless given. */
  readonly file?: URL;
  /** Milliseconds in which a thread must be ready for its first job. */
  readonly startLimit?: number;
}

/** A loaded machine starts a thread in a second or two. */
const defaultStartLimit = 20_000;

interface Waiting {
  readonly id: number;
  readonly job: EvaluationJob;
  readonly ok: (answer: EvaluationAnswer) => void;
  readonly failed: (error: Error) => void;
}

/** Beside the bundle in a build; the source file when the server runs from sources. */
function workerFile(): URL {
  const built = new URL("./evaluation-worker.mjs", import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : new URL("./evaluation-worker.ts", import.meta.url);
}

export class WorkerEvaluator implements Evaluator {
  readonly #log: (text: string) => void;
  readonly #options: WorkerOptions;
  #worker: Worker | undefined;
  /** False while the thread starts: that takes no job's time, and a job that is not wanted any more does not end it. */
  #ready = false;
  #known = new Set<string>();
  #queue: Waiting[] = [];
  #running: Waiting | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;

  constructor(log: (text: string) => void, options: WorkerOptions = {}) {
    this.#log = log;
    this.#options = options;
  }

  run(job: EvaluationJob): Running {
    const id = this.#nextId++;
    const answer = new Promise<EvaluationAnswer>((ok, failed) => {
      this.#queue.push({ id, job, ok, failed });
      this.#next();
    });
    return { answer, stop: () => this.#stop(id) };
  }

  dispose(): void {
    this.#end(new Error("the server is shutting down"));
    for (const waiting of this.#queue.splice(0)) waiting.failed(new Error("the server is shutting down"));
  }

  #next(): void {
    if (this.#running !== undefined || this.#queue.length === 0) return;
    this.#worker ??= this.#start();
    if (!this.#ready) return;
    const next = this.#queue.shift()!;
    this.#running = next;
    const { module, data, timeout, ...rest } = next.job;
    const request: WorkerRequest = {
      ...rest,
      id: next.id,
      module: this.#known.has(next.job.key) ? undefined : module,
      data: this.#known.has(next.job.dataKey) ? undefined : data,
      forget: this.#remember(next.job.key, next.job.dataKey),
    };
    this.#timer = setTimeout(() => this.#end(new Error(`the evaluation took longer than ${timeout} ms`)), timeout);
    this.#worker.postMessage(request);
  }

  /** Notes the keys as the latest and gives those that are too old to keep. */
  #remember(...keys: readonly string[]): readonly string[] {
    for (const key of keys) {
      this.#known.delete(key);
      this.#known.add(key);
    }
    const old = [...this.#known].slice(0, Math.max(0, this.#known.size - kept));
    for (const key of old) this.#known.delete(key);
    return old;
  }

  #start(): Worker {
    const worker = new Worker(this.#options.file ?? workerFile(), { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    this.#known = new Set();
    this.#ready = false;
    worker.unref();
    const limit = this.#options.startLimit ?? defaultStartLimit;
    const late = setTimeout(
      () => this.#giveUp(worker, new Error(`the evaluation thread was not ready after ${limit} ms`)),
      limit,
    );
    late.unref();
    worker.on("message", (reply: WorkerReply) => {
      if (reply === "ready") {
        clearTimeout(late);
        if (this.#worker === worker) this.#ready = true;
        this.#next();
        return;
      }
      const running = this.#running;
      if (running === undefined || running.id !== reply.id) return;
      this.#finish();
      if ("answer" in reply) running.ok(reply.answer);
      else running.failed(new Error(reply.fault));
      this.#next();
    });
    worker.on("error", (error: Error) => {
      clearTimeout(late);
      this.#giveUp(worker, error);
    });
    return worker;
  }

  /** Ends a thread that is broken; one that could not even start answers whoever waits for it. */
  #giveUp(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#log(`evaluation worker: ${error.message}`);
    if (!this.#ready) this.#queue.shift()?.failed(error);
    this.#end(error);
  }

  #stop(id: number): void {
    const at = this.#queue.findIndex((waiting) => waiting.id === id);
    if (at >= 0) this.#queue.splice(at, 1)[0]!.failed(new Error("no longer wanted"));
    else if (this.#running?.id === id) this.#end(new Error("no longer wanted"));
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#running = undefined;
  }

  /** Ends the thread with whatever it does; the next job gets a new one. */
  #end(reason: Error): void {
    const running = this.#running;
    const worker = this.#worker;
    this.#finish();
    this.#worker = undefined;
    void worker?.terminate();
    running?.failed(reason);
    this.#next();
  }
}
