// Where the time of an evaluation goes: by row of the source, from the marks of its plan. As `opa eval --profile` counts it.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Explained } from "./explanation-text.ts";
import { MarkClock, type MarkTimes, type PassedMark, passedMarks } from "./mark-times.ts";

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

/** Listens to evaluations of one module compiled with `courseRequest`; the clock is in nanoseconds. */
export class Profiler {
  readonly #module: EmittedModule;
  readonly #explained: Explained;
  readonly #passed: readonly PassedMark[];
  readonly #clock: MarkClock;
  readonly onMark: (mark: number) => void;

  constructor(module: EmittedModule, explained: Explained, clock: () => number) {
    this.#module = module;
    this.#explained = explained;
    this.#passed = passedMarks(module);
    this.#clock = new MarkClock(this.#passed, clock);
    this.onMark = this.#clock.onMark;
  }

  reset(): void {
    this.#clock.reset();
  }

  report(keys: readonly ProfileKey[], limit: number): readonly ProfileRow[] {
    return profileRows(this.#module, this.#explained, this.#passed, this.#clock.times(), keys, limit);
  }
}

/** The rows, greatest first by the keys, lines and files too; `limit` 0 for all. */
export function profileRows(
  { marks }: EmittedModule,
  explained: Explained,
  passed: readonly PassedMark[],
  times: readonly MarkTimes[],
  keys: readonly ProfileKey[],
  limit: number,
): readonly ProfileRow[] {
  const growing = new Map<string, Growing>();
  const rowOf = (number: number | undefined): Growing | undefined => {
    const mark = number === undefined ? undefined : marks[number];
    if (mark?.kind !== "eval") return undefined;
    const place = explained.placeOfMark(mark);
    const key = `${place.file}:${place.row}`;
    const found = growing.get(key) ?? { time: 0, evals: 0, redos: 0, positions: new Set(), ...place };
    growing.set(key, found);
    return found;
  };
  for (const { mark, count, time } of times) {
    const { tried, redone } = passed[mark]!;
    const goneBackTo = rowOf(redone);
    if (goneBackTo !== undefined) goneBackTo.redos += count;
    const row = rowOf(tried);
    const expression = tried === undefined ? undefined : marks[tried];
    if (row !== undefined && expression?.kind === "eval") {
      row.evals += count;
      row.positions.add(expression.index);
    }
    const current = row ?? goneBackTo;
    if (current !== undefined) current.time += time;
  }
  const rows = [...growing.values()].map(
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
