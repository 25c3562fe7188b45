// Evaluation in a thread of its own: one job at a time, ended with the thread when it takes too long or is no longer wanted.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Stopped } from "./evaluate-job.ts";
import {
  type EvaluationAnswer,
  type EvaluationJob,
  EvaluationTimeout,
  type Evaluator,
  type Running,
  unwanted,
} from "./evaluator.ts";

export interface WorkerRequest extends Omit<EvaluationJob, "module" | "data" | "timeout"> {
  readonly id: number;
  /** Left out when the worker has it under the key already. */
  readonly module: EmittedModule | undefined;
  readonly data: string | undefined;
  /** Milliseconds after which the thread gives up by itself, where it cannot be told. */
  readonly limit: number | undefined;
  /** Keys that nobody will ask again. */
  readonly forget: readonly string[];
}

/** Modules and documents that the worker keeps. */
const kept = 8;
/** `ready` once, when the thread can take its first job; then one answer for each. */
export type WorkerReply =
  | "ready"
  | ({ readonly id: number } & ({ readonly answer: EvaluationAnswer | Stopped } | { readonly fault: string }));

/** A thread that evaluates, seen from the one that starts it. */
export interface EvaluationThread {
  /** Where the thread looks up the number of the job that it shall give up; undefined where threads share no memory. */
  readonly unwanted: Int32Array | undefined;
  send(request: WorkerRequest): void;
  end(): void;
}

export interface ThreadEvents {
  reply(reply: WorkerReply): void;
  /** It is broken, and answers nothing more. */
  failed(error: Error): void;
}

export type StartThread = (events: ThreadEvents) => EvaluationThread;

export interface WorkerOptions {
  /** Milliseconds in which a thread must be ready for its first job. */
  readonly startLimit?: number;
  /** Milliseconds in which a thread must give up a job that is not wanted any more; then it is ended. */
  readonly grace?: number;
}

/** A thread looks up every millisecond or so, but must get the processor for that. */
const defaultGrace = 100;

/** A job that runs for so many milliseconds may have to be ended with its thread: the next one is started in good time. */
const longRun = 100;

/** A loaded machine starts a thread in a second or two. */
const defaultStartLimit = 20_000;

interface Waiting {
  readonly id: number;
  readonly job: EvaluationJob;
  readonly ok: (answer: EvaluationAnswer) => void;
  readonly failed: (error: Error) => void;
}

interface Thread {
  readonly worker: EvaluationThread;
  /** Gives it up when it is not ready in time. */
  readonly late: ReturnType<typeof setTimeout>;
  /** False while the thread starts: that takes no job's time, and a job that is not wanted any more does not end it. */
  ready: boolean;
}

/** Bytes of a document or input that are handed to a thread: half of its Wasm memory, which holds the text and its values; a much longer text would end the process with the thread. */
const longestText = 128 * 1024 * 1024;
/** Bytes of UTF-8 that a code unit takes at most. */
const widest = 3;

export const outOfMemory = "the evaluation needs more memory than it may have";

/** The length in UTF-8, without a copy of it all. */
function bytesOf(text: string): number {
  const encoder = new TextEncoder();
  const piece = 1024 * 1024;
  let bytes = 0;
  for (let at = 0; at < text.length; at += piece) bytes += encoder.encode(text.slice(at, at + piece)).length;
  return bytes;
}

/** What of the job is too long for a thread. */
function tooLong({ data, questions }: EvaluationJob): "data" | "input" | undefined {
  const exceeds = (text = ""): boolean =>
    text.length > longestText || (text.length > longestText / widest && bytesOf(text) > longestText);
  if (exceeds(data)) return "data";
  return questions.some(({ input }) => exceeds(input)) ? "input" : undefined;
}

function end(thread: Thread | undefined): void {
  clearTimeout(thread?.late);
  thread?.worker.end();
}

export class WorkerEvaluator implements Evaluator {
  readonly #log: (text: string) => void;
  readonly #startThread: StartThread;
  readonly #options: WorkerOptions;
  #thread: Thread | undefined;
  /** Takes over when the thread has to be ended. */
  #spare: Thread | undefined;
  /** What the thread keeps. */
  #known = new Set<string>();
  #queue: Waiting[] = [];
  #running: Waiting | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #spareTimer: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  #disposed = false;

  constructor(log: (text: string) => void, start: StartThread, options: WorkerOptions = {}) {
    this.#log = log;
    this.#startThread = start;
    this.#options = options;
  }

  run(job: EvaluationJob): Running {
    const id = this.#nextId++;
    const long = tooLong(job);
    if (long !== undefined) {
      const reason = new Error(`the ${long} needs more memory than it may have`);
      return { answer: Promise.reject(reason), stop: () => undefined };
    }
    const answer = new Promise<EvaluationAnswer>((ok, failed) => {
      this.#queue.push({ id, job, ok, failed });
      this.#next();
    });
    return { answer, stop: () => this.#stop(id) };
  }

  dispose(): void {
    this.#disposed = true;
    const reason = new Error("the server is shutting down");
    for (const waiting of this.#queue.splice(0)) waiting.failed(reason);
    end(this.#spare);
    this.#spare = undefined;
    this.#end(reason);
  }

  #next(): void {
    if (this.#running !== undefined || this.#queue.length === 0) return;
    this.#thread ??= this.#start();
    if (!this.#thread.ready) return;
    const next = this.#queue.shift()!;
    this.#running = next;
    const { module, data, timeout, ...rest } = next.job;
    const request: WorkerRequest = {
      ...rest,
      id: next.id,
      module: this.#known.has(next.job.key) ? undefined : module,
      data: this.#known.has(next.job.dataKey) ? undefined : data,
      limit: this.#thread.worker.unwanted === undefined ? timeout : undefined,
      forget: this.#remember(next.job.key, next.job.dataKey),
    };
    // A thread that knows the limit itself is left the time to say where it was.
    const patience = request.limit === undefined ? timeout : timeout + (this.#options.grace ?? defaultGrace);
    this.#timer = setTimeout(() => this.#giveUp(new EvaluationTimeout(timeout, undefined)), patience);
    this.#spareTimer = setTimeout(() => {
      this.#spare ??= this.#start();
    }, longRun);
    this.#thread.worker.send(request);
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

  #start(): Thread {
    const limit = this.#options.startLimit ?? defaultStartLimit;
    const late = setTimeout(
      () => this.#broken(thread, new Error(`the evaluation thread was not ready after ${limit} ms`)),
      limit,
    );
    const worker = this.#startThread({
      reply: (reply) => {
        if (reply === "ready") {
          clearTimeout(late);
          thread.ready = true;
          this.#next();
        } else if (this.#thread === thread) this.#answered(reply);
      },
      failed: (error) => {
        clearTimeout(late);
        this.#broken(thread, error);
      },
    });
    const thread: Thread = { worker, late, ready: false };
    return thread;
  }

  #answered(reply: Exclude<WorkerReply, "ready">): void {
    const running = this.#running;
    if (running === undefined || running.id !== reply.id) return;
    this.#finish();
    if (!("answer" in reply)) running.failed(new Error(reply.fault));
    else if ("answers" in reply.answer) running.ok(reply.answer);
    else running.failed(new EvaluationTimeout(running.job.timeout, reply.answer.stoppedAt));
    this.#next();
  }

  /** Ends a thread that is broken; one that could not even start answers whoever waits for it. */
  #broken(thread: Thread, error: Error): void {
    if (thread === this.#spare) {
      this.#spare = undefined;
      end(thread);
    }
    if (thread !== this.#thread) return;
    this.#log(`evaluation worker: ${error.message}`);
    if (!thread.ready) this.#queue.shift()?.failed(error);
    this.#end(error);
  }

  #stop(id: number): void {
    const at = this.#queue.findIndex((waiting) => waiting.id === id);
    const reason = new Error(unwanted);
    if (at >= 0) this.#queue.splice(at, 1)[0]!.failed(reason);
    else if (this.#running?.id === id) {
      this.#running.failed(reason);
      this.#giveUp(reason);
    }
  }

  /** Tells the thread that the job is not wanted any more, and ends the thread if it goes on with it. */
  #giveUp(reason: Error): void {
    const { id } = this.#running ?? {};
    if (id === undefined || this.#thread === undefined) return;
    const { unwanted: told } = this.#thread.worker;
    // A thread that cannot be told has known the limit itself; what is only not wanted is mostly done soon, and sooner than a new thread begins.
    if (told !== undefined) Atomics.store(told, 0, id);
    else if (reason instanceof EvaluationTimeout) return this.#end(reason);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(reason), this.#options.grace ?? defaultGrace);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#spareTimer);
    this.#running = undefined;
  }

  /** Ends the thread with whatever it does; the spare one takes over, or a new one starts at once. */
  #end(reason: Error): void {
    const running = this.#running;
    const thread = this.#thread;
    this.#finish();
    // A thread that could not start is tried again by the next job only.
    this.#thread = this.#spare ?? (thread?.ready === true && !this.#disposed ? this.#start() : undefined);
    this.#spare = undefined;
    this.#known = new Set();
    end(thread);
    running?.failed(reason);
    this.#next();
  }
}
