// `rw eval`: evaluates a query over policies, data and an input in JSON, YAML or HOCON, as `opa eval` does.
import { type Json, toJson } from "#bundles/canonical-json.ts";
import type { Coverage } from "#evaluation/coverage.ts";
import { type ProfileKey, type ProfileRow, profileKeys } from "#evaluation/profile.ts";
import { explained, traceLines } from "#evaluation/trace-text.ts";
import { boxTable } from "../box-table.ts";
import { sortedKeys } from "../capabilities-json.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { coverageFault, coverageRuns, coverageRunsFlag } from "../coverage-flags.ts";
import { type ErrorItem, errorText, goJson, jsonItems } from "../errors.ts";
import { type Beside, type EvalFormat, printJson, printPretty, printSolutions } from "../eval-print.ts";
import { capabilitiesFlag, checkFlags, engineFlags, partialFlags } from "../load-flags.ts";
import { aggregate, metricsSummary, metricsTable, numbersJson } from "../metrics.ts";
import { evaluationItem, type Prepared, prepare, queryFlags, type Solution, type Watching } from "../query-run.ts";
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
      help: "tell how the result came about; full and debug have no Redo, Index and Unify lines, and JSON has the lines of the pretty format instead of OPA's events",
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
    if (call.on("fail") && call.on("fail-defined")) return wrong("specify --fail or --fail-defined but not both");
    if (call.on("stdin") && call.on("stdin-input")) return wrong("specify --stdin or --stdin-input but not both");
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
      return reportErrors(call, made.errors, { coverage: coverageRuns(call) === undefined ? undefined : nothingCovered });
    const { prepared } = made;
    const collect = call.on("show-builtin-errors");
    let solutions: readonly Solution[] = [];
    let builtinErrors: readonly ErrorItem[] = [];
    const runs: (readonly (readonly [string, number])[])[] = [];
    for (let run = 0; run < Math.max(1, call.number("count") ?? 1); run++) {
      const answer = prepared.run({ strictBuiltinErrors: call.on("strict-builtin-errors") });
      for (const { line } of answer.prints) io.err(`${line}\n`);
      if (answer.kind === "error")
        return reportErrors(call, [evaluationItem(answer.error, query)], {
          metrics: prepared.metrics,
          coverage: prepared.covered?.report(),
          profile: profileOf(call, prepared),
        });
      ({ solutions } = answer);
      if (collect) builtinErrors = answer.builtinErrors.map((one) => evaluationItem(one, query));
      runs.push([...prepared.metrics]);
      prepared.metrics.delete("timer_rego_query_eval_ns");
    }
    printResult(call, {
      query,
      solutions,
      runs: runs.map((run) => new Map(run)),
      coverage: prepared.covered?.report(),
      builtinErrors,
      explanation: explanationOf(call, prepared),
      profile: profileOf(call, prepared),
    });
    const defined = solutions.length > 0;
    return (call.on("fail") && !defined) || (call.on("fail-defined") && defined) ? 1 : 0;
  },
};

type Explain = "off" | "full" | "notes" | "fails" | "debug";

function formatOf(call: Invocation): EvalFormat {
  return call.flag("format") as EvalFormat;
}

/** What was measured until the evaluation failed. */
interface Measured {
  readonly metrics?: Prepared["metrics"];
  readonly coverage?: Coverage | undefined;
  readonly profile?: readonly ProfileRow[];
}

function reportErrors(call: Invocation, items: readonly ErrorItem[], { metrics, coverage, profile = [] }: Measured): number {
  const format = formatOf(call);
  if (format === "json")
    call.io.out(
      `${goJson({
        errors: jsonItems(items),
        ...(metrics !== undefined && isMeasured(call) ? { metrics: Object.fromEntries(metrics) } : {}),
        ...(profile.length === 0 ? {} : { profile }),
        ...(coverage === undefined ? {} : { coverage }),
      })}\n`,
    );
  else if (format === "discard") call.io.out(`${goJson(sortedKeys({ errors: jsonItems(items) }))}\n`);
  else call.io.err(errorText(items));
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
  const isProfiled = call.on("profile") && !isExplained;
  if (coverage === undefined && !isExplained && !isProfiled) return undefined;
  return {
    ...(isExplained || isProfiled ? { watch: "events" } : {}),
    ...(isProfiled ? { profile: true } : {}),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

function explanationOf(call: Invocation, { tracer, text }: Prepared): readonly string[] {
  if (tracer === undefined) return [];
  return traceLines(text, explained(call.flag("explain") as Explain, tracer.finish()), { values: call.on("var-values") });
}

/** Rows of the profile, sorted as the flags say. */
function profileOf(call: Invocation, { profiler }: Prepared): readonly ProfileRow[] {
  const wanted = call.all("profile-sort").filter((key): key is ProfileKey => (profileKeys as readonly string[]).includes(key));
  const keys = wanted.length === 0 ? (["total_time_ns", "num_eval", "num_redo", "file", "line"] as const) : wanted;
  return profiler?.report(keys, call.number("profile-limit") ?? 10) ?? [];
}

/** Rows of the query are named by its text. */
function profileTable(rows: readonly ProfileRow[], query: string): string {
  const lines = query.split("\n");
  return boxTable(
    ["Time", "Num Eval", "Num Redo", "Num Gen Expr", "Location"],
    rows.map(({ total_time_ns: time, num_eval: evals, num_redo: redos, num_gen_expr: exprs, location }) => [
      duration(time / 1e6),
      String(evals),
      String(redos),
      String(exprs),
      location.file === "" ? (lines[location.row - 1] ?? "").trim() : `${location.file}:${location.row}`,
    ]),
  );
}

interface Result {
  readonly query: string;
  readonly solutions: readonly Solution[];
  readonly runs: readonly ReadonlyMap<string, number>[];
  readonly coverage: Coverage | undefined;
  /** With `--show-builtin-errors`. */
  readonly builtinErrors: readonly ErrorItem[];
  /** Lines of the trace that was asked for. */
  readonly explanation: readonly string[];
  readonly profile: readonly ProfileRow[];
}

function printResult(call: Invocation, result: Result): void {
  const { query, solutions, runs, coverage, builtinErrors, explanation, profile } = result;
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
      if (explanation.length > 0) beside.set("explanation", explanation);
      if (profile.length > 0) beside.set("profile", toJson(profile));
      if (coverage !== undefined) beside.set("coverage", toJson(coverage));
      io.out(printJson(solutions, beside satisfies Beside, format === "discard"));
      return;
    }
    case "pretty":
      io.out(explanation.map((line) => `${line}\n`).join(""));
      io.out(printPretty(solutions));
      if (measured) io.out(runs.length === 1 ? metricsTable(runs[0]!) : metricsSummary(runs));
      if (profile.length > 0) io.out(profileTable(profile, query));
      if (coverage !== undefined) io.out(boxTable([], [["Overall Coverage", coverage.coverage.toFixed(2)]]));
      return;
    default:
      io.out(printSolutions(solutions, format));
  }
}
