// Where the time of an evaluation goes: by row of the source, from the marks of its plan. As `opa eval --profile` counts it.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Explained } from "./explanation-text.ts";

export interface ProfileRow {
  readonly total_time_ns: number;
  readonly num_eval: number;
  readonly num_redo: number;
  /** Expressions at this row, after compilation: positions in bodies, as OPA counts them. */
  readonly num_gen_expr: number;
  readonly location: { readonly file: string; readonly row: number; readonly col: number };
}

export type ProfileKey = "total_time_ns" | "num_eval" | "num_redo" | "num_gen_expr" | "file" | "line";

export const profileKeys: readonly ProfileKey[] = ["total_time_ns", "num_eval", "num_redo", "num_gen_expr", "file", "line"];

interface Growing {
  time: number;
  evals: number;
  redos: number;
  /** Positions of expressions in their bodies. */
  readonly positions: Set<number>;
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** An expression that a mark stands for. */
interface Counted {
  readonly position: number;
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** What is counted at a mark: an expression that is tried, and those that are gone back to when what follows was tried. */
interface Counts {
  readonly tried: Counted | undefined;
  readonly redone: Counted | undefined;
}

/** Listens to evaluations of one module compiled with `courseRequest`; the clock is in nanoseconds. */
export class Profiler {
  private readonly rows = new Map<string, Growing>();
  private readonly counts: readonly Counts[];
  private readonly clock: () => number;
  private current: Growing | undefined;
  private since = 0;

  constructor(module: EmittedModule, explained: Explained, clock: () => number) {
    this.counts = countsOf(module, explained);
    this.clock = clock;
  }

  reset(): void {
    this.rows.clear();
    this.current = undefined;
  }

  readonly onMark = (mark: number): void => {
    const counts = this.counts[mark];
    if (counts === undefined) return;
    const now = this.clock();
    if (this.current !== undefined) this.current.time += now - this.since;
    const { tried, redone } = counts;
    if (redone !== undefined) {
      this.current = this.rowOf(redone);
      this.current.redos++;
    }
    if (tried !== undefined) {
      this.current = this.rowOf(tried);
      this.current.evals++;
      this.current.positions.add(tried.position);
    }
    this.since = this.clock();
  };

  private rowOf({ file, row, col }: Counted): Growing {
    const key = `${file}:${row}`;
    let found = this.rows.get(key);
    if (found === undefined) {
      found = { time: 0, evals: 0, redos: 0, positions: new Set(), file, row, col };
      this.rows.set(key, found);
    }
    return found;
  }

  /** The rows, greatest first by the keys, lines and files too. */
  report(keys: readonly ProfileKey[], limit: number): readonly ProfileRow[] {
    const rows = [...this.rows.values()].map(
      ({ time, evals, redos, positions, file, row, col }): ProfileRow => ({
        total_time_ns: Math.round(time),
        num_eval: evals,
        num_redo: redos,
        num_gen_expr: positions.size,
        location: { file, row, col },
      }),
    );
    rows.sort((a, b) => keys.reduce((order, key) => order || compareBy(key, a, b), 0));
    return limit > 0 ? rows.slice(0, limit) : rows;
  }
}

function countsOf({ marks }: EmittedModule, explained: Explained): readonly Counts[] {
  const exprs = marks.map((mark): Counted | undefined =>
    mark.kind === "eval" ? { position: mark.index, ...explained.placeOfMark(mark) } : undefined,
  );
  /** The expression that a mark stands behind. */
  const around = (number: number): number => {
    let at = marks[number]?.parent ?? -1;
    while (at >= 0 && marks[at]?.kind !== "eval") at = marks[at]?.parent ?? -1;
    return at;
  };
  return marks.map((mark): Counts => {
    const { number, kind } = mark;
    const before = marks[mark.parent]?.kind;
    const follows = kind === "end" || (kind === "eval" && before !== "query" && before !== "enter");
    // For each element, OPA goes back to the whole `every`.
    const isElement = kind === "query" && mark.of === "every";
    const behind = isElement ? around(around(number)) : follows ? around(number) : -1;
    const passed = marks[behind];
    const isNegated = passed?.kind === "eval" && passed.expr.negated;
    return { tried: exprs[number], redone: isNegated ? undefined : exprs[behind] };
  });
}

function compareBy(key: ProfileKey, a: ProfileRow, b: ProfileRow): number {
  switch (key) {
    case "file":
      return a.location.file > b.location.file ? -1 : a.location.file < b.location.file ? 1 : 0;
    case "line":
      return b.location.row - a.location.row;
    default:
      return b[key] - a[key];
  }
}
