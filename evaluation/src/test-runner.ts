// Runs `test_` rules as `opa test` does: one entrypoint each, all in one compiled module.
import type { Checked } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { createInstance, type EvaluationError, type Print } from "./instance.ts";

export interface TestCase {
  readonly name: string;
  readonly passed: boolean;
}

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
  readonly error?: EvaluationError;
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
  readonly filter?: RegExp;
  /** Steps that one test may take. */
  readonly fuel?: bigint;
  /** Milliseconds, for durations. */
  readonly clock?: () => number;
}

interface Found {
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

const defaultFuel = 200_000_000n;

/** The tests of the modules, in the order of files and text; a rule with several definitions is one test. */
export function findTests(checked: Checked): readonly Found[] {
  const found = new Map<string, Found>();
  for (const { file, text, source } of checked.modules) {
    const lines = new LineIndex(text);
    const path = ["data", ...(source.package?.path.map((part) => part.value) ?? [])].join(".");
    for (const rule of source.rules) {
      const { reference } = rule.head;
      const head = reference.kind === "var" ? reference : reference.parts[0];
      if (head?.kind !== "var" || !/^(?:todo_)?test_/.test(head.name) || rule.head.args !== undefined) continue;
      const key = `${path}.${head.name}`;
      if (!found.has(key)) found.set(key, { package: path, name: head.name, file, ...lines.rowCol(rule.start) });
    }
  }
  return [...found.values()];
}

/** Runs every test; the modules must be free of errors. */
export function runTests(checked: Checked, options: TestOptions): TestRun {
  const clock = options.clock ?? (() => performance.now());
  const tests = findTests(checked).filter((test) => options.filter?.test(`${test.package}.${test.name}`) ?? true);
  const entrypoint = (test: Found): string => `${test.package}.${test.name}`;
  const running = tests.filter((test) => !test.name.startsWith("todo_"));
  const compiled = compile(checked, { entrypoints: running.map(entrypoint) });
  if (compiled.module === undefined) return { tests: [], diagnostics: compiled.diagnostics };
  const instance = createInstance(compiled.module, { now: options.now });
  instance.setData(options.data);
  return {
    diagnostics: [],
    tests: tests.map((test): TestResult => {
      if (test.name.startsWith("todo_")) return { ...test, outcome: "skip", milliseconds: 0, prints: [] };
      const started = clock();
      const outcome = instance.evaluate(entrypoint(test), undefined, { fuel: options.fuel ?? defaultFuel });
      const common = { ...test, milliseconds: clock() - started, prints: outcome.prints };
      if (outcome.kind === "error") return { ...common, outcome: "error", error: outcome.error };
      const [solution] = JSON.parse(outcome.text) as readonly { readonly result: unknown }[];
      const cases = casesOf(solution?.result);
      const passed = cases === undefined ? solution?.result === true : cases.every((one) => one.passed);
      return { ...common, outcome: passed ? "pass" : "fail", ...(cases === undefined ? {} : { cases }) };
    }),
  };
}

/** The value of a table test is an object from case name to whether it holds. */
function casesOf(value: unknown): readonly TestCase[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([name, result]) => ({ name, passed: result === true }));
}
