// The results of tests in each format of `rw test`.
import type { EvaluationError } from "#evaluation/instance.ts";
import { countCases, type TestCase } from "#evaluation/test-cases.ts";
import type { TestResult } from "#evaluation/test-runner.ts";
import { errorText, goJson, stackOf } from "./errors.ts";
import { xml } from "./reports.ts";

const ruler = "-".repeat(80);
const labels = { pass: "PASS", fail: "FAIL", error: "ERROR", skip: "SKIPPED" } as const;

export interface Shown {
  readonly verbose: boolean;
  /** Lines before those of the tests. */
  readonly first?: readonly string[];
  /** What a failed test is shown with in a list of its own; there is none without it. */
  readonly traced?: (test: TestResult) => Traced | undefined;
}

/** The course of a failed test: what is not wanted is missing. */
export interface Traced {
  readonly trace?: readonly string[];
  /** The expression that failed, with the values of its variables. */
  readonly failure?: readonly string[];
  /** By the names of each case, what failed in it. */
  readonly caseFailures?: ReadonlyMap<string, readonly string[]>;
}

/** The key of a case in `Traced`. */
export function caseKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** As Go prints a duration. */
export function duration(milliseconds: number): string {
  const nanoseconds = Math.round(milliseconds * 1e6);
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`;
  return nanoseconds < 1e9 ? `${nanoseconds / 1e6}ms` : `${nanoseconds / 1e9}s`;
}

/** `data.p.test_x: FAIL (1ms)` */
export function titleOf(test: TestResult): string {
  const time = test.outcome === "skip" ? "" : ` (${duration(test.milliseconds)})`;
  return `${test.package}.${test.name}: ${labels[test.outcome]}${time}`;
}

/** OPA's list of tests with the numbers below it; nothing without tests. */
export function prettyTests(tests: readonly TestResult[], { verbose, first = [], traced }: Shown): string {
  if (tests.length === 0) return "";
  const lines: string[] = [...first];
  let place = "";
  let file: string | undefined;
  for (const test of tests) {
    if (test.outcome === "pass" && !verbose) continue;
    if (file !== undefined && file !== test.file) lines.push("");
    file = test.file;
    const here = `${test.file}:${test.row}:`;
    if (here !== place) lines.push(here);
    place = here;
    lines.push(titleOf(test), ...caseLines(test.cases ?? [], verbose, "  "));
    if (test.error !== undefined) lines.push(...errorLines(test.error));
    if (test.stack !== undefined) lines.push("  Traceback:", ...test.stack.map(({ line }) => `    ${line}`));
    if (test.prints.length > 0)
      lines.push("", ...test.prints.flatMap(({ line }) => line.split("\n").map((one) => `  ${one}`)), "");
  }
  if (lines.length > 0) lines.push(ruler);
  const failures = tests.filter((test) => test.outcome === "fail");
  if (traced !== undefined && failures.length > 0)
    lines.push("FAILURES", ruler, ...failures.flatMap((test) => failureSection(test, traced(test))), ruler);
  const counts = countTests(tests);
  const total = counts.pass + counts.fail + counts.error + counts.skip;
  for (const outcome of ["pass", "fail", "skip", "error"] as const)
    if (counts[outcome] > 0) lines.push(`${labels[outcome]}: ${counts[outcome]}/${total}`);
  return `${lines.join("\n")}\n`;
}

function failureSection(test: TestResult, { trace, failure, caseFailures }: Traced = {}): readonly string[] {
  // OPA indents the end of each line too.
  const traceLines = trace === undefined ? [] : ["", ...trace.map((line) => `${line}  `)];
  const below = (lines: readonly string[] | undefined, indent: string): readonly string[] =>
    lines === undefined ? [] : [indent, ...lines.map((line, at) => `${indent}  ${line}${at === lines.length - 1 ? indent : ""}`)];
  if (test.cases === undefined) return [titleOf(test), ...traceLines, ...below(failure, ""), ""];
  const cases = leaves(test.cases)
    .filter(([, passed]) => !passed)
    .flatMap(([path]) => [
      ...path.map((name, at) => `${"  ".repeat(at + 1)}${name}: ${labels.fail}`),
      ...below(caseFailures?.get(caseKey(path)), "  ".repeat(path.length + 1)),
    ]);
  return [titleOf(test), ...traceLines, "", ...cases, ""];
}

export function caseLines(cases: readonly TestCase[], all: boolean, indent: string): readonly string[] {
  return cases.flatMap(({ name, passed, cases: below }) =>
    passed && !all ? [] : [`${indent}${name}: ${passed ? "PASS" : "FAIL"}`, ...caseLines(below ?? [], all, `${indent}  `)],
  );
}

function errorLines(error: EvaluationError): readonly string[] {
  const text = errorText([
    { message: error.message, code: error.code, ...(error.place === undefined ? {} : { location: error.place }) },
  ]);
  return text
    .trimEnd()
    .replace(/^1 error occurred: /u, "")
    .split("\n")
    .map((line) => (line.startsWith("  ") ? line : `  ${line}`));
}

/** Outcomes; each case of a table test counts for itself. */
function countTests(tests: readonly TestResult[]): Readonly<Record<TestResult["outcome"], number>> {
  const counts = { pass: 0, fail: 0, error: 0, skip: 0 };
  for (const test of tests) {
    if (test.cases === undefined) counts[test.outcome]++;
    else {
      const { passed, failed } = countCases(test.cases);
      counts.pass += passed;
      counts.fail += failed;
    }
  }
  return counts;
}

/** `traceOf` gives the events of a test that are to be told. */
export function jsonTests(tests: readonly TestResult[], traceOf: (test: TestResult) => readonly object[] | undefined): string {
  return `${goJson(tests.map((test) => jsonTest(test, { trace: traceOf(test) })))}\n`;
}

/** What only some reports have. */
interface MoreOfTest {
  readonly trace?: readonly object[] | undefined;
  readonly benchmark_result?: object;
}

/** The members that OPA gives each test, in its order. */
export function jsonTest(test: TestResult, { trace = [], benchmark_result }: MoreOfTest = {}): Readonly<Record<string, unknown>> {
  const { error, stack = [] } = test;
  const { stack_trace } = stackOf(stack);
  const output = test.prints.map(({ line }) => `${line}\n`).join("");
  return {
    location: { file: test.file, row: test.row, col: test.col },
    package: test.package,
    name: test.name,
    ...(test.outcome === "fail" ? { fail: true } : {}),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message, location: error.place, stack_trace } }),
    ...(test.outcome === "skip" ? { skip: true } : {}),
    duration: Math.round(test.milliseconds * 1e6),
    ...(trace.length === 0 ? {} : { trace }),
    ...(output === "" ? {} : { output: Buffer.from(output).toString("base64") }),
    ...(benchmark_result === undefined ? {} : { benchmark_result }),
    ...(test.cases === undefined ? {} : { sub_results: jsonCases(test.cases) }),
  };
}

function jsonCases(cases: readonly TestCase[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    cases.map(({ name, passed, cases: below }) => [
      name,
      { name, ...(passed ? {} : { fail: true }), ...(below === undefined ? {} : { sub_results: jsonCases(below) }) },
    ]),
  );
}

/** For build servers: a suite for each package, a case for each test and each case of a table test. */
export function junitTests(tests: readonly TestResult[]): string {
  const packages = [...new Set(tests.map((test) => test.package))].sort();
  const suites = packages.map((name) => {
    const own = tests.filter((test) => test.package === name);
    return `  <testsuite name="${xml(name)}" ${numbers(own)}>\n${own.flatMap(junitCases).join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${numbers(tests)}>\n${suites.join("")}</testsuites>\n`;
}

function numbers(tests: readonly TestResult[]): string {
  const { pass, fail, error, skip } = countTests(tests);
  const seconds = tests.reduce((sum, test) => sum + test.milliseconds, 0) / 1000;
  return `tests="${pass + fail + error + skip}" failures="${fail}" errors="${error}" skipped="${skip}" time="${seconds.toFixed(6)}"`;
}

function junitCases(test: TestResult): readonly string[] {
  const output =
    test.prints.length === 0 ? "" : `\n      <system-out>${xml(test.prints.map(({ line }) => line).join("\n"))}</system-out>`;
  const one = (name: string, inside: string): string => {
    const attributes = `classname="${xml(test.package)}" name="${xml(name)}" file="${xml(test.file)}" line="${test.row}" time="${(test.milliseconds / 1000).toFixed(6)}"`;
    return inside === "" && output === ""
      ? `    <testcase ${attributes}/>\n`
      : `    <testcase ${attributes}>${inside}${output}\n    </testcase>\n`;
  };
  const place = `${test.file}:${test.row}`;
  switch (test.outcome) {
    case "skip":
      return [one(test.name, "\n      <skipped/>")];
    case "error":
      return [one(test.name, `\n      <error message="${xml(test.error?.message ?? "")}">${xml(place)}</error>`)];
    default: {
      const failure = `\n      <failure message="the test is not true">${xml(place)}</failure>`;
      if (test.cases === undefined) return [one(test.name, test.outcome === "fail" ? failure : "")];
      return leaves(test.cases).map(([path, passed]) => one([test.name, ...path].join("/"), passed ? "" : failure));
    }
  }
}

/** The innermost cases by their names. */
function leaves(cases: readonly TestCase[], above: readonly string[] = []): readonly (readonly [readonly string[], boolean])[] {
  return cases.flatMap(({ name, passed, cases: below }) =>
    below === undefined ? [[[...above, name], passed] as const] : leaves(below, [...above, name]),
  );
}
