// Where an evaluation broke, with the queries around it, as OPA's traceback has them.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { Explained } from "./explanation-text.ts";
import { stackFrames } from "./stack-trace.ts";
import { compileTests, tracedErrors } from "./test-runner.ts";

/** The traceback of the one test of a module, below `package p`. */
function traceback(text: string): readonly string[] {
  const source = `package p\n\n${text}`;
  const checked = checkModules([parseModule(source, { file: "p.rego" })], { printing: true });
  expect(checked.diagnostics).toEqual([]);
  const options = { data: "{}", now: () => 0n };
  const { tests, run } = compileTests(checked, options);
  const [result] = tracedErrors(checked, options, tests.map(run));
  return result?.stack?.map(({ id, line }) => `${id} ${line}`) ?? [];
}

test("a course whose end was not kept has no traceback: its last step is not where the evaluation broke", () => {
  const text = "package p\n\nx := 1\nx := 2\n\ntest_a if x == 3\n";
  const checked = checkModules([parseModule(text, { file: "p.rego" })]);
  const tests = compileTests(checked, { data: "{}", now: () => 0n, told: true });
  const error = tests.run(tests.tests[0]!).error!;
  const { reached } = tests.course!;
  const explained = new Explained(tests.checked, tests.module!.files);
  const lines = (isCut: boolean) => stackFrames(explained, { reached, isCut }, () => text, error).map(({ line }) => line);
  expect(lines(false)[0]).toBe("p.rego:4: 2");
  expect(lines(true)).toEqual([]);
});

const f = "f(x, y) := 1 if x > y\nf(x, y) := 2 if x > 1\n";

test("rules and functions, with the values of the variables that were known", () => {
  expect(
    traceback(`${f}\ntest_a if {\n\tz := 3\n\tg(z) == 1\n}\n\ng(x) := y if {\n\ty := f(x, [2, 1][_])\n\ty > 0\n}\n`),
  ).toEqual(["4 p.rego:4: 3 > 1", "2 p.rego:12: 2", "1 p.rego:8: g(3)", "0 1:1: data.p.test_a"]);
});

test.each([
  ["2", "2"],
  ["a", "3"],
  ["[a, {a}]", "[3, {3}]"],
  ["a + 1", "f(3)"],
  ["[x, y]", "f(3)"],
  ["x", "3"],
  ["[x | x := a]", "f(3)"],
])("the second value %s of a function stands for its call where it was known before the last expression", (value, shown) => {
  const text = `f(a) := 1 if a\nf(a) := ${value} if {\n\tx := a\n\ty := x\n}\n\ntest_a if {\n\ty := f(3)\n\ty == 1\n}\n`;
  expect(traceback(text)).toContain(`1 p.rego:10: ${shown}`);
});

test("comprehensions, not and every are queries of their own", () => {
  expect(traceback(`${f}\ntest_a if {\n\tx := [n |\n\t\tsome i in [2]\n\t\tn := f(i, 1)\n\t]\n\tx == [1]\n}\n`)).toEqual([
    "4 p.rego:4: 2 > 1",
    "2 p.rego:9: 2",
    "1 p.rego:7: x := [n | some i in [2] n := f(i, 1) ]",
    "0 1:1: data.p.test_a",
  ]);
  expect(traceback("o[k] := v if {\n\tsome k in [1]\n\tsome v in [2, 3]\n}\n\ntest_a if {\n\tnot o[1]\n}\n")).toEqual([
    "3 p.rego:5: some v in [2, 3]",
    "2 p.rego:9: not o[1]",
    "1 p.rego:9: not o[1]",
    "0 1:1: data.p.test_a",
  ]);
});

test.each([
  ["a value without a body", "x := 1\nx := 2\n", "p.rego:4: 2"],
  ["a body that ends with true", "x := 1\nx := 2 if {\n\t1 == 1\n\ttrue\n}\n", "p.rego:6: true"],
  ["an else without a body", "x := 1\nx := 2 if false else := 4\n", "p.rego:4: else := 4"],
])("%s stands for what was tried last", (_, rules, line) => {
  expect(traceback(`${rules}\ntest_a if x == 3\n`)[0]?.replace(/^\d+ /u, "")).toBe(line);
});

test("long texts and values are cut", () => {
  const long = "a".repeat(90);
  expect(
    traceback(
      `${f}\ntest_a if {\n\tx := "${long}"\n\tstartswith(x, "a")\n\tg(x, "${long}")\n}\n\ng(x, y) if f(2, 1) > count([x, y])\n`,
    ),
  ).toEqual(["4 p.rego:4: 2 > 1", "2 p.rego:12: 2", `1 p.rego:9: g(x, "${"a".repeat(74)}...`, "0 1:1: data.p.test_a"]);
});
