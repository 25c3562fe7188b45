// Where the time of an evaluation goes: by row of the source, from the steps of a watched module. As `opa eval --profile` counts it.
import type { Checked } from "#analysis/rego/checked.ts";
import { walkBody } from "#analysis/rego/tree/walk.ts";
import { STEP_PASS, STEP_REACH } from "#compiler/wasm/abi.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Body, Rule } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { queryFile, type TracedQuery } from "./trace.ts";

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

/** Listens to evaluations of one module made of `markHeads` modules; the clock is in nanoseconds. */
export class Profiler {
  private readonly rows = new Map<string, Growing>();
  private readonly module: EmittedModule;
  private readonly clock: () => number;
  /** Places of expressions: what else has steps, such as a head, counts for the expression before it. */
  private readonly expressions: ReadonlySet<string>;
  private current: Growing | undefined;
  private since = 0;

  constructor(checked: Checked, module: EmittedModule, query: TracedQuery, clock: () => number) {
    this.expressions = expressionPlaces(checked, module, query);
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
    if (!found.whole && this.expressions.has(keyOf(found.location))) {
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

  private rowOf(location: Location): Growing {
    const key = `${location.file}:${location.row}`;
    let row = this.rows.get(key);
    if (row === undefined) {
      const file = this.module.files[location.file] ?? "";
      row = { time: 0, evals: 0, redos: 0, steps: new Set(), file, row: location.row, col: location.col };
      this.rows.set(key, row);
    }
    return row;
  }

  /** The rows, greatest first by the keys, lines and files too. */
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

type Location = EmittedModule["steps"][number]["location"];

function keyOf({ file, row, col, endRow, endCol }: Location): string {
  return `${file}:${row}:${col}-${endRow}:${endCol}`;
}

function expressionPlaces(checked: Checked, module: EmittedModule, query: TracedQuery): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (file: string, text: string, bodies: readonly Body[]): void => {
    const at = module.files.indexOf(file);
    const lines = new LineIndex(text);
    for (const body of bodies)
      walkBody(body, (node) => {
        const places = node.kind !== "expr" ? [] : node.body.kind === "call" ? [node, node.body] : [node];
        for (const { start, end } of places) {
          const [from, to] = [lines.rowCol(start), lines.rowColOfEnd(end)];
          found.add(keyOf({ file: at, ...from, endRow: to.row, endCol: to.col }));
        }
        return undefined;
      });
  };
  for (const { file, text, module: compiled } of checked.modules) add(file, text, compiled.rules.flatMap(bodiesOf));
  add(queryFile, query.text, [query.body]);
  return found;
}

/** Those of the rule and of its `else` branches. */
function bodiesOf(rule: Rule): readonly Body[] {
  const found: Body[] = [];
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) found.push(branch.body ?? []);
  return found;
}

function isEmpty({ row, col, endRow, endCol }: Location): boolean {
  return row === endRow && col === endCol;
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
