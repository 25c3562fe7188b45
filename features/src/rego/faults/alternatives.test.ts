// Conditions that `||` joins, values that `??` and `? :` choose: the text after the first fix; undefined where none is given.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { faultsOf } from "./index.ts";

function mended(body: string): string | undefined {
  const text = `package p\n\n${body}\n`;
  const found = faultsOf(parseModule(text, { file: "/p/x.rego", version: "v1", allStatements: true }));
  const edits = found[0]?.fixes?.[0]?.edits;
  if (edits === undefined) return undefined;
  const sorted = [...edits].sort((a, b) => b.range.start - a.range.start);
  const after = sorted.reduce((now, { range, newText }) => now.slice(0, range.start) + newText + now.slice(range.end), text);
  expect(parseModule(after, { file: "/p/x.rego", version: "v1", allStatements: true }).diagnostics).toEqual([]);
  return after.slice("package p\n\n".length, -1);
}

test.each<[string, string | undefined]>([
  ["x if input.a || input.b", "x if input.a\nx if input.b"],
  ["x := 1 if input.a > 2 || f(input.b) || c", "x := 1 if input.a > 2\nx := 1 if f(input.b)\nx := 1 if c"],
  ["f(a) if a == 1 or a == 2", "f(a) if a in {1, 2}"],
  ['x if input.r == "a" || input.r == "b" || input.r == "c"', 'x if input.r in {"a", "b", "c"}'],
  ['x if input.r == "a" || input.s == "b"', 'x if input.r == "a"\nx if input.s == "b"'],
  ["x if (a || b)", "x if a\nx if b"],
  ["x if {\n\ta || b\n\tc # why\n}\n\ny := 1", "x if {\n\ta\n\tc # why\n}\n\nx if {\n\tb\n\tc # why\n}\n\ny := 1"],
  ["x if { c; a || b }", "x if { c; a }\nx if { c; b }"],
  [
    "x contains y if {\n\tsome y in input.ys\n\t(y.a or y.b)\n}",
    "x contains y if {\n\tsome y in input.ys\n\ty.a\n}\n\nx contains y if {\n\tsome y in input.ys\n\ty.b\n}",
  ],
  ["x if {\n\tinput.r == 1 || input.r == 2\n\tc\n}", "x if {\n\tinput.r in {1, 2}\n\tc\n}"],
  // What is meant is for the reader to say.
  ["x := a || b", undefined],
  ["x if { y := a || b }", undefined],
  ["x if not (a || b)", undefined],
  ["x if a && b || c", undefined],
  ["x if a || b with input as c", undefined],
  ["x := 1 if a || b\nelse := 2", undefined],
  ["x if { a || b } else := 2", undefined],
  ["x if f(a || b)", undefined],
  ["x := [y | y := z[_]; y || w]", undefined],
])("%j", (text, after) => {
  expect(mended(text)).toBe(after);
});

test.each<[string, string | undefined]>([
  ['x := input.y ?? "none"', 'x := object.get(input, "y", "none")'],
  ["x := input.user.name ?? input.id", 'x := object.get(input, ["user", "name"], input.id)'],
  ['x := input["a b"].c ?? []', 'x := object.get(input, ["a b", "c"], [])'],
  [
    "x if {\n\tn := input.limits.max ?? 10 # why\n\tn > 3\n}",
    'x if {\n\tn := object.get(input, ["limits", "max"], 10) # why\n\tn > 3\n}',
  ],
  ["x := f(input.a ?? 1, 2)", 'x := f(object.get(input, "a", 1), 2)'],
  ['x := {"k": input.a ?? null}', 'x := {"k": object.get(input, "a", null)}'],
  ['x := input.a == 1 ? "a" : "b"', 'x := "a" if input.a == 1 else := "b"'],
  ['x := input.a ? {"k": 1} : {"k": "?:"}', 'x := {"k": 1} if input.a else := {"k": "?:"}'],
  ["f(a) := (a > 1) ? g(a) : [1, 2]", "f(a) := g(a) if (a > 1) else := [1, 2]"],
  // What is meant is for the reader to say.
  ["x := y ?? 1", undefined],
  ["x := data.p.y ?? 1", undefined],
  ["x := 1 + input.a ?? 1", undefined],
  ["x if input.a ?? 1 == 2", undefined],
  ["x if 1 == input.a ?? 2", undefined],
  ["x := input.a ?? input.b ?? 1", undefined],
  ["x := input.a ? 1 : input.b ? 2 : 3", undefined],
  ["x if {\n\ty := input.a ? 1 : 2\n}", undefined],
  ["x := [input.a ? 1 : 2]", undefined],
])("%j", (text, after) => {
  expect(mended(text)).toBe(after);
});
