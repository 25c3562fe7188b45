// `rw eval`: evaluates a query over policies, data and an input in JSON, YAML or HOCON, as `opa eval` does.
import { type Json, toJson } from "#bundles/canonical-json.ts";
import { explain } from "#evaluation/explanation.ts";
import type { Explain } from "#evaluation/explanation-columns.ts";
import { explanationJson } from "#evaluation/explanation-json.ts";
import { explanationLines } from "#evaluation/explanation-text.ts";
import { type ProfileKey, type ProfileRow, profileKeys } from "#evaluation/profile.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { coverageByPaths, coverageFault, coverageRuns, coverageRunsFlag } from "../coverage-flags.ts";
import { type EvalOutput, type Explanation, nothingCovered, nothingTold, printOutput } from "../eval-output.ts";
import type { EvalFormat } from "../eval-print.ts";
import { capabilitiesFlag, checkFlags, engineFlags, partialFlags } from "../load-flags.ts";
import { type Prepared, prepare, queryFlags, type Watching } from "../query-run.ts";

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
    if ((call.number("optimize") ?? 0) > 0 && call.given("data") && call.given("bundle"))
      return wrong("specify either --data or --bundle flag with optimization level greater than 0");
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
    const count = Math.max(1, call.number("count") ?? 1);
    const format = call.flag("format") as EvalFormat;
    const nothing = { query, solutions: [], profiles: [], explanation: nothingTold };
    if ("errors" in made) {
      const { errors, metrics } = made;
      const runs = metrics.size > 0 && isMeasured(call) ? Array.from({ length: count }, () => metrics) : [];
      const coverage = coverageRuns(call) === undefined ? undefined : nothingCovered;
      printOutput({ ...nothing, errors, runs, coverage }, format, io);
      return 2;
    }
    const { prepared } = made;
    const { metrics } = prepared;
    const collects = call.on("show-builtin-errors");
    const runs: ReadonlyMap<string, number>[] = [];
    const profiles: (readonly ProfileRow[])[] = [];
    let first: Pick<EvalOutput, "errors" | "solutions" | "explanation"> | undefined;
    let complaints = 0;
    for (let run = 0; run < count; run++) {
      const answer = prepared.run({ strictBuiltinErrors: call.on("strict-builtin-errors") });
      const builtinErrors = collects ? answer.builtinErrors() : [];
      complaints += builtinErrors.length;
      const isFailed = answer.kind === "error";
      // An explanation may need a larger stack: before anything is written, the command can begin anew.
      first ??= {
        errors: isFailed ? [answer.item, ...builtinErrors] : builtinErrors,
        solutions: isFailed ? [] : answer.solutions,
        explanation: explanationOf(call, prepared, !isFailed || answer.isWhole),
      };
      for (const { line } of answer.prints) io.err(`${line}\n`);
      if (isMeasured(call)) runs.push(new Map(metrics));
      profiles.push(profileOf(call, prepared));
      metrics.delete("timer_rego_query_eval_ns");
    }
    const reached = prepared.covered?.report();
    const byPaths = reached === undefined || call.given("bundle") ? reached : coverageByPaths(reached);
    const told: EvalOutput = { ...nothing, errors: [], ...first, runs, profiles, coverage: byPaths };
    printOutput(told, format, io);
    // OPA takes as many errors as builtins had in all runs for those of builtins alone.
    if (told.errors.length > 0 && told.errors.length !== complaints) return 2;
    const defined = told.solutions.length > 0;
    return (call.on("fail") && !defined) || (call.on("fail-defined") && defined) ? 1 : 0;
  },
};

function isMeasured(call: Invocation): boolean {
  return call.on("metrics") || call.on("instrument") || isProfiled(call);
}

function isProfiled(call: Invocation): boolean {
  return call.on("profile") || call.given("profile-limit") || call.given("profile-sort");
}

/** How the evaluation is watched: traces need each step, coverage only their numbers. */
function watching(call: Invocation): Watching | undefined {
  const coverage = coverageRuns(call);
  const isExplained = call.flag("explain") !== "off";
  if (coverage === undefined && !isExplained && !isProfiled(call)) return undefined;
  return {
    ...(isExplained ? { explain: true } : {}),
    ...(isProfiled(call) ? { profile: true } : {}),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

function explanationOf(call: Invocation, { course }: Prepared, isWhole: boolean): Explanation {
  if (course === undefined) return nothingTold;
  const { reached, isCut } = course.listener;
  if (isCut) call.io.err("the explanation is too long: only its beginning is told\n");
  const events = explain(reached, call.flag("explain") as Explain, isCut || !isWhole);
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
