// `rw test`: what happened in tests, for which they run once more and are listened to.
import type { Checked } from "#analysis/rego/checked.ts";
import type { CourseListener } from "#evaluation/course.ts";
import { courseEnd, type ExplainedEvent, explain } from "#evaluation/explanation.ts";
import type { Explain } from "#evaluation/explanation-columns.ts";
import { explanationJson } from "#evaluation/explanation-json.ts";
import { Explained, explanationLines } from "#evaluation/explanation-text.ts";
import { lastFailure } from "#evaluation/failure-text.ts";
import { compileTests, type TestOptions, type TestResult } from "#evaluation/test-runner.ts";
import { withTestValues } from "#evaluation/test-values.ts";
import type { Invocation } from "./command.ts";
import { caseKey, type Traced } from "./test-report.ts";

/** What reports may have of the courses of tests. */
export interface Courses {
  readonly traces: () => ReadonlyMap<string, Traced>;
  readonly events: () => ReadonlyMap<string, readonly object[]>;
}

export function isVerbose(call: Invocation): boolean {
  return call.on("verbose") || call.given("explain");
}

/** The course of one test, and the policies that it is told in. */
interface Course extends Pick<CourseListener, "reached" | "isCut" | "conflict"> {
  readonly told: Checked;
  readonly explained: Explained;
}

/** The modules as their course is told. */
export function told(call: Invocation, checked: Checked): Checked {
  return call.on("var-values") ? withTestValues(checked) : checked;
}

/** Runs tests once more and listens: what `use` takes of the course of each, by place. */
function coursesOf<T>(
  call: Invocation,
  checked: Checked,
  options: TestOptions,
  wanted: readonly TestResult[],
  use: (course: Course, test: TestResult) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  if (wanted.length === 0) return found;
  const { coverage: _, ...uncounted } = options;
  const { checked: listened, module, tests, course, run } = compileTests(told(call, checked), { ...uncounted, told: true });
  if (module === undefined || course === undefined) return found;
  const explained = new Explained(listened, module.files);
  const known = new Map(wanted.map((one) => [keyOf(one), one]));
  for (const one of tests) {
    const key = keyOf(one);
    const test = known.get(key);
    if (test === undefined) continue;
    run(one);
    const { reached, isCut, conflict } = course;
    if (isCut) call.io.err(`the course of ${key} is too long: only its beginning is told\n`);
    found.set(key, use({ told: listened, explained, reached, isCut, conflict }, test));
  }
  return found;
}

/** What the report of failed tests shows of their courses. */
export function tracesOf(
  call: Invocation,
  checked: Checked,
  options: TestOptions,
  results: readonly TestResult[],
): ReadonlyMap<string, Traced> {
  const how = call.given("explain") ? (call.flag("explain") as Explain) : "default";
  const failed = results.filter(({ outcome }) => outcome === "fail");
  return coursesOf(call, checked, options, failed, ({ told, explained, reached, isCut, conflict }) => {
    const failureIn = (events: readonly ExplainedEvent[]): readonly string[] => lastFailure(told, explained, events)?.lines ?? [];
    const lines = (): readonly string[] =>
      explanationLines(explained, explain(reached, how, courseEnd({ isCut, conflict })), call.on("var-values"), "  ");
    return {
      ...(isVerbose(call) ? { trace: lines() } : {}),
      // What failed last is not in the beginning.
      ...(call.on("var-values") && !isCut ? failuresOf(explain(reached, "full"), failureIn) : {}),
    };
  });
}

/** The events of all tests that were run, in the JSON form, where they are asked for. */
export function eventsOf(
  call: Invocation,
  checked: Checked,
  options: TestOptions,
  results: readonly TestResult[],
): ReadonlyMap<string, readonly object[]> {
  if (!isVerbose(call) && !call.on("var-values")) return new Map();
  const how = call.given("explain") || !isVerbose(call) ? (call.flag("explain") as Explain) : "default";
  const wanted = results.filter(({ outcome }) => outcome !== "skip");
  return coursesOf(call, checked, options, wanted, ({ explained, reached, isCut, conflict }, { error }) =>
    explanationJson(explained, explain(reached, how, courseEnd({ isCut, conflict }, error))),
  );
}

/** What failed in a test, and in each of its cases: up to where the next one begins. */
function failuresOf(
  events: readonly ExplainedEvent[],
  failureIn: (events: readonly ExplainedEvent[]) => readonly string[],
): Traced {
  const begins = [...events.keys()].filter((at) => events[at]?.op === "TestCase");
  const caseFailures = new Map(
    begins.map((at, nth) => [caseKey(events[at]?.path ?? []), failureIn(events.slice(0, begins[nth + 1]))] as const),
  );
  return { failure: failureIn(events), caseFailures };
}

/** What a test is known by in both runs. */
export function keyOf({ file, row, name }: Pick<TestResult, "file" | "row" | "name">): string {
  return `${file}:${row}:${name}`;
}
