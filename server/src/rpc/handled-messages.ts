// The last messages that a connection handled: what they asked for and how long that took, nothing of what was in them.
import type { HandledMessage } from "#protocol/messages.ts";

/** Messages that are remembered. */
const most = 2000;

export class HandledMessages {
  readonly #now: () => number;
  readonly #began: number;
  #messages: HandledMessage[] = [];

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
  }

  /** Milliseconds since the first message could have come. */
  get uptime(): number {
    return this.#since(this.#began);
  }

  /** The last ones, in the order of their ends. */
  get last(): readonly HandledMessage[] {
    return this.#messages.slice(-most);
  }

  /** A message is handled from now on; the caller says how it ended. */
  begin(kind: HandledMessage["kind"], method: string, waiting: number): (outcome: HandledMessage["outcome"]) => void {
    const start = this.#now();
    return (outcome) => {
      if (this.#messages.length >= 2 * most) this.#messages = this.#messages.slice(-most);
      this.#messages.push({ kind, method, at: round(start - this.#began), ms: this.#since(start), waiting, outcome });
    };
  }

  #since(start: number): number {
    return round(this.#now() - start);
  }
}

/** To a hundredth of a millisecond. */
const round = (ms: number): number => Math.round(ms * 100) / 100;
