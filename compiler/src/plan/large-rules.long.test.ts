// Rules larger than anybody writes by hand: generated ones compile, and what nests too deeply is a diagnostic.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { compile } from "../compile.ts";
import { run } from "../wasm/module-runner.test-helper.ts";

const many = (count: number, one: (at: number) => string, between = "\n"): string =>
  Array.from({ length: count }, (_, at) => one(at)).join(between);

function compiled(rules: string, watch?: "marks"): ReturnType<typeof compile> {
  const checked = checkModules([parseModule(`package t\n\n${rules}\n`, { file: "t.rego" })]);
  return compile(checked, { entrypoints: ["t/r"], ...(watch === undefined ? {} : { watch }) });
}

test("a body of 1,600 literals", () => {
  const { module } = compiled(`r if {\n${many(800, (at) => `x${at} := ${at}\nx${at} < input.n`)}\n}`);
  expect(run(module!).evaluate("t/r", '{"n": 800}')).toBe('{{"result": true}}');
  expect(run(module!).evaluate("t/r", '{"n": 799}')).toBe("set()");
});

test("loops within a long body bind what is behind them", () => {
  const { module } = compiled(`r contains [a, b] if {
	${many(200, (at) => `input.x != ${at}`, "\n\t")}
	some a in [1, 2]
	${many(200, (at) => `a != ${at + 5}`, "\n\t")}
	some b in [3, 4]
	a + b != 5
}`);
  expect(run(module!).evaluate("t/r", '{"x": -1}')).toBe('{{"result": {[1, 3], [2, 4]}}}');
});

test("a body of 500 literals whose course is told", () => {
  const { diagnostics, module } = compiled(`r if {\n${many(250, (at) => `x${at} := ${at}\nnot input.n == x${at}`)}\n}`, "marks");
  expect(diagnostics).toEqual([]);
  expect(run(module!).evaluate("t/r", '{"n": 250}')).toBe('{{"result": true}}');
  expect(run(module!).evaluate("t/r", '{"n": 249}')).toBe("set()");
});

test("an object of 1,500 constants", () => {
  const { module } = compiled(`o := {${many(1500, (at) => `"k${at}": {"a": [${at}, "x"]}`, ", ")}}\nr := o[input.k].a[0]`);
  expect(run(module!).evaluate("t/r", '{"k": "k1432"}')).toBe('{{"result": 1432}}');
});

test("1,500 definitions of one set", () => {
  const { module } = compiled(many(1500, (at) => `r contains ${at} if input.x == ${at}`));
  expect(run(module!).evaluate("t/r", '{"x": 1499}')).toBe('{{"result": {1499}}}');
});

test("1,500 modifiers of one literal compile, or are refused at the rule where the stack is small", () => {
  const { module, diagnostics } = compiled(`r if input.a0 == 0 ${many(1500, (at) => `with input.a${at} as ${at}`, " ")}`);
  if (module !== undefined) expect(run(module).evaluate("t/r", "{}")).toBe('{{"result": true}}');
  else expect(diagnostics.map(({ file, code }) => `${file}: ${code}`)).toEqual(["t.rego: rw_limit_error"]);
});

test("the document of a rule whose name has many parts grows with them", () => {
  const size = (parts: number): number => compiled(`p${".a".repeat(parts)} := 1\nr := data.t.p`).module!.bytes.length;
  const [few, more, most] = [size(10), size(210), size(410)];
  expect(most - more).toBeLessThan(1.2 * (more - few));
  const { module } = compiled("p.a.b := 1\np.a.c contains 2\nr := data.t.p");
  expect(run(module!).evaluate("t/r", "{}", '{"t": {"p": {"a": {"d": 3}, "e": 4}}}')).toBe(
    '{{"result": {"a": {"b": 1, "c": {2}, "d": 3}, "e": 4}}}',
  );
});
