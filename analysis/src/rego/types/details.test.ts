// The lines below a type error, as `opa check` prints them.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { checkModules } from "../check.ts";

function linesOf(rule: string): string {
  const { diagnostics } = checkModules([parseModule(`package a\n${rule}\n`, { file: "a.rego" })]);
  return diagnostics.map(({ message, lines }) => [message, ...(lines ?? [])].join("\n")).join("\n");
}

test.each([
  ['q if { [1] = "a" }', "match error\nleft  : array<number>\nright : string"],
  ["q if { x := 1; x.foo }", "undefined ref: x.foo\nx.foo\n^\nhave: number"],
  ['q if { x := {"a": {"b": 1}}; x.a.c }', 'undefined ref: x.a.c\nx.a.c\n    ^\n    have: "c"\n    want (one of): ["b"]'],
  // Numbers are spelled as they are written.
  ["q if { {1.50: 1} = 1 }", "match error\nleft  : object<1.50: number>\nright : number"],
  [
    "q := {1e2: input, .5: 1}.a",
    'undefined ref: {.5: 1, 1e2: input}.a\n{.5: 1, 1e2: input}.a\n                    ^\n                    have: "a"\n                    want (one of): [.5 1e2]',
  ],
  ["q := [1, 2][1.0].a", "undefined ref: [1, 2][1.0].a\n[1, 2][1.0].a\n       ^\n       have: 1.0\n       want (type): number"],
  [
    "r.a := 1\nr[null] := 2\nq if { x := count(input.x); r[x] }",
    'undefined ref: data.a.r[x]\ndata.a.r[x]\n         ^\n         have (type): number\n         want (one of): [null "a"]',
  ],
  ["q if { set()[1] }", "undefined ref: set()[1]\nset()[1]\n      ^\n      have: 1\n      want (one of): []"],
  ['q if { x := [1]; x["a"] }', 'undefined ref: x.a\nx.a\n  ^\n  have: "a"\n  want (type): number'],
  [
    'q := sprintf("a", "b")',
    "sprintf: invalid argument(s)\nhave: (string, string, ???)\nwant: (format: string, values: array[any], output: string)",
  ],
  // Lines of more than 80 characters leave out what is not at fault, and what both sides have.
  ["q := count(1)", "count: invalid argument(s)\nhave: (number, ???)\nwant: (collection: any<...>, n: number)"],
  [
    'q := concat(1, {"a": {"b": [1, 2, 3, "x"]}})',
    "concat: invalid argument(s)\nhave: (number, object<...>, ???)\nwant: (delimiter: string, collection: any<array[string], set[string]>, output: string)",
  ],
  [
    'q if { {"one": 1, "two": {"three": [1, "a"], "four": 1, "five": {1}}} = {"one": 1, "two": {"three": ["a", 1], "four": 1}} }',
    [
      "match error",
      "left  : object<two: object<five: set[number], three: array<number, string>, ...>, ...>",
      "right : object<two: object<three: array<string, number>, ...>, ...>",
      "hint  : both sides are objects but their types differ, so they can never be equal (see https://www.openpolicyagent.org/docs/errors/rego-type-error/match-error)",
    ].join("\n"),
  ],
  ['q := sprintf("a")', "sprintf: arity mismatch\nhave: (string, ???)\nwant: (format: string, values: array[any])"],
  [
    "q := numbers.range(input.x, [x | x := 1], {y | y := input.a})",
    "numbers.range: arity mismatch\nhave: (any, array[number], set[any], ???)\nwant: (a: number, b: number)",
  ],
  // Of keys that are no constants the last one counts, in the order that they have once what is inside of them has a name.
  ["f(a) if { b := a[i]; x := {b[0]: 1, i: b}[_]; x.c }", ""],
  ["f(a) if { b := a[i]; x := {i: 1, b[0]: b}[_]; x.c }", "undefined ref: x.c\nx.c\n^\nhave: number"],
])("%s", (rule, expected) => {
  expect(linesOf(rule)).toBe(expected);
});

test.each([
  ["f(x) := x\ng(x, y) := y", "match error\nleft  : ???\nright : number"],
  ["f(x) := x\ng(x) := 1", "match error\nleft  : ???\nright : number"],
  ["f(x) := x\ng(x, y) := y\nr := 1", ""],
  ["f(x) := x\nr := 1", ""],
  ["a := 1\nf(x) := x\ng(x, y) := y", "match error\nleft  : ???\nright : number"],
  ["f(x) := x", "match error\nleft  : ???\nright : number"],
])("what functions and values have in common, key by key: %s", (rules, expected) => {
  const texts = [`package a\n${rules}\n`, "package b\nq if data.a[input] == 1\n"];
  const { diagnostics } = checkModules(texts.map((text, at) => parseModule(text, { file: `${at}.rego` })));
  expect(diagnostics.map(({ message, lines }) => [message, ...(lines ?? [])].join("\n")).join("\n")).toBe(expected);
});
