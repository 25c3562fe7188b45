// `rw eval`: evaluates a query over policies, data and an input in JSON, YAML or HOCON, as `opa eval` does.
import { type Json, toJson } from "#bundles/canonical-json.ts";
import type { Coverage } from "#evaluation/coverage.ts";
import { explain } from "#evaluation/explanation.ts";
import type { Explain } from "#evaluation/explanation-columns.ts";
import { explanationJson } from "#evaluation/explanation-json.ts";
import { explanationLines } from "#evaluation/explanation-text.ts";
import { type ProfileKey, type ProfileRow, profileKeys } from "#evaluation/profile.ts";
import { boxTable } from "../box-table.ts";
import { sortedKeys } from "../capabilities-json.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { coverageFault, coverageRuns, coverageRunsFlag } from "../coverage-flags.ts";
import { type ErrorItem, errorText, goJson, jsonItems } from "../errors.ts";
import { type Beside, type EvalFormat, printJson, printPretty, printSolutions } from "../eval-print.ts";
import { capabilitiesFlag, checkFlags, engineFlags, partialFlags } from "../load-flags.ts";
import { aggregate, goFixed, histogram, metricsSummary, metricsTable, numbersJson, summaryNames, summaryOf } from "../metrics.ts";
import { type Prepared, prepare, queryFlags, type Solution, type Watching } from "../query-run.ts";
import { duration } from "../test-report.ts";

export const evaluate: Command = {
  name: "eval",
  usage: "eval <query> [flags]",
  summary: "Evaluate a Rego query and print the result.",
  details: `
To evaluate a simple query:

    $ rw eval 'x := 1; y := 2; x < y'

To evaluate a query against policies, data and an input:

    $ rw eval --data policies/ --input inputs/alice.conf 'data.authz.allow'

--data loads all .rego, .json and .yaml files below a folder, and data.conf; --bundle loads a bundle: an archive
or a folder, from which only .rego files, data.json and data.yaml are taken.

Output formats:

    --format=json      : raw query results as JSON
    --format=values    : line separated JSON arrays of expression values
    --format=bindings  : line separated JSON objects of variable bindings
    --format=pretty    : a human-readable form
    --format=raw       : values for shell scripts
    --format=discard   : the result as "discarded" when there is one
`,
  flags: [
    ...queryFlags,
    ...engineFlags,
    capabilitiesFlag,
    coverageRunsFlag,
    ...partialFlags,
    {
      name: "nondeterminstic-builtins",
      kind: "boolean",
      help: "accepted for scripts written for OPA: it counts with --partial alone",
    },
    { name: "pretty-limit", kind: "number", default: 80, help: "accepted for scripts written for OPA" },
    {
      name: "format",
      short: "f",
      kind: "string",
      choices: ["json", "values", "bindings", "pretty", "source", "raw", "discard"],
      default: "json",
      help: "set output format",
    },
    { name: "coverage", kind: "boolean", help: "report coverage" },
    {
      name: "explain",
      kind: "string",
      choices: ["off", "full", "notes", "fails", "debug"],
      default: "off",
      help: "tell how the result came about; debug tells what full does, without Unify lines",
    },
    { name: "var-values", kind: "boolean", help: "show local variable values in pretty trace output" },
    { name: "profile", kind: "boolean", help: "perform expression profiling" },
    { name: "profile-limit", kind: "number", default: 10, help: "set number of profiling results to show" },
    {
      name: "profile-sort",
      kind: "list",
      help: `set sort order of expression profiler results. Accepts: ${profileKeys.join(", ")}. This flag can be repeated.`,
    },
    { name: "count", kind: "number", default: 1, help: "number of times to repeat each benchmark" },
    { name: "fail", kind: "boolean", help: "exits with non-zero exit code on undefined/empty result and errors" },
    { name: "fail-defined", kind: "boolean", help: "exits with non-zero exit code on defined/non-empty result and errors" },
    { name: "metrics", kind: "boolean", help: "report query performance metrics" },
    {
      name: "instrument",
      kind: "boolean",
      help: "accepted for scripts written for OPA: the same as --metrics, as OPA's compile stages and caches are not ours",
    },
    {
      name: "show-builtin-errors",
      kind: "boolean",
      help: "collect and return all encountered built-in errors, built in errors are not fatal",
    },
    { name: "strict", short: "S", kind: "boolean", help: "enable compiler strict mode" },
    {
      name: "strict-builtin-errors",
      kind: "boolean",
      help: "treat the first built-in function error encountered as fatal",
    },
    { name: "timeout", kind: "duration", help: "set eval timeout (default unlimited)" },
  ],
  run: async (call) => {
    const wrong = (message: string): number => {
      call.io.err(usageError(evaluate, message));
      return 1;
    };
    const [named, ...others] = call.positionals;
    if (call.on("stdin") && named !== undefined) return wrong("specify query argument or --stdin but not both");
    if (!call.on("stdin") && named === undefined) return wrong("specify query argument or --stdin");
    if (others.length > 0) return wrong("specify at most one query argument");
    if (call.on("partial")) {
      call.io.err("partial evaluation is not supported: give the input, or evaluate with opa\n");
      return 2;
    }
    if (call.flag("format") === "source") return wrong("invalid output format for evaluation");
    if (call.on("stdin") && call.on("stdin-input")) return wrong("specify --stdin or --stdin-input but not both");
    if (call.on("stdin-input") && call.given("input")) return wrong("specify --stdin-input or --input but not both");
    if (call.on("fail") && call.on("fail-defined")) return wrong("specify --fail or --fail-defined but not both");
    const coverage = coverageFault(call);
    if (coverage !== undefined) return wrong(coverage);
    const flags = checkFlags(call);
    if ("usage" in flags) return wrong(flags.usage);
    const { io } = call;
    if ("fault" in flags) {
      io.err(`${flags.fault}\n`);
      return 2;
    }
    const query = named ?? (await io.readStdin());
    const made = await prepare(call, query, flags, watching(call));
    if ("plain" in made) {
      io.err(`${made.plain}\n`);
      return 2;
    }
    if ("errors" in made)
      return reportErrors(call, made.errors, {
        metrics: made.metrics,
        coverage: coverageRuns(call) === undefined ? undefined : nothingCovered,
        query,
      });
    const { prepared } = made;
    const collect = call.on("show-builtin-errors");
    let solutions: readonly Solution[] = [];
    let builtinErrors: readonly ErrorItem[] = [];
    let explanation: Explanation | undefined;
    const runs: (readonly (readonly [string, number])[])[] = [];
    const profiles: (readonly ProfileRow[])[] = [];
    for (let run = 0; run < Math.max(1, call.number("count") ?? 1); run++) {
      const answer = prepared.run({ strictBuiltinErrors: call.on("strict-builtin-errors") });
      // An explanation may need a larger stack: before anything is written, the command can begin anew.
      if (answer.kind === "result") explanation ??= explanationOf(call, prepared);
      for (const { line } of answer.prints) io.err(`${line}\n`);
      if (answer.kind === "error")
        return reportErrors(call, [answer.item], {
          metrics: prepared.metrics,
          coverage: prepared.covered?.report(),
          profiles: [...profiles, profileOf(call, prepared)],
          query,
        });
      ({ solutions } = answer);
      if (collect) builtinErrors = answer.builtinErrors();
      runs.push([...prepared.metrics]);
      profiles.push(profileOf(call, prepared));
      prepared.metrics.delete("timer_rego_query_eval_ns");
    }
    printResult(call, {
      query,
      solutions,
      runs: runs.map((run) => new Map(run)),
      coverage: prepared.covered?.report(),
      builtinErrors,
      explanation: explanation ?? nothingTold,
      profiles,
    });
    const defined = solutions.length > 0;
    return (call.on("fail") && !defined) || (call.on("fail-defined") && defined) ? 1 : 0;
  },
};

function formatOf(call: Invocation): EvalFormat {
  return call.flag("format") as EvalFormat;
}

/** What was measured until the evaluation failed. */
interface Measured {
  readonly query: string;
  readonly metrics: Prepared["metrics"];
  readonly coverage?: Coverage | undefined;
  readonly profiles?: readonly (readonly ProfileRow[])[];
}

function reportErrors(call: Invocation, items: readonly ErrorItem[], measured: Measured): number {
  const { query, metrics, coverage, profiles = [] } = measured;
  const { io } = call;
  const format = formatOf(call);
  const told = metrics.size > 0 && isMeasured(call);
  if (format === "json" || format === "discard") {
    const document = {
      errors: jsonItems(items),
      ...(told ? { metrics: Object.fromEntries([...metrics].sort()) } : {}),
      ...profileJson(profiles),
      ...(coverage === undefined ? {} : { coverage }),
    };
    io.out(`${goJson(format === "json" ? document : sortedKeys(document))}\n`);
    return 2;
  }
  io.err(errorText(items));
  if (format !== "pretty") return 2;
  if (told) io.out(metricsTable(metrics));
  io.out(profileTable(profiles, query));
  if (coverage !== undefined) io.out(coverageTable(coverage));
  return 2;
}

const nothingCovered: Coverage = { files: {}, covered_lines: 0, not_covered_lines: 0, coverage: 0 };

function isMeasured(call: Invocation): boolean {
  return call.on("metrics") || call.on("instrument") || call.on("profile");
}

/** How the evaluation is watched: traces need each step, coverage only their numbers. */
function watching(call: Invocation): Watching | undefined {
  const coverage = coverageRuns(call);
  const isExplained = call.flag("explain") !== "off";
  const isProfiled = call.on("profile");
  if (coverage === undefined && !isExplained && !isProfiled) return undefined;
  return {
    ...(isExplained ? { explain: true } : {}),
    ...(isProfiled ? { profile: true } : {}),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

/** In the form that is printed. */
interface Explanation {
  readonly lines: readonly string[];
  readonly json: readonly Json[];
}

const nothingTold: Explanation = { lines: [], json: [] };

function explanationOf(call: Invocation, { course }: Prepared): Explanation {
  if (course === undefined) return nothingTold;
  const { reached, isCut } = course.listener;
  if (isCut) call.io.err("the explanation is too long: only its beginning is told\n");
  const events = explain(reached, call.flag("explain") as Explain, isCut);
  if (formatOf(call) === "pretty") return { lines: explanationLines(course.explained, events, call.on("var-values")), json: [] };
  return { lines: [], json: toJson(explanationJson(course.explained, events)) as readonly Json[] };
}

/** Rows of the profile, sorted as the flags say. */
function profileOf(call: Invocation, { profiler }: Prepared): readonly ProfileRow[] {
  const wanted = call.all("profile-sort").filter((key): key is ProfileKey => (profileKeys as readonly string[]).includes(key));
  const keys = wanted.length === 0 ? (["total_time_ns", "num_eval", "num_redo", "file", "line"] as const) : wanted;
  return profiler?.report(keys, call.number("profile-limit") ?? 10) ?? [];
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

interface Result {
  readonly query: string;
  readonly solutions: readonly Solution[];
  readonly runs: readonly ReadonlyMap<string, number>[];
  readonly coverage: Coverage | undefined;
  /** With `--show-builtin-errors`. */
  readonly builtinErrors: readonly ErrorItem[];
  /** The trace that was asked for. */
  readonly explanation: Explanation;
  /** By run. */
  readonly profiles: readonly (readonly ProfileRow[])[];
}

function printResult(call: Invocation, result: Result): void {
  const { query, solutions, runs, coverage, builtinErrors, explanation, profiles } = result;
  const { io } = call;
  const format = formatOf(call);
  const measured = isMeasured(call);
  if (builtinErrors.length > 0 && format !== "json" && format !== "discard") {
    io.err(errorText(builtinErrors));
    return;
  }
  switch (format) {
    case "json":
    case "discard": {
      const beside = new Map<string, Json>();
      if (builtinErrors.length > 0) beside.set("errors", toJson(jsonItems(builtinErrors)));
      if (measured && runs.length === 1) beside.set("metrics", numbersJson(runs[0]!));
      if (measured && runs.length > 1) beside.set("aggregated_metrics", toJson(aggregate(runs)));
      if (explanation.json.length > 0) beside.set("explanation", explanation.json);
      for (const [name, rows] of Object.entries(profileJson(profiles))) beside.set(name, toJson(rows));
      if (coverage !== undefined) beside.set("coverage", toJson(coverage));
      printJson(solutions, beside satisfies Beside, format === "discard", io.out);
      return;
    }
    case "pretty":
      io.out(explanation.lines.map((line) => `${line}\n`).join(""));
      io.out(printPretty(solutions));
      if (measured) io.out(runs.length === 1 ? metricsTable(runs[0]!) : metricsSummary(runs));
      io.out(profileTable(profiles, query));
      if (coverage !== undefined) io.out(coverageTable(coverage));
      return;
    default:
      io.out(printSolutions(solutions, format));
  }
}
