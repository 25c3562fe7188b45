// `rw test`: runs `test_` rules, as `opa test` does.

import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked, CheckOptions } from "#analysis/rego/checked.ts";
import { IncrementalCheck } from "#analysis/rego/incremental.ts";
import { IncrementalCompiler } from "#compiler/compile.ts";
import { schemaFault } from "#evaluation/builtins/json-schema/index.ts";
import { type Coverage, coverageKinds, coverageWithout } from "#evaluation/coverage.ts";
import { regalFamily } from "#evaluation/regal-builtins.ts";
import { numberTests, testCaseBuiltin, untoldCases } from "#evaluation/test-cases.ts";
import { type CompiledTests, compileTests, type TestOptions, type TestResult, tracedErrors } from "#evaluation/test-runner.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { type BenchFormat, benchmarkTests } from "../bench-run.ts";
import { checkedBeside } from "../checked-sources.ts";
import { type Command, durationNanoseconds, type Invocation, usageError } from "../command.ts";
import { coverageFault, coverageRuns, coverageRunsFlag } from "../coverage-flags.ts";
import { type ErrorItem, errorItems, errorText, goJson, unreadMetadata } from "../errors.ts";
import { mayVary } from "../kept-run/variation.ts";
import { ruleLibraryFor } from "../lint/rule-library.ts";
import {
  bundleFlag,
  type CheckFlags,
  capabilitiesFlag,
  checkFlags,
  faultItems,
  ignoreFlag,
  loadOptions,
  loadPositionals,
  maxErrorsFlag,
  type Sources,
  schemaFlag,
  v0Flag,
  v1Flag,
} from "../load-flags.ts";
import { goFixed } from "../metrics.ts";
import { mutationCheck, mutationText, percentOf } from "../mutation-check.ts";
import { systemTime } from "../system-time.ts";
import { type Courses, eventsOf, isVerbose, keyOf, told, tracesOf } from "../test-courses.ts";
import { type TestFilter, testFilter } from "../test-filter.ts";
import { caseLines, jsonTests, junitTests, prettyTests, titleOf } from "../test-report.ts";
import { uncoveredRows } from "../uncovered-rows.ts";
import { watchPaths } from "../watch.ts";
import { type World, worldOf } from "../world.ts";

export const test: Command = {
  name: "test",
  usage: "test <path> [path [...]] [flags]",
  summary: "Execute Rego test cases.",
  details: `
Test cases are rules whose names have the prefix "test_", in the policies below the paths. A test passes when its
rule is true; each key of a rule like test_allow[name] is a case of its own. Tests with the prefix "todo_" are skipped.

    $ rw test policies/
    $ rw test policies/ --run 'authz_test.test_admin' --verbose
    $ rw test policies/ --coverage --threshold 80
    $ rw test policies/ --format junit > report.xml

With --mutate each condition of the policies is left out or turned around, and each true or false that a rule gives is the other one, one
at a time: where all tests pass nevertheless, a test is missing. --format json has the same for programs.

    $ rw test policies/ --mutate --threshold 90
`,
  flags: [
    bundleFlag,
    capabilitiesFlag,
    ignoreFlag,
    maxErrorsFlag,
    schemaFlag,
    v0Flag,
    v1Flag,
    { name: "bench", kind: "boolean", help: "benchmark the unit tests" },
    { name: "benchmem", kind: "boolean", default: true, help: "accepted for scripts written for OPA: memory is not counted" },
    { name: "count", kind: "number", default: 1, help: "number of times to repeat each test" },
    { name: "coverage", short: "c", kind: "boolean", help: "report coverage (overrides debug tracing)" },
    { name: "exit-zero-on-skipped", short: "z", kind: "boolean", help: "skipped tests return status 0" },
    coverageRunsFlag,
    {
      name: "explain",
      kind: "string",
      choices: ["fails", "full", "notes", "debug"],
      default: "fails",
      help: "enable query explanations (implies --verbose)",
    },
    {
      name: "parallel",
      short: "p",
      kind: "number",
      default: 1,
      help: "accepted for scripts written for OPA: tests run one after another, in the order of files and text",
    },
    {
      name: "target",
      short: "t",
      kind: "string",
      choices: ["rego", "wasm"],
      default: "rego",
      help: "set the runtime to exercise",
    },
    {
      name: "mutate",
      kind: "boolean",
      help: "change each condition of the policies, one at a time, and tell those whose change no test notices",
    },
    { name: "var-values", kind: "boolean", help: "show local variable values in test output" },
    { name: "fail-on-empty", kind: "boolean", help: "Whether to fail the test when no test was run" },
    {
      name: "format",
      short: "f",
      kind: "string",
      choices: ["pretty", "json", "gobench", "junit"],
      default: "pretty",
      help: "set output format",
    },
    { name: "run", short: "r", kind: "string", help: "run only test cases matching the regular expression" },
    {
      name: "input-profile",
      kind: "string",
      placeholder: "name",
      help: "profile of rw.conf: its mocks over those of the project",
    },
    { name: "seed", kind: "number", help: "seed of rand.intn and uuid.rfc4122, so that they give the same each time" },
    {
      name: "sort",
      kind: "string",
      choices: ["none", "duration"],
      default: "none",
      help: "sort the JSON formatted test output",
    },
    {
      name: "threshold",
      kind: "float",
      help: "set coverage threshold and exit with non-zero status if coverage is less than threshold % (with --mutate: of the conditions)",
    },
    {
      name: "time",
      kind: "string",
      placeholder: "timestamp",
      help: "the time that policies see (RFC 3339), instead of the clock's",
    },
    { name: "timeout", kind: "duration", help: "set test timeout (default 5s, 30s when benchmarking)" },
    { name: "verbose", short: "v", kind: "boolean", help: "set verbose reporting mode" },
    { name: "watch", short: "w", kind: "boolean", help: "watch command line files for changes" },
  ],
  run: async (call) => {
    const { io } = call;
    const wrong = (message: string): number => {
      io.err(usageError(test, message));
      return 1;
    };
    const fail = (message: string): number => {
      io.err(`${message}\n`);
      return 1;
    };
    if (call.positionals.length === 0) return wrong("specify at least one file");
    const threshold = Number(call.flag("threshold") ?? 0);
    if (threshold < 0 || threshold > 100) return fail("Code coverage threshold must be between 0 and 100");
    if (call.flag("format") === "gobench" && !call.on("bench")) {
      fail("cannot use output format gobench without running benchmarks (--bench)");
      return 0;
    }
    const coverage = coverageFault(call) ?? mutationFault(call);
    if (coverage !== undefined) return wrong(coverage);
    const flags = checkFlags(call);
    if ("fault" in flags) return fail((unloaded(call) ?? flags.fault).trimEnd());
    if (!call.on("watch")) return runOnce(call, flags);
    const kept: Kept = { check: new IncrementalCheck(checkOptions(call, flags)), compiler: new IncrementalCompiler() };
    await runOnce(call, flags, kept);
    return watchPaths(call.positionals, io, () => runOnce(call, flags, kept));
  },
};

interface Checks {
  readonly checked: Checked;
  /** Other texts of the modules, checked in the same way. */
  check(modules: readonly ParsedModule[], kept?: IncrementalCheck): Checked;
  readonly modules: readonly ParsedModule[];
  /** Files of libraries, which are nobody's to test. */
  readonly library: ReadonlySet<string>;
  readonly data: string;
  readonly world: World;
}

/** What a change of files leaves good: for `--watch`. */
interface Kept {
  readonly check: IncrementalCheck;
  readonly compiler: IncrementalCompiler;
}

function runOnce(call: Invocation, flags: CheckFlags, kept?: Kept): number {
  const { io } = call;
  const count = call.number("count") ?? 1;
  if (count < 1) {
    const fault = unloaded(call);
    if (fault !== undefined) io.err(fault);
    return fault === undefined ? 0 : 1;
  }
  const pattern = call.flag("run");
  const filter = pattern === undefined ? undefined : testFilter(pattern);
  const fault = typeof filter === "string" ? `${filter}\n` : undefined;
  const read = checkedTests(call, flags, kept, fault);
  if (typeof read === "string") {
    io.err(read);
    return 1;
  }
  if (coverageRuns(call) !== undefined && call.on("bench")) {
    const sentence = "coverage reporting is not supported when benchmarking tests";
    io.err(`${sentence}\n${sentence}\n`);
    return 1;
  }
  const options = optionsOf(call, read, typeof filter === "string" ? undefined : filter);
  if (typeof options === "string") {
    io.err(`${options}\n`);
    return 1;
  }
  const compiled = compileTests(read.checked, { ...options, ...(kept === undefined ? {} : { compiler: kept.compiler }) });
  if (compiled.instance === undefined || compiled.module === undefined) {
    io.err(errorText(errorItems(compiled.diagnostics, read.modules)));
    return 1;
  }
  const once = (): number => {
    if (call.on("mutate") || call.on("bench")) mayVary();
    if (call.on("mutate")) return reportMutations(call, flags, read, options, compiled);
    if (call.on("bench")) return benchmarkTests(compiled, call.flag("format") as BenchFormat, io);
    const results = compiled.tests.map(compiled.run);
    if (!staysTheSame(call, compiled, results)) mayVary();
    const whole = compiled.coverage();
    const coverage = whole && coverageWithout(whole, read.library);
    const courses: Courses = {
      traces: () => tracesOf(call, read.checked, options, results),
      events: () => eventsOf(call, read.checked, options, results),
    };
    return coverage === undefined
      ? report(call, tracedErrors(told(call, read.checked), options, results), courses)
      : reportCoverage(call, results, coverage, courses);
  };
  for (let run = 0; run < count; run++) {
    const code = once();
    read.world.tell();
    if (code !== 0) return code;
    if (compiled.tests.length > 0 || !call.on("fail-on-empty")) continue;
    io.err("no tests were run\n");
    return 1;
  }
  return 0;
}

/** True when all tests pass, whenever they run, and no time that they took is told. */
function staysTheSame(call: Invocation, { module }: CompiledTests, results: readonly TestResult[]): boolean {
  const builtins = builtinsByName();
  const varying = Object.keys(module?.builtins ?? {}).some((name) => builtins.get(name)?.nondeterministic === true);
  return !varying && !isVerbose(call) && call.flag("format") === "pretty" && results.every(({ outcome }) => outcome === "pass");
}

function loadTests(call: Invocation, clock: bigint | undefined): Sources {
  return loadPositionals(call, { ...loadOptions(call), rolesAt: () => clock ?? systemTime() });
}

function loadingFault({ faults, bundleFault }: Sources): string | undefined {
  if (faults.length > 0) return errorText(faultItems(faults), true);
  if (bundleFault === undefined) return undefined;
  const { name, message } = bundleFault;
  const overlap = /^bundle activation failed: (.*)/su.exec(message)?.[1];
  return overlap === undefined ? `unable to load bundle ${name}: ${message}\n` : `${overlap}\n`;
}

/** What cannot be loaded, which is told before anything else. */
function unloaded(call: Invocation): string | undefined {
  return loadingFault(loadTests(call, undefined));
}

/** The policies with their tests, checked; the text of the errors otherwise. `found`: what OPA finds before it compiles. */
function checkedTests(call: Invocation, flags: CheckFlags, kept: Kept | undefined, found: string | undefined): Checks | string {
  const world = worldOf(call, call.positionals);
  const sources = loadTests(call, "fault" in world ? undefined : world.clock);
  const fault = loadingFault(sources) ?? found;
  if (fault !== undefined) return fault;
  if ("fault" in world) return `${world.fault}\n`;
  const library = ruleLibraryFor(sources.modules);
  const all = [...sources.modules, ...(library?.modules ?? [])];
  const check = (given: readonly ParsedModule[], incremental?: IncrementalCheck): Checked => {
    const numbered = numberTests(given);
    // A kept check knows rules by their text, and numbered tests have another name than that.
    const asWritten = numbered.every((one, at) => one === given[at]);
    return checkedBeside(sources, (documents) =>
      incremental !== undefined && asWritten && library === undefined
        ? incremental.check(numbered, documents)
        : checkModules(numbered, {
            ...checkOptions(call, flags),
            ...(library === undefined ? {} : { extraBuiltins: library.builtins }),
            ...documents,
            sharedNames: isVerbose(call) || call.on("var-values"),
          }),
    );
  };
  const checked = check(all, kept?.check);
  const unread = unreadMetadata(checked.diagnostics);
  if (unread.length > 0) return errorText(errorItems(unread, all), true);
  if (!checked.complete || checked.diagnostics.some((one) => one.severity === "error"))
    return errorText(errorItems(checked.diagnostics, all));
  const untold = untoldFault(untoldCases(checked).length, call.number("max-errors") ?? 10);
  const libraries = new Set([...sources.library, ...(library?.modules ?? [])].map(({ file }) => file));
  return untold ?? { checked, check, modules: all, library: libraries, data: sources.data.json, world };
}

/** What OPA says of rules with cases under the capabilities of a release that knows none, each without a place. */
function untoldFault(count: number, most: number): string | undefined {
  if (count === 0) return undefined;
  const items: ErrorItem[] = Array.from({ length: most > 0 ? Math.min(count, most) : count }, () => ({
    code: "rego_type_error",
    message: `undefined function ${testCaseBuiltin}`,
  }));
  if (items.length < count) items.push({ code: "rego_compile_error", message: "error limit reached" });
  return errorText(items);
}

function checkOptions(call: Invocation, flags: CheckFlags): CheckOptions {
  return {
    printing: true,
    maxErrors: call.number("max-errors") ?? 10,
    builtins: flags.builtins,
    annotations: true,
    ...(flags.schemas === undefined ? {} : { schemas: flags.schemas }),
    schemaFault,
  };
}

function optionsOf(call: Invocation, { data, world }: Checks, filter: TestFilter | undefined): TestOptions | string {
  const time = call.flag("time");
  const fixed = time === undefined ? undefined : Date.parse(time);
  if (Number.isNaN(fixed)) return `--time: ${time} is no time like 2026-01-31T12:00:00Z`;
  const timeout = durationNanoseconds(call.flag("timeout") ?? "") ?? 0;
  const seed = call.number("seed");
  const threshold = Number(call.flag("threshold") ?? 0);
  const coverage = call.on("mutate") ? [] : (coverageRuns(call) ?? (threshold > 0 ? coverageKinds : undefined));
  return {
    data,
    ports: world.ports,
    builtins: regalFamily,
    // Asked whether or not a test wants to know: `staysTheSame` says which do.
    now: () => (fixed === undefined ? (world.clock ?? BigInt(Date.now()) * 1_000_000n) : BigInt(fixed) * 1_000_000n),
    timeout: timeout > 0 ? timeout / 1e6 : call.on("bench") ? 30_000 : 5_000,
    ...(filter === undefined ? {} : { filter }),
    ...(coverage === undefined ? {} : { coverage }),
    ...world.seed,
    ...(seed === undefined ? {} : { seed }),
  };
}

function report(call: Invocation, tests: readonly TestResult[], { traces, events }: Courses): number {
  const { io } = call;
  switch (call.flag("format")) {
    case "json": {
      const sorted = call.flag("sort") === "duration" ? [...tests].sort((a, b) => b.milliseconds - a.milliseconds) : tests;
      const told = events();
      io.out(jsonTests(sorted, (one) => told.get(keyOf(one))));
      break;
    }
    case "junit":
      io.out(junitTests(tests));
      break;
    default: {
      const verbose = isVerbose(call);
      const found = verbose || call.on("var-values") ? traces() : undefined;
      io.out(prettyTests(tests, { verbose, ...(found === undefined ? {} : { traced: (one) => found.get(keyOf(one)) }) }));
    }
  }
  return exitCode(call, tests);
}

/** What would be another report, or another run. */
function mutationFault(call: Invocation): string | undefined {
  if (!call.on("mutate")) return undefined;
  const other = ["bench", "coverage", "coverage-runs", "explain", "var-values", "watch"].find((name) => call.given(name));
  const format = call.flag("format") ?? "";
  if (other !== undefined) return `--mutate and --${other} do not go together`;
  return format === "pretty" || format === "json" ? undefined : `--mutate has no report in the format ${format}`;
}

/** The conditions whose change no test notices; the results of the tests where one fails as things are. */
function reportMutations(
  call: Invocation,
  flags: CheckFlags,
  { check, modules, library }: Checks,
  options: TestOptions,
  { tests, run, coverage }: CompiledTests,
): number {
  const { io } = call;
  const results = tests.map(run);
  if (results.some(({ outcome }) => outcome === "fail" || outcome === "error")) {
    io.out(prettyTests(results, { verbose: false }));
    io.err("tests that fail notice nothing: --mutate needs tests that pass\n");
    return 2;
  }
  const incremental = new IncrementalCheck(checkOptions(call, flags));
  const { coverage: _, ...uncounted } = options;
  const found = mutationCheck({
    modules,
    library,
    coverage: coverage(),
    options: { ...uncounted, compiler: new IncrementalCompiler() },
    check: (mutated) => {
      const found = check(mutated, incremental);
      return found.complete && !found.diagnostics.some(({ severity }) => severity === "error") ? found : undefined;
    },
    progress: (done, all) => {
      if (io.terminal) io.err(`\r${done} of ${all} conditions\u001b[K`);
    },
  });
  if (io.terminal) io.err("\r\u001b[K");
  io.out(call.flag("format") === "json" ? `${goJson(found)}\n` : mutationText(found));
  const threshold = Number(call.flag("threshold") ?? 0);
  if (percentOf(found) >= threshold) return exitCode(call, results);
  io.err(
    `threshold not met: ${goFixed(percentOf(found), 2)} % of the conditions are tested instead of ${goFixed(threshold, 2)} %\n`,
  );
  return 2;
}

function exitCode(call: Invocation, tests: readonly TestResult[]): number {
  const skipping = !call.on("exit-zero-on-skipped");
  return tests.some(({ outcome }) => outcome === "fail" || outcome === "error" || (skipping && outcome === "skip")) ? 2 : 0;
}

/** The coverage instead of the results, as OPA does; an error of a test stands for all. */
function reportCoverage(call: Invocation, tests: readonly TestResult[], coverage: Coverage, { traces }: Courses): number {
  const { io } = call;
  const error = tests.find((one) => one.error !== undefined)?.error;
  if (error !== undefined) {
    const { code, message, place } = error;
    io.err(
      errorText([{ message, code, ...(place === undefined ? {} : { location: place }) }]).replace(/^1 error occurred: /u, ""),
    );
    return 1;
  }
  const failed = tests.find((one) => one.outcome === "fail");
  const verbose = isVerbose(call);
  if (failed !== undefined) {
    const found = verbose ? traces() : undefined;
    io.out(
      prettyTests(
        tests.filter(({ outcome }) => outcome === "fail"),
        { verbose, ...(found === undefined ? {} : { traced: (one) => found.get(keyOf(one)) }) },
      ),
    );
    io.err([titleOf(failed), ...caseLines(failed.cases ?? [], true, ""), "\n"].join("\n"));
    return 1;
  }
  const threshold = Number(call.flag("threshold") ?? 0);
  if (coverage.coverage < threshold) {
    io.err(`Code coverage threshold not met: got ${goFixed(coverage.coverage, 2)} instead of ${goFixed(threshold, 2)}\n`);
    if (verbose) io.err(uncoveredRows(coverage));
    return 2;
  }
  io.out(`${goJson(coverage)}\n`);
  return exitCode(call, tests);
}
