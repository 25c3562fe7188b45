// What `eval` has found, in OPA's shape and in each of its formats.
import { type Json, toJson } from "#bundles/canonical-json.ts";
import type { Coverage } from "#evaluation/coverage.ts";
import type { ProfileRow } from "#evaluation/profile.ts";
import { boxTable } from "./box-table.ts";
import { type ErrorItem, errorText, jsonItems } from "./errors.ts";
import { type EvalFormat, printJson, printPretty, printSolutions } from "./eval-print.ts";
import type { Io } from "./io.ts";
import { aggregate, goFixed, histogram, metricsSummary, metricsTable, numbersJson, summaryNames, summaryOf } from "./metrics.ts";
import type { Solution } from "./query/solutions.ts";
import { duration } from "./test-report.ts";

/** The course of the evaluation in the form that is printed. */
export interface Explanation {
  readonly lines: readonly string[];
  readonly json: readonly Json[];
}

export const nothingTold: Explanation = { lines: [], json: [] };

export const nothingCovered: Coverage = { files: {}, covered_lines: 0, not_covered_lines: 0, coverage: 0 };

export interface EvalOutput {
  readonly query: string;
  /** What ended the evaluation, and what builtins complained of where that is asked for. */
  readonly errors: readonly ErrorItem[];
  readonly solutions: readonly Solution[];
  readonly explanation: Explanation;
  /** The metrics of each run, where they are asked for. */
  readonly runs: readonly ReadonlyMap<string, number>[];
  /** By run. */
  readonly profiles: readonly (readonly ProfileRow[])[];
  readonly coverage: Coverage | undefined;
}

export function printOutput(output: EvalOutput, format: EvalFormat, io: Io): void {
  const { query, errors, solutions, explanation, runs, profiles, coverage } = output;
  switch (format) {
    case "json":
    case "discard":
      return printJson(solutions, membersOf(output), format === "discard", io.out);
    case "pretty":
      io.out(explanation.lines.map((line) => `${line}\n`).join(""));
      if (errors.length > 0) io.err(errorText(errors));
      else io.out(printPretty(solutions));
      if (runs.length > 0) io.out(runs.length === 1 ? metricsTable(runs[0]!) : metricsSummary(runs));
      io.out(profileTable(profiles, query));
      if (coverage !== undefined) io.out(coverageTable(coverage));
      return;
    default:
      if (errors.length > 0) io.err(errorText(errors));
      else io.out(printSolutions(solutions, format));
  }
}

/** What stands beside the result in the JSON document, in OPA's order. */
function membersOf({ errors, explanation, runs, profiles, coverage }: EvalOutput): ReadonlyMap<string, Json> {
  const beside = new Map<string, Json>();
  if (errors.length > 0) beside.set("errors", toJson(jsonItems(errors)));
  if (runs.length === 1) beside.set("metrics", numbersJson(runs[0]!));
  if (runs.length > 1) beside.set("aggregated_metrics", toJson(aggregate(runs)));
  if (explanation.json.length > 0) beside.set("explanation", explanation.json);
  for (const [name, rows] of Object.entries(profileJson(profiles))) beside.set(name, toJson(rows));
  if (coverage !== undefined) beside.set("coverage", toJson(coverage));
  return beside;
}

/** The rows of one run, or what those of several runs come to: each row of the first run with the times of that row in all. */
function profileJson(profiles: readonly (readonly ProfileRow[])[]): Readonly<Record<string, unknown>> {
  const [first = []] = profiles;
  if (first.length === 0) return {};
  if (profiles.length === 1) return { profile: first };
  return {
    aggregated_profile: first.map(({ total_time_ns: _, ...row }, at) => ({ total_time_ns_stats: timesOf(profiles, at), ...row })),
  };
}

function timesOf(profiles: readonly (readonly ProfileRow[])[], at: number): Readonly<Record<string, number>> {
  return histogram(profiles.flatMap((rows) => rows[at]?.total_time_ns ?? []));
}

/** Rows of the query are named by its text. */
function profileTable(profiles: readonly (readonly ProfileRow[])[], query: string): string {
  const [rows = []] = profiles;
  if (rows.length === 0) return "";
  const lines = query.split("\n");
  const shown = (nanoseconds: number): string => duration(Math.trunc(nanoseconds) / 1e6);
  const several = profiles.length > 1;
  return boxTable(
    [...(several ? summaryNames : ["Time"]), "Num Eval", "Num Redo", "Num Gen Expr", "Location"],
    rows.map(({ total_time_ns: time, num_eval: evals, num_redo: redos, num_gen_expr: exprs, location }, at) => {
      const times = several ? summaryOf(timesOf(profiles, at)) : [time];
      const place = location.file === "" ? (lines[location.row - 1] ?? "").trim() : `${location.file}:${location.row}`;
      return [...times.map(shown), String(evals), String(redos), String(exprs), place];
    }),
  );
}

function coverageTable({ coverage }: Coverage): string {
  return boxTable([], [["Overall Coverage", goFixed(coverage, 2)]]);
}
