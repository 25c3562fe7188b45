// Long work in short turns: messages are read and answered between two of them.
import type { Steps } from "#grammars/text/steps.ts";
import { type Running, unwanted } from "./evaluator.ts";
import type { Ports } from "./ports.ts";

type Clock = Pick<Ports, "now">;

/** Gives turns, one at a time: what has come is read between two of them, and while a message waits there is none. */
export class Pace {
  readonly now: () => number;
  readonly #later: Ports["later"];
  readonly #isBusy: () => boolean;
  readonly #waiting: (() => void)[] = [];

  constructor({ now, later }: Pick<Ports, "now" | "later">, isBusy: () => boolean = () => false) {
    this.now = now;
    this.#later = later;
    this.#isBusy = isBusy;
  }

  /** The next turn of whoever asks, after all who asked before. */
  next(): Promise<void> {
    return new Promise((ok) => {
      this.#waiting.push(ok);
      if (this.#waiting.length === 1) this.#later(0, this.#give);
    });
  }

  readonly #give = (): void => {
    if (!this.#isBusy()) this.#waiting.shift()?.();
    if (this.#waiting.length > 0) this.#later(0, this.#give);
  };
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
): Promise<{ readonly result: T } | undefined> {
  for (;;) {
    await pace.next();
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
