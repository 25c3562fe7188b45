// A few places for heavy work, given in turn to those who wait: one domain's thousand jobs do not hold up another's first.
import { Problem } from "./http/problem.ts";

/** Jobs of one owner that may wait. */
const maxWaiting = 200;

interface Waiting {
  /** Milliseconds of the process's clock. */
  readonly came: number;
  readonly start: () => void;
}

export class FairQueue {
  private readonly places: number;
  private running = 0;
  /** Owner → its jobs in the order they came; the first owner's turn is next. */
  private readonly waiting = new Map<string, Waiting[]>();

  constructor(places: number) {
    this.places = places;
  }

  /** Jobs that run or wait. */
  get load(): number {
    return [...this.waiting.values()].reduce((sum, { length }) => sum + length, this.running);
  }

  /** Seconds since the oldest waiting job came; 0 without one. */
  get age(): number {
    const came = [...this.waiting.values()].flatMap(([first]) => (first === undefined ? [] : [first.came]));
    return came.length === 0 ? 0 : (performance.now() - Math.min(...came)) / 1000;
  }

  /** Does the work when it is the owner's turn; 429 when too much of the owner waits already. */
  async run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    if (this.running < this.places) this.running++;
    else await this.turn(owner);
    try {
      return await work();
    } finally {
      this.next();
    }
  }

  private turn(owner: string): Promise<void> {
    const own = this.waiting.get(owner) ?? [];
    if (own.length >= maxWaiting)
      throw new Problem(429, "busy", "Too much waits", "Too many publishes of this domain wait already; wait 5 s.", {
        headers: { "Retry-After": "5" },
      });
    this.waiting.set(owner, own);
    return new Promise((start) => own.push({ came: performance.now(), start }));
  }

  /** Hands the place to the owner whose turn it is; that owner's next job waits behind all others. */
  private next(): void {
    const [turn] = this.waiting;
    const job = turn?.[1].shift();
    if (turn === undefined || job === undefined) {
      this.running--;
      return;
    }
    const [owner, own] = turn;
    this.waiting.delete(owner);
    if (own.length > 0) this.waiting.set(owner, own);
    job.start();
  }
}
