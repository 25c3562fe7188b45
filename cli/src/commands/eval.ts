// `rw eval`: evaluates a query over policies, data and an input in JSON, YAML or HOCON, as `opa eval` does.
import { type Json, toJson } from "#bundles/canonical-json.ts";
import { courseEnd, explain } from "#evaluation/explanation.ts";
import type { Explain } from "#evaluation/explanation-columns.ts";
import { explanationJson } from "#evaluation/explanation-json.ts";
import { explanationLines } from "#evaluation/explanation-text.ts";
import type { EvaluationError } from "#evaluation/instance.ts";
import { type ProfileKey, type ProfileRow, profileKeys } from "#evaluation/profile.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { coverageByPaths, coverageFault, coverageRuns, coverageRunsFlag } from "../coverage-flags.ts";
import type { ErrorItem } from "../errors.ts";
import { type EvalOutput, type Explanation, nothingCovered, nothingTold, printOutput } from "../eval-output.ts";
import type { EvalFormat } from "../eval-print.ts";
import { capabilitiesFlag, checkFlags, engineFlags } from "../load-flags.ts";
import { queryFlags } from "../query/flags.ts";
import { readQueryInput } from "../query/input.ts";
import { partialFlags, tellPartial, unknownsOf } from "../query/partial.ts";
import { type Metrics, type Prepared, prepare, type Watching } from "../query/run.ts";
import { loadedByFlags, tellWhy } from "../why.ts";

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
    --format=source    : what is left of the query (--partial) as Rego
    --format=raw       : values for shell scripts
    --format=discard   : the result as "discarded" when there is one

To see what is left of a query while the input is not known:

    $ rw eval --partial -f source --data policies/ 'data.authz.allow == true'

To see which expression of each clause of a rule failed, on which values, and the smallest changes of the input that would make it true:

    $ rw eval --why -f pretty --data policies/ --input inputs/alice.conf 'data.authz.allow'
`,
  flags: [
    ...queryFlags,
    ...engineFlags,
    capabilitiesFlag,
    coverageRunsFlag,
    ...partialFlags,
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
    {
      name: "why",
      kind: "boolean",
      help: "tell why the rule that is named is what it is, and what change of the input would make it true (--format pretty or json)",
    },
  ],
  run: async (call) => {
    const { io } = call;
    const unknowns = call.on("partial") ? unknownsOf(call) : [];
    const usage = misuse(call) ?? (typeof unknowns === "string" ? unknowns : undefined);
    if (usage !== undefined || typeof unknowns === "string") {
      io.err(usageError(evaluate, usage ?? ""));
      return 1;
    }
    const flags = checkFlags(call);
    const fail = (message: string): number => {
      io.err(`${message}\n`);
      return 2;
    };
    if ("fault" in flags) return fail(flags.fault);
    const query = call.positionals[0] ?? (await io.readStdin());
    if (call.on("partial")) return tellPartial(call, query, flags, unknowns);
    if (call.on("why")) {
      const input = await readQueryInput(call);
      return "fault" in input ? fail(input.fault) : tellWhy(call, query, input.json, loadedByFlags(call));
    }
    const made = await prepare(call, query, flags, watching(call));
    if ("plain" in made) return fail(made.plain);
    const format = call.flag("format") as EvalFormat;
    if ("errors" in made) {
      printOutput(unanswered(call, query, made.errors, made.metrics), format, io);
      return 2;
    }
    const { output, complaints, plain } = evaluateRuns(call, query, made.prepared);
    if (plain !== undefined) return fail(plain);
    printOutput(output, format, io);
    // OPA takes as many errors as builtins had in all runs for those of builtins alone.
    if (output.errors.length > 0 && output.errors.length !== complaints) return 2;
    const defined = output.solutions.length > 0;
    return (call.on("fail") && !defined) || (call.on("fail-defined") && defined) ? 1 : 0;
  },
};

/** What is wrong with the flags and arguments together. */
function misuse(call: Invocation): string | undefined {
  const [named, ...others] = call.positionals;
  if (call.on("stdin") && named !== undefined) return "specify query argument or --stdin but not both";
  if (!call.on("stdin") && named === undefined) return "specify query argument or --stdin";
  if (others.length > 0) return "specify at most one query argument";
  if (call.on("partial"))
    return ["json", "pretty", "source"].includes(call.flag("format") ?? "")
      ? undefined
      : "invalid output format for partial evaluation";
  if (call.on("why") && !["json", "pretty"].includes(call.flag("format") ?? "")) return "--why has the formats pretty and json";
  if (call.flag("format") === "source") return "invalid output format for evaluation";
  if (call.on("stdin") && call.on("stdin-input")) return "specify --stdin or --stdin-input but not both";
  if (call.on("stdin-input") && call.given("input")) return "specify --stdin-input or --input but not both";
  if (call.on("fail") && call.on("fail-defined")) return "specify --fail or --fail-defined but not both";
  if ((call.number("optimize") ?? 0) > 0 && call.given("data") && call.given("bundle"))
    return "specify either --data or --bundle flag with optimization level greater than 0";
  return coverageFault(call);
}

function countOf(call: Invocation): number {
  return Math.max(1, call.number("count") ?? 1);
}

/** The output for a query that cannot be evaluated. */
function unanswered(call: Invocation, query: string, errors: readonly ErrorItem[], metrics: Metrics): EvalOutput {
  const isTimed = metrics.size > 0 && isMeasured(call);
  return {
    query,
    errors,
    solutions: [],
    explanation: nothingTold,
    runs: isTimed ? Array.from({ length: countOf(call) }, () => metrics) : [],
    profiles: [],
    coverage: coverageRuns(call) === undefined ? undefined : nothingCovered,
  };
}

/** Evaluates as often as `--count` says. What was found is told of the first time; `complaints` counts errors of builtins in all of them. */
function evaluateRuns(
  call: Invocation,
  query: string,
  prepared: Prepared,
): { readonly output: EvalOutput; readonly complaints: number; readonly plain: string | undefined } {
  const { metrics } = prepared;
  const runs: ReadonlyMap<string, number>[] = [];
  const profiles: (readonly ProfileRow[])[] = [];
  let first: Pick<EvalOutput, "errors" | "solutions" | "explanation"> | undefined;
  let complaints = 0;
  let plain: string | undefined;
  for (let run = 0; run < countOf(call); run++) {
    const answer = prepared.run({ strictBuiltinErrors: call.on("strict-builtin-errors") });
    const builtinErrors = call.on("show-builtin-errors") ? answer.builtinErrors() : [];
    complaints += builtinErrors.length;
    const isFailed = answer.kind === "error";
    if (isFailed && answer.isPlain) plain = answer.item.message;
    // An explanation may need a larger stack: before anything is written, the command can begin anew.
    first ??= {
      errors: isFailed ? [answer.item, ...builtinErrors] : builtinErrors,
      solutions: isFailed ? [] : answer.solutions,
      explanation: explanationOf(call, prepared, isFailed ? answer.ended : undefined),
    };
    for (const { line } of answer.prints) call.io.err(`${line}\n`);
    if (!isFailed && answer.uncovered !== undefined) call.io.err(`${uncoveredText(answer.uncovered)}\n`);
    if (isMeasured(call)) runs.push(new Map(metrics));
    profiles.push(profileOf(call, prepared));
    metrics.delete("timer_rego_query_eval_ns");
  }
  const reached = prepared.covered?.report();
  const coverage = reached === undefined || call.given("bundle") ? reached : coverageByPaths(reached);
  const found = first ?? { errors: [], solutions: [], explanation: nothingTold };
  return { output: { query, ...found, runs, profiles, coverage }, complaints, plain };
}

/** As OPA warns of rules that coverage could not see to the end. */
function uncoveredText({ code, message, place }: EvaluationError): string {
  const start = place === undefined || place.file === "" ? "" : `${place.file}:${place.row}: `;
  return `warning: coverage pass with early exit disabled failed: ${start}${code}: ${message}`;
}

function isMeasured(call: Invocation): boolean {
  return call.on("metrics") || call.on("instrument") || isProfiled(call);
}

function isProfiled(call: Invocation): boolean {
  return call.on("profile") || call.given("profile-limit") || call.given("profile-sort");
}

/** How the evaluation is watched: traces need each step, coverage only their numbers. */
function watching(call: Invocation): Watching {
  const coverage = coverageRuns(call);
  const isExplained = call.flag("explain") !== "off";
  return {
    without: {
      ...(call.on("disable-indexing") ? { indexing: "never" } : {}),
      ...(call.on("disable-early-exit") ? { earlyExit: false } : {}),
    },
    ...(isExplained ? { explain: true } : {}),
    ...(isProfiled(call) ? { profile: true } : {}),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

function explanationOf(call: Invocation, { course }: Prepared, ended: EvaluationError | undefined): Explanation {
  if (course === undefined) return nothingTold;
  const { reached, isCut } = course.listener;
  if (isCut) call.io.err("the explanation is too long: only its beginning is told\n");
  const ways = { hasIndex: !call.on("disable-indexing"), hasEarlyExits: !call.on("disable-early-exit") };
  const events = explain(reached, call.flag("explain") as Explain, courseEnd(course.listener, ended), ways);
  if (call.flag("format") === "pretty")
    return { lines: explanationLines(course.explained, events, call.on("var-values")), json: [] };
  return { lines: [], json: toJson(explanationJson(course.explained, events)) as readonly Json[] };
}

/** Rows of the profile, sorted as the flags say. */
function profileOf(call: Invocation, { profiler }: Prepared): readonly ProfileRow[] {
  const wanted = call.all("profile-sort").filter((key): key is ProfileKey => (profileKeys as readonly string[]).includes(key));
  const keys = wanted.length === 0 ? (["total_time_ns", "num_eval", "num_redo", "file", "line"] as const) : wanted;
  return profiler?.report(keys, call.number("profile-limit") ?? 10) ?? [];
}
