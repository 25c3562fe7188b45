// A few lasting workers for work that takes long or may never end: requests go on meanwhile, and what exceeds its time is ended.
import type { Worker } from "node:worker_threads";
import { startWorker } from "./start-worker.ts";

export interface PoolLimits {
  readonly workers: number;
  /** Jobs that may wait for a worker. */
  readonly waiting: number;
  /** Milliseconds for one job, from its start in a worker, unless it comes with its own. */
  readonly time: number;
  /** Megabytes of each worker's heap. */
  readonly heap: number;
  /** Megabytes of heap with which a worker is not kept for the next job: only its end gives them back at once. */
  readonly rest?: number;
}

/** A job that was not done, with the reason. */
export class JobError extends Error {
  readonly kind: "busy" | "time" | "failed";

  constructor(kind: JobError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a worker answers: the result, or why there is none; and how many megabytes its heap has by now. */
export type Reply<Result> = ({ readonly result: Result } | { readonly fault: string }) & { readonly heap?: number };

interface Task<Job, Result> {
  readonly job: Job;
  /** Milliseconds from its start. */
  readonly time: number;
  /** It may take longer than the pool's own jobs. */
  readonly isLong: boolean;
  /** Milliseconds of the process's clock. */
  readonly came: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: JobError) => void;
}

export class WorkerPool<Job, Result> {
  private readonly name: string;
  private readonly data: unknown;
  private readonly limits: PoolLimits;
  private readonly idle: Worker[] = [];
  /** Workers at work, with their jobs. */
  private readonly busy = new Map<Worker, Task<Job, Result>>();
  private readonly queue: Task<Job, Result>[] = [];
  private closed = false;

  /** Workers run `name`, a file beside this one, with `data` as their `workerData`; they start when they are needed. */
  constructor(name: string, data: unknown, limits: PoolLimits) {
    this.name = name;
    this.data = data;
    this.limits = limits;
  }

  /** Jobs that run or wait. */
  get load(): number {
    return this.busy.size + this.queue.length;
  }

  /** Seconds since the oldest of them came; 0 without one. */
  get age(): number {
    const came = [...this.busy.values(), ...this.queue.slice(0, 1)].map((task) => task.came);
    return came.length === 0 ? 0 : (performance.now() - Math.min(...came)) / 1000;
  }

  /**
   * Rejects with a JobError: `busy` at once when too many wait already. `time` instead of the pool's limit, in milliseconds: jobs that are
   * given more leave a worker, and most of the room to wait, to the others.
   */
  run(job: Job, time: number = this.limits.time): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new JobError("failed", "the server stops"));
      const task = { job, time, isLong: time > this.limits.time, came: performance.now(), resolve, reject };
      if (!this.mayWait(task) && !this.mayStart(task))
        return reject(new JobError("busy", "the server has too much of this to do already"));
      this.queue.push(task);
      this.next();
    });
  }

  private mayWait({ isLong }: Task<Job, Result>): boolean {
    const { waiting } = this.limits;
    return this.queue.length < waiting && (!isLong || this.queue.filter((one) => one.isLong).length < Math.ceil(waiting / 4));
  }

  private mayStart({ isLong }: Task<Job, Result>): boolean {
    const { workers } = this.limits;
    if (this.busy.size >= workers) return false;
    return !isLong || [...this.busy.values()].filter((one) => one.isLong).length < Math.max(1, workers - 1);
  }

  private next(): void {
    const first = this.queue.findIndex((one) => this.mayStart(one));
    if (first < 0) return;
    const task = this.queue.splice(first, 1)[0]!;
    const worker = this.idle.pop() ?? this.start();
    this.busy.set(worker, task);
    worker.ref();
    // Only these are taken off again: whoever waits for the worker's end listens too.
    const listeners = {
      message: (reply: Reply<Result>) =>
        settle((reply.heap ?? 0) <= (this.limits.rest ?? Number.POSITIVE_INFINITY), () =>
          "result" in reply ? task.resolve(reply.result) : task.reject(new JobError("failed", reply.fault)),
        ),
      error: (error: Error) => settle(false, () => task.reject(new JobError("failed", error.message))),
      exit: () => settle(false, () => task.reject(new JobError("failed", "the worker ended"))),
    };
    const settle = (keep: boolean, tell: () => void): void => {
      clearTimeout(timer);
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
      this.busy.delete(worker);
      if (keep && !this.closed) {
        worker.unref();
        this.idle.push(worker);
      } else void worker.terminate();
      tell();
      this.next();
    };
    const timer = setTimeout(() => {
      const why = `it took more than ${task.time / 1000} seconds`;
      settle(false, () => task.reject(new JobError("time", why)));
    }, task.time);
    for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
    worker.postMessage(task.job);
  }

  private start(): Worker {
    const worker = startWorker(this.name, this.data, this.limits.heap);
    // What a worker says after its end concerns nobody.
    worker.on("error", () => {});
    return worker;
  }

  /** Ends every worker; what waits is rejected. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.queue.splice(0)) reject(new JobError("failed", "the server stops"));
    const ended = [...this.idle, ...this.busy.keys()].map((worker) => {
      // An idle worker does not keep the process alive; its end must be waited for all the same.
      worker.ref();
      return worker.terminate();
    });
    await Promise.all(ended);
  }
}
