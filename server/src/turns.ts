// Long work in short turns: messages are read and answered between two of them.
import type { Steps } from "#grammars/text/steps.ts";
import { type Running, unwanted } from "./evaluator.ts";
import type { Ports } from "./ports.ts";

type Clock = Pick<Ports, "now" | "later">;

/** Steps as far as one turn brings them; undefined when there are more. */
export function oneTurn<T>({ now }: Clock, steps: Steps<T>, milliseconds: number): { readonly result: T } | undefined {
  const end = now() + milliseconds;
  do {
    const step = steps.next();
    if (step.done === true) return { result: step.value };
  } while (now() < end);
  return undefined;
}

/** The next turn: messages that are here by then were answered. */
export function nextTurn({ later }: Pick<Clock, "later">): Promise<void> {
  return new Promise((ok) => void later(0, ok));
}

/** Does the steps in turns of some milliseconds, from the next one on; undefined when they are not wanted any more. */
export async function inTurns<T>(
  clock: Clock,
  steps: Steps<T>,
  milliseconds: number,
  isWanted: () => boolean = () => true,
): Promise<{ readonly result: T } | undefined> {
  for (;;) {
    await nextTurn(clock);
    if (!isWanted()) return undefined;
    const done = oneTurn(clock, steps, milliseconds);
    if (done !== undefined) return done;
  }
}

/** So many milliseconds may a key wait for work that it makes useless. */
export const turn = 4;

/** Pieces of work that share something: each is done, or dropped, before the next one begins. */
export class Turns {
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  run<T>(steps: Steps<T>): Running<T> {
    let isWanted = true;
    const answer = this.#last.then(async () => {
      const done = await inTurns(this.#clock, steps, turn, () => isWanted);
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
