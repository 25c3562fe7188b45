// What builtins complained of, in OPA's order, and what it says where rules conflict.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance, type EvaluationError } from "./instance.ts";

/** The errors of all builtins for `data.p`, or the one that ended the evaluation, a line each. */
function errors(rules: string, input = "{}", strictBuiltinErrors = false): readonly string[] {
  const checked = checkModules([parseModule(`package p\n\n${rules}\n`, { file: "p.rego" })]);
  expect(checked.diagnostics).toEqual([]);
  const outcome = createInstance(compile(checked, { entrypoints: ["p"] }).module!, { now: () => 0n }).evaluate("p", input, {
    strictBuiltinErrors,
  });
  const told = ({ place, message }: EvaluationError): string => `${place?.row}: ${message}`;
  return outcome.kind === "error" ? [told(outcome.error)] : outcome.builtinErrors.map(told);
}

const affix = 'q := 1 if startswith(input.x, "a")';

test.each([
  ["a text", affix, '{"x": "b"}', []],
  ["no text, which the rule index does not admit", affix, '{"x": 1}', []],
  ["a list of other texts", affix, '{"x": ["b"]}', []],
  ["a list that has such a text", affix, '{"x": ["ab"]}', ["3: startswith: operand 1 must be string but got array"]],
  ["the whole input", 'q := 1 if endswith(input, "a")', "[1]", []],
  ["a variable", 'q := x if { x := input.x; startswith(x, "a") }', '{"x": 1}', []],
  [
    "an argument, of which the rule index knows no beginning",
    'q := f(input.x)\nf(x) := 1 if startswith(x, "a")',
    '{"x": 1}',
    ["4: startswith: operand 1 must be string but got number"],
  ],
  [
    "a variable for an argument",
    'q := f(input.x)\nf(x) := 1 if { y := x; endswith(y, "a") }',
    '{"x": 1}',
    ["4: endswith: operand 1 must be string but got number"],
  ],
  ["a glob", 'q := f(input.x)\nf(x) := 1 if glob.match("a.*", [], x)', '{"x": 1}', []],
  [
    "a glob and a list of its segments",
    'q := 1 if glob.match("a/*", ["/"], input.x)',
    '{"x": ["a", 1]}',
    ["3: glob.match: operand 3 must be string but got array"],
  ],
  ["a glob and another list", 'q := 1 if glob.match("a/*", ["/"], input.x)', '{"x": ["b", 1]}', []],
  [
    "a glob before a set of sets, of which the index knows nothing",
    'q := 1 if { glob.match("a:*", ["."], input.x); input.x in {2, {1}} }',
    '{"x": 3}',
    ["3: glob.match: operand 3 must be string but got number"],
  ],
  ["a glob before a set of numbers", 'q := 1 if { glob.match("a:*", ["."], input.x); input.x in {2, 1} }', '{"x": 3}', []],
  [
    "behind what the index does not look at",
    'q := 1 if { 1 < 2 ; lower(input.x) == "a" }',
    '{"x": 1}',
    ["3: lower: operand 1 must be string but got number"],
  ],
  ["a key of several parts that is not there", 'q := 1 if { abs(input.x); input.y[["a", {1}]] }', '{"x": "a", "y": {}}', []],
  [
    "a key of several parts among rules",
    'q := 1 if { abs(input.x); o[{"a": 1}].b }\no[3].b := 1 if input.y',
    '{"x": "a", "y": 1}',
    [],
  ],
  ["where something else is not admitted", 'q := 1 if { startswith(input.x, "a"); input.y == 1 }', '{"x": ["a"], "y": 2}', []],
])("a rule that looks at how something begins or ends: %s", (_title, rule, input, expected) => {
  expect(errors(rule, input)).toEqual(expected);
});

test.each([
  ["not", "q if {\n\tnot\n\t\tto_number(input.x)\n}", 4],
  ["parentheses", "q if {\n\t(\n\t\tto_number(input.x)\n\t)\n}", 4],
  ["an operand", "q if {\n\tnot 1 ==\n\t\tto_number(input.x)\n}", 5],
])("a call that is a whole expression fails where that begins: %s", (_title, rule, row) => {
  expect(errors(rule, '{"x": "z"}')).toEqual([`${row}: to_number: strconv.ParseFloat: parsing "z": invalid syntax`]);
});

test("where something prints, the evaluation goes on behind an error that is told", () => {
  const rules = 'p := [x | some y in ["a", 2, "b"]; print(y); x := upper(y); print(x)]';
  const checked = checkModules([parseModule(`package p\n\n${rules}\n`, { file: "p.rego" })], { printing: true });
  const instance = createInstance(compile(checked, { entrypoints: ["p"] }).module!, { now: () => 0n });
  const { prints, ...outcome } = instance.evaluate("p", "{}", { strictBuiltinErrors: true });
  expect(outcome).toMatchObject({ kind: "error", error: { message: "upper: operand 1 must be string but got number" } });
  expect(prints.map(({ line }) => line)).toEqual(["a", "A", "2", "b", "B"]);
});

test.each([{}, { watch: "marks" } as const])(
  "what builtins complain of while all values of a conflict are looked for is not told: %j",
  (watch) => {
    const rules = "p := 1\n\np := x if {\n  some x in [2, 3]\n  print(x)\n}\n\np := upper(4)";
    const checked = checkModules([parseModule(`package p\n\n${rules}\n`, { file: "p.rego" })], { printing: true });
    const instance = createInstance(compile(checked, { entrypoints: ["p"], ...watch }).module!, { now: () => 0n });
    const message = "rule data.p.p produced conflicting values:\n  1 at p.rego:3\n  2 at p.rego:5";
    expect(instance.evaluate("p", "{}", { strictBuiltinErrors: true })).toMatchObject({ kind: "error", error: { message } });
  },
);

test("rules that are members of one object are evaluated in the order of their names", () => {
  const rules = 'r["d"].b := upper(input.x)\nr[k].c := 1 if some k in [1]\nr.b.c := lower(input.x)';
  expect(errors(rules, '{"x": 1}')).toEqual([
    "5: lower: operand 1 must be string but got number",
    "3: upper: operand 1 must be string but got number",
  ]);
});

test("a conflict in an else branch among members of one object stands there", () => {
  const rules = 'o[k].b := 1 if some k in ["x"]\no.y.c := 1 if input.a\nelse := v if some v in [1, 2]';
  expect(errors(rules)).toEqual(["5: object keys must be unique"]);
});

test("values in conflict are listed to the end in strict mode too", () => {
  const rules = "q := 1 if input.x\nq := 2 if input.x\nq := 3 if { true; y := [1, lower(input.x)]; false }\nq := 4 if input.x";
  const told = "4: rule data.p.q produced conflicting values:\n  1 at p.rego:3\n  2 at p.rego:4\n  4 at p.rego:6";
  expect(errors(rules, '{"x": 1}', true)).toEqual([told]);
});

test("values in conflict are written with Go's escapes", () => {
  expect(errors('q := "a\\u0000\\u2028" if input.x\nq := "é\\"" if input.x', '{"x": 1}')).toEqual([
    '4: rule data.p.q produced conflicting values:\n  "a\\x00\\u2028" at p.rego:3\n  "é\\"" at p.rego:4',
  ]);
});

test.each([
  ["1 -01", "-0"],
  ["1 01", "0"],
])("json.unmarshal of %s tells the number that it reads next", (text, token) => {
  expect(errors(`q := json.unmarshal("${text}")`)).toEqual([
    `3: json.unmarshal: error: invalid character '${token}' after top-level value`,
  ]);
});
