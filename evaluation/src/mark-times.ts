// How often each mark of an evaluation is reached, and how long it takes until the next one: plain numbers, which go from one thread to another.
import type { EmittedModule } from "#compiler/wasm/emit.ts";

/** What a mark stands for: an expression that is tried, and those that are gone back to when what follows was tried; both by their marks. */
export interface PassedMark {
  readonly tried: number | undefined;
  readonly redone: number | undefined;
}

export interface MarkTimes {
  readonly mark: number;
  readonly count: number;
  /** In the unit of the clock. */
  readonly time: number;
}

/** Of each mark of a module compiled with `courseRequest`. */
export function passedMarks({ marks }: EmittedModule): readonly PassedMark[] {
  /** The expression that a mark stands behind. */
  const around = (number: number): number => {
    let at = marks[number]?.parent ?? -1;
    while (at >= 0 && marks[at]?.kind !== "eval") at = marks[at]?.parent ?? -1;
    return at;
  };
  return marks.map((mark): PassedMark => {
    const { number, kind } = mark;
    const before = marks[mark.parent]?.kind;
    const follows = kind === "end" || (kind === "eval" && before !== "query" && before !== "enter");
    // For each element, OPA goes back to the whole `every`.
    const isElement = kind === "query" && mark.of === "every";
    const behind = isElement ? around(around(number)) : follows ? around(number) : -1;
    const passed = marks[behind];
    const isGoneBackTo = passed?.kind === "eval" && !passed.expr.negated;
    return { tried: kind === "eval" ? number : undefined, redone: isGoneBackTo ? behind : undefined };
  });
}

/** Listens to evaluations. */
export class MarkClock {
  readonly #passed: readonly PassedMark[];
  readonly #clock: () => number;
  readonly #counts: number[] = [];
  readonly #times: number[] = [];
  /** In the order in which they were reached. */
  #reached: number[] = [];
  #current: number | undefined;
  #since = 0;

  constructor(passed: readonly PassedMark[], clock: () => number) {
    this.#passed = passed;
    this.#clock = clock;
  }

  reset(): void {
    this.#reached = [];
    this.#current = undefined;
    this.#counts.length = 0;
    this.#times.length = 0;
  }

  readonly onMark = (mark: number): void => {
    const now = this.#clock();
    if (this.#current !== undefined) this.#times[this.#current]! += now - this.#since;
    const passed = this.#passed[mark];
    if (passed !== undefined && (passed.tried !== undefined || passed.redone !== undefined)) {
      if (this.#counts[mark] === undefined) {
        this.#reached.push(mark);
        this.#counts[mark] = 0;
        this.#times[mark] = 0;
      }
      this.#counts[mark]!++;
      this.#current = mark;
    }
    this.#since = this.#clock();
  };

  times(): readonly MarkTimes[] {
    return this.#reached.map((mark) => ({ mark, count: this.#counts[mark]!, time: this.#times[mark]! }));
  }
}
