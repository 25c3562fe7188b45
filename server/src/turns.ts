// Long work in short turns: messages are read and answered between two of them.
import type { Steps } from "#grammars/text/steps.ts";
import { type Running, unwanted } from "./evaluator.ts";
import type { Ports } from "./ports.ts";

type Clock = Pick<Ports, "now">;

/** Work that nobody asked for comes last. */
export type Urgency = "asked" | "last";

/** Among messages that do not end, one turn in so many milliseconds is given all the same. */
const fair = 50;

/** Gives turns, one at a time: what has come is read between two of them, and while a message waits there are few. */
export class Pace {
  readonly now: () => number;
  readonly #later: Ports["later"];
  readonly #isBusy: () => boolean;
  readonly #waiting: Record<Urgency, (() => void)[]> = { asked: [], last: [] };
  #isGiving = false;
  /** Since when a turn waits for messages. */
  #busySince: number | undefined;

  constructor({ now, later }: Pick<Ports, "now" | "later">, isBusy: () => boolean = () => false) {
    this.now = now;
    this.#later = later;
    this.#isBusy = isBusy;
  }

  /** The next turn of whoever asks, after all who asked before with the same urgency. */
  next(urgency: Urgency = "asked"): Promise<void> {
    return new Promise((ok) => {
      this.#waiting[urgency].push(ok);
      if (!this.#isGiving) this.#later(0, this.#give);
      this.#isGiving = true;
    });
  }

  readonly #give = (): void => {
    const { asked, last } = this.#waiting;
    if (this.#isFree()) (asked.shift() ?? last.shift())?.();
    this.#isGiving = asked.length + last.length > 0;
    if (this.#isGiving) this.#later(0, this.#give);
  };

  #isFree(): boolean {
    const now = this.now();
    this.#busySince ??= now;
    const isFree = !this.#isBusy() || now - this.#busySince >= fair;
    if (isFree) this.#busySince = undefined;
    return isFree;
  }
}

/** Steps as far as one turn brings them; undefined when there are more. */
export function oneTurn<T>({ now }: Clock, steps: Steps<T>, milliseconds: number): { readonly result: T } | undefined {
  const end = now() + milliseconds;
  do {
    const step = steps.next();
    if (step.done === true) return { result: step.value };
  } while (now() < end);
  return undefined;
}

/** Does the steps in turns of some milliseconds, from the next one on; undefined when they are not wanted any more. */
export async function inTurns<T>(
  pace: Pace,
  steps: Steps<T>,
  milliseconds: number,
  isWanted: () => boolean = () => true,
  urgency?: Urgency,
): Promise<{ readonly result: T } | undefined> {
  for (;;) {
    await pace.next(urgency);
    if (!isWanted()) return undefined;
    const done = oneTurn(pace, steps, milliseconds);
    if (done !== undefined) return done;
  }
}

/** So many milliseconds may a key wait for work that it makes useless. */
export const turn = 2;

/** Pieces of work that share something: each is done, or dropped, before the next one begins. */
export class Turns {
  readonly #pace: Pace;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  run<T>(steps: Steps<T>): Running<T> {
    let isWanted = true;
    const answer = this.#last.then(async () => {
      const done = await inTurns(this.#pace, steps, turn, () => isWanted);
      if (done === undefined) throw new Error(unwanted);
      return done.result;
    });
    this.#last = answer.catch(() => undefined);
    return {
      answer,
      stop: () => {
        isWanted = false;
      },
    };
  }
}
