// Runs `test_` rules as `opa test` does: one entrypoint each, all in one compiled module.
import type { Checked } from "#analysis/rego/checked.ts";
import { type CompileRequest, compile, type IncrementalCompiler } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { printRef, printTerm } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { Family, HostPorts } from "./builtins/builtin.ts";
import { CourseListener, courseRequest } from "./course.ts";
import { type Coverage, type CoverageKind, coverageRequest, markHeads } from "./coverage.ts";
import { CoverageRuns, type Running } from "./coverage-runs.ts";
import { Explained, queryFile } from "./explanation-text.ts";
import {
  createInstance,
  type EvaluateOptions,
  type EvaluationError,
  type Instance,
  type InstanceOptions,
  type Outcome,
  type Print,
} from "./instance.ts";
import { readRegoText } from "./rego-text.ts";
import { isRepeatable, type StackFrame, stackFrames } from "./stack-trace.ts";
import {
  announceCases,
  casesOfEntry,
  caseTree,
  hasCases,
  hearingCases,
  isEntry,
  isSkippedTest,
  type TestCase,
  testHead,
} from "./test-cases.ts";
import { RegoObject, RegoSet, type Value } from "./value.ts";

export type { TestCase } from "./test-cases.ts";

export interface TestResult {
  /** `data.orders_test`. */
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly outcome: "pass" | "fail" | "error" | "skip";
  readonly milliseconds: number;
  readonly prints: readonly Print[];
  /** What `trace` said. */
  readonly notes: readonly Print[];
  readonly error?: EvaluationError;
  /** What was being evaluated then, the innermost first; `tracedErrors` gives it. */
  readonly stack?: readonly StackFrame[];
  /** The cases of a table test, `test_x[name] if …`. */
  readonly cases?: readonly TestCase[];
}

export interface TestRun {
  readonly tests: readonly TestResult[];
  /** What could not be compiled; no test ran then. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestOptions {
  /** The base document as JSON text. */
  readonly data: string;
  readonly now: () => bigint;
  /** Only tests whose full name fits. */
  readonly filter?: Pick<RegExp, "test">;
  /** Steps that one test may take. */
  readonly fuel?: bigint;
  /** Milliseconds that one test may take by the clock; needs `clock`. */
  readonly timeout?: number;
  /** Milliseconds, for durations. */
  readonly clock?: () => number;
  readonly ports?: HostPorts;
  /** Builtins beside the table. */
  readonly builtins?: Family;
  readonly seed?: number;
  /** 64 KiB pages that the tests may use; 65,536 unless given. */
  readonly maxPages?: number;
  /** The course of each test is heard. */
  readonly told?: true;
  /** What the tests reach is noted, and which of these kinds of reasons there are where they do not; each kind runs them once more. */
  readonly coverage?: readonly CoverageKind[];
  /** Compiles the tests of a policy under edits; for tests that are not watched. */
  readonly compiler?: IncrementalCompiler;
}

/** A test by its place in the source. */
export interface FoundTest {
  readonly package: string;
  readonly name: string;
  /** Name of the entrypoint. */
  readonly entrypoint: string;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly table: boolean;
  /** An entry of an object: see `isEntry`. */
  readonly isEntry: boolean;
  /** A function cannot be run as a test. */
  readonly isFunction: boolean;
  readonly isSkipped: boolean;
}

const defaultFuel = 200_000_000n;

/** The tests of the modules, in the order of files and text; a rule with several definitions is one test. */
function findTests(checked: Checked): readonly FoundTest[] {
  const found: FoundTest[] = [];
  const seen = new Set<string>();
  for (const { file, text, source } of checked.modules) {
    const lines = new LineIndex(text);
    const parts = source.package?.path ?? [];
    const place = { start: 0, end: 0 };
    const path = printRef([{ kind: "var", ...place, name: "data" }, ...parts]);
    for (const rule of source.rules) {
      const head = testHead(rule);
      if (head === undefined) continue;
      const isSkipped = isSkippedTest(head.name);
      const names = head.parts.map((part) => (part.kind === "string" ? part.value : printTerm(part)));
      const entrypoint = [...parts.map(({ value }) => value), ...names].join("/");
      if (seen.has(entrypoint) && !isSkipped) continue;
      seen.add(entrypoint);
      found.push({
        ...{ package: path, name: printRef(head.parts), entrypoint, file, ...lines.rowCol(rule.start) },
        ...{ table: hasCases(rule), isEntry: isEntry(rule), isFunction: rule.head.args !== undefined, isSkipped },
      });
    }
  }
  return found;
}

/** What compiled tests need: one module and a way to run each. */
export interface CompiledTests {
  readonly tests: readonly FoundTest[];
  readonly diagnostics: readonly Diagnostic[];
  readonly checked: Checked;
  readonly module?: EmittedModule;
  readonly instance?: Instance;
  /** With `coverage`: what the tests that ran have reached. */
  coverage(): Coverage | undefined;
  /** With `told`: the course of the test that ran last. */
  readonly course?: CourseListener;
  run(test: FoundTest): TestResult;
}

/** Compiles the tests; the modules must be free of errors. */
export function compileTests(checked: Checked, options: TestOptions): CompiledTests {
  const clock = options.clock ?? (() => performance.now());
  const tests = findTests(checked).filter((test) => options.filter?.test(`${test.package}.${test.name}`) ?? true);
  const isWatched = options.told !== undefined || options.coverage !== undefined;
  const announcing = options.coverage === undefined ? announceCases(checked) : markHeads(announceCases(checked));
  const entrypoints = tests.filter(isRunnable).map((test) => test.entrypoint);
  const compiled =
    options.compiler !== undefined && !isWatched
      ? options.compiler.compile(announcing, entrypoints)
      : compile(announcing, {
          entrypoints,
          ...(options.told === undefined ? {} : courseRequest),
          ...(options.coverage === undefined ? {} : coverageRequest()),
        });
  const { module, diagnostics } = compiled;
  const skipped = (test: FoundTest): TestResult => ({ ...test, outcome: "skip", milliseconds: 0, prints: [], notes: [] });
  if (module === undefined) return { tests, diagnostics, checked: announcing, run: skipped, coverage: () => undefined };
  let cases: (readonly Value[])[] = [];
  const course = options.told === undefined ? undefined : new CourseListener(module);
  const instanceOf = (
    one: EmittedModule,
    more: Partial<InstanceOptions>,
    onCase: (names: readonly Value[]) => void,
  ): Instance => {
    const made = createInstance(one, {
      now: options.now,
      ...(options.ports === undefined ? {} : { ports: options.ports }),
      ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }),
      ...more,
      builtins: { ...options.builtins, ...hearingCases(onCase) },
    });
    made.setData(options.data);
    return made;
  };
  const listening = course === undefined ? {} : { onMark: course.onMark, onMarkAgain: course.onMarkAgain, onNote: course.onNote };
  const instance = instanceOf(module, listening, (names) => {
    cases.push(names);
    course?.onCase(names);
  });
  course?.attach(instance);
  const make = (request: Partial<CompileRequest>): Running | undefined => {
    const other = compile(announcing, { entrypoints, ...request }).module;
    return other === undefined ? undefined : { module: other, instance: instanceOf(other, {}, () => undefined) };
  };
  const covered =
    options.coverage === undefined ? undefined : new CoverageRuns(announcing, options.coverage, make, { module, instance });
  const evaluate = (test: FoundTest): Outcome => {
    const now = options.now();
    const once = (): EvaluateOptions => {
      const end = clock() + (options.timeout ?? 0);
      return {
        now,
        format: "rego",
        ...(options.timeout === undefined
          ? { fuel: options.fuel ?? defaultFuel }
          : { cancelled: () => clock() > end, ...(options.fuel === undefined ? {} : { fuel: options.fuel }) }),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      };
    };
    const outcome = instance.evaluate(test.entrypoint, undefined, once());
    if (outcome.kind === "result") covered?.repeat((other) => other.evaluate(test.entrypoint, undefined, once()));
    return outcome;
  };
  const coverage = (): Coverage | undefined => covered?.report();
  const run = (test: FoundTest): TestResult => {
    if (test.isSkipped) return skipped(test);
    if (test.isFunction) return { ...test, outcome: "error", milliseconds: 0, prints: [], notes: [], error: functionError(test) };
    cases = [];
    course?.reset();
    const started = clock();
    const outcome = evaluate(test);
    const common = { ...test, milliseconds: clock() - started, prints: outcome.prints, notes: outcome.notes };
    if (outcome.kind === "error") return { ...common, outcome: "error", error: outcome.error };
    const value = resultOf(outcome.text);
    if (!test.table && !test.isEntry) return { ...common, outcome: value === true ? "pass" : "fail" };
    const tree = test.isEntry ? casesOfEntry(value) : caseTree(cases, value);
    const passed = value !== undefined && value !== null && tree.every((one) => one.passed);
    return { ...common, outcome: passed ? "pass" : "fail", ...(tree.length === 0 ? {} : { cases: tree }) };
  };
  return {
    tests,
    diagnostics,
    checked: announcing,
    module,
    instance,
    run,
    coverage,
    ...(course === undefined ? {} : { course }),
  };
}

/** Runs every test; the modules must be free of errors. */
export function runTests(checked: Checked, options: TestOptions): TestRun {
  const { tests, diagnostics, module, instance, run } = compileTests(checked, options);
  if (module === undefined || instance === undefined) return { tests: [], diagnostics };
  const results = tests.map(run);
  return { tests: results, diagnostics: [] };
}

/** The results; those of tests that broke with the error that OPA's interpreter meets first and what was being evaluated then, for which they run once more. */
export function tracedErrors(checked: Checked, options: TestOptions, results: readonly TestResult[]): readonly TestResult[] {
  const isTraced = ({ error, isFunction }: TestResult & { readonly isFunction?: boolean }): boolean =>
    error !== undefined && isFunction !== true && isRepeatable(error);
  if (!results.some(isTraced)) return results;
  const { checked: announcing, module, tests, course, run } = compileTests(checked, { ...options, told: true });
  if (module === undefined || course === undefined) return results;
  const explained = new Explained(announcing, module.files);
  const texts = new Map(checked.modules.map(({ file, text }) => [file, text]));
  return results.map((result) => {
    const test = isTraced(result) ? tests.find((one) => one.package === result.package && one.name === result.name) : undefined;
    const error = test === undefined ? undefined : run(test).error;
    if (error === undefined || !isRepeatable(error)) return result;
    const query = `${result.package}.${result.name}`;
    const textOf = (file: string): string | undefined => (file === queryFile ? query : texts.get(file));
    return { ...result, error, stack: stackFrames(explained, course, textOf, error) };
  });
}

function isRunnable(test: FoundTest): boolean {
  return !test.isFunction && !test.isSkipped;
}

function functionError(test: FoundTest): EvaluationError {
  const message = `function ${test.package}.${test.name} used as reference, not called`;
  return { code: "eval_type_error", message, place: { file: "", row: 1, col: 1 } };
}

/** The value in an answer in Rego text, `{{"result": v}}`. */
function resultOf(text: string): Value | undefined {
  const answer = readRegoText(text);
  const first = answer instanceof RegoSet ? answer.items[0] : Array.isArray(answer) ? (answer[0] as Value) : undefined;
  return first instanceof RegoObject ? first.get("result") : undefined;
}
