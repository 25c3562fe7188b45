// The faults met so far, as the parser keeps them in its places: one more costs no copy of the others, and a place that is restored has its own.
import type { Range } from "./ast.ts";

export interface Fault {
  readonly range: Range;
  readonly message: string;
  /** Where the string opens that is not closed, when that is not the range's start. */
  readonly opened?: number;
}

/** Faults that are told of one text: of a broken file of some megabytes there could be millions. */
export const mostFaults = 100_000;

export class FaultList {
  static readonly none: FaultList = new FaultList(0, undefined, undefined);

  readonly length: number;
  readonly #last: Fault | undefined;
  readonly #before: FaultList | undefined;

  private constructor(length: number, last: Fault | undefined, before: FaultList | undefined) {
    this.length = length;
    this.#last = last;
    this.#before = before;
  }

  with(fault: Fault): FaultList {
    return this.length < mostFaults ? new FaultList(this.length + 1, fault, this) : this;
  }

  /** In the order met. */
  all(): readonly Fault[] {
    const found: Fault[] = [];
    for (let at: FaultList | undefined = this; at !== undefined; at = at.#before)
      if (at.#last !== undefined) found.push(at.#last);
    return found.reverse();
  }
}
