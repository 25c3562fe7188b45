// Where an evaluation broke, with the queries around it, as OPA's traceback has them.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
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

const f = "f(x, y) := 1 if x > y\nf(x, y) := 2 if x > 1\n";

test("rules and functions, with the values of the variables that were known", () => {
  expect(
    traceback(`${f}\ntest_a if {\n\tz := 3\n\tg(z) == 1\n}\n\ng(x) := y if {\n\ty := f(x, [2, 1][_])\n\ty > 0\n}\n`),
  ).toEqual(["4 p.rego:4: 3 > 1", "2 p.rego:12: 2", "1 p.rego:8: g(3)", "0 1:1: data.p.test_a"]);
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

test("long texts and values are cut", () => {
  const long = "a".repeat(90);
  expect(
    traceback(
      `${f}\ntest_a if {\n\tx := "${long}"\n\tstartswith(x, "a")\n\tg(x, "${long}")\n}\n\ng(x, y) if f(2, 1) > count([x, y])\n`,
    ),
  ).toEqual(["4 p.rego:4: 2 > 1", "2 p.rego:12: 2", `1 p.rego:9: g(x, "${"a".repeat(74)}...`, "0 1:1: data.p.test_a"]);
});
