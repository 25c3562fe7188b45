// Where the time of an evaluation goes: by row of the source, from the steps of a watched module. As `opa eval --profile` counts it.
import { STEP_PASS, STEP_REACH } from "#compiler/wasm/abi.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";

export interface ProfileRow {
  readonly total_time_ns: number;
  readonly num_eval: number;
  readonly num_redo: number;
  /** Expressions at this row, after compilation. */
  readonly num_gen_expr: number;
  readonly location: { readonly file: string; readonly row: number; readonly col: number };
}

export type ProfileKey = "total_time_ns" | "num_eval" | "num_redo" | "num_gen_expr" | "file" | "line";

export const profileKeys: readonly ProfileKey[] = ["total_time_ns", "num_eval", "num_redo", "num_gen_expr", "file", "line"];

interface Growing {
  time: number;
  evals: number;
  redos: number;
  readonly steps: Set<number>;
  readonly file: string;
  readonly row: number;
  col: number;
}

/** Listens to evaluations of one module; the clock is in nanoseconds. */
export class Profiler {
  private readonly rows = new Map<string, Growing>();
  private readonly module: EmittedModule;
  private readonly clock: () => number;
  private current: Growing | undefined;
  private since = 0;

  constructor(module: EmittedModule, clock: () => number) {
    this.module = module;
    this.clock = clock;
  }

  reset(): void {
    this.rows.clear();
    this.current = undefined;
  }

  readonly onStep = (step: number, phase: number): void => {
    const found = this.module.steps[step];
    // Steps without an extent are marks of ours.
    if (found === undefined || isEmpty(found.location)) return;
    const now = this.clock();
    if (this.current !== undefined) this.current.time += now - this.since;
    if (!found.whole) {
      const row = this.rowOf(found.location);
      this.current = row;
      if (phase === STEP_REACH) {
        row.evals++;
        row.steps.add(step);
        row.col = Math.min(row.col, found.location.col);
      } else if (phase === STEP_PASS) row.redos++;
    }
    this.since = this.clock();
  };

  private rowOf(location: EmittedModule["steps"][number]["location"]): Growing {
    const key = `${location.file}:${location.row}`;
    let row = this.rows.get(key);
    if (row === undefined) {
      const file = this.module.files[location.file] ?? "";
      row = { time: 0, evals: 0, redos: 0, steps: new Set(), file, row: location.row, col: location.col };
      this.rows.set(key, row);
    }
    return row;
  }

  /** The rows, greatest first by the keys, lines too; files in order. */
  report(keys: readonly ProfileKey[], limit: number): readonly ProfileRow[] {
    const rows = [...this.rows.values()].map(
      ({ time, evals, redos, steps, file, row, col }): ProfileRow => ({
        total_time_ns: Math.round(time),
        num_eval: evals,
        num_redo: redos,
        num_gen_expr: steps.size,
        location: { file, row, col },
      }),
    );
    rows.sort((a, b) => keys.reduce((order, key) => order || compareBy(key, a, b), 0));
    return limit > 0 ? rows.slice(0, limit) : rows;
  }
}

function isEmpty({ row, col, endRow, endCol }: EmittedModule["steps"][number]["location"]): boolean {
  return row === endRow && col === endCol;
}

function compareBy(key: ProfileKey, a: ProfileRow, b: ProfileRow): number {
  switch (key) {
    case "file":
      return a.location.file < b.location.file ? -1 : a.location.file > b.location.file ? 1 : 0;
    case "line":
      return b.location.row - a.location.row;
    default:
      return b[key] - a[key];
  }
}
