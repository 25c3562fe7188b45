// Loops and returned values: the text after each fix.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { faultsOf } from "./index.ts";

function fixes(body: string): Record<string, string> {
  const text = `package p\n\n${body}\n`;
  const found = faultsOf(parseModule(text, { file: "/p/x.rego", version: "v1", allStatements: true }));
  const told = (found[0]?.fixes ?? []).map(({ title, edits }) => {
    const sorted = [...edits].sort((a, b) => b.range.start - a.range.start);
    const after = sorted.reduce((now, { range, newText }) => now.slice(0, range.start) + newText + now.slice(range.end), text);
    return [title, after.slice("package p\n\n".length, -1)];
  });
  return Object.fromEntries(told);
}

const some = "Use `some … in`";
const every = "Use `every … in`";
const head = "Put the value into the head";

test.each<[string, Record<string, string>]>([
  ["x if {\n\tfor y in input.ys\n\ty > 1\n}", { [some]: "x if {\n\tsome y in input.ys\n\ty > 1\n}" }],
  [
    "x if {\n\tfor y in input.ys {\n\t\ty > 1\n\t}\n}",
    {
      [some]: "x if {\n\tsome y in input.ys\n\t\ty > 1\n}",
      [every]: "x if {\n\tevery y in input.ys {\n\t\ty > 1\n\t}\n}",
    },
  ],
  [
    "x if {\n\tfor k, v in input.ys { v > 1 }\n}",
    { [some]: "x if {\n\tsome k, v in input.ys; v > 1\n}", [every]: "x if {\n\tevery k, v in input.ys { v > 1 }\n}" },
  ],
  [
    "x if {\n\tforeach (y in input.ys) { y > 1 }\n}",
    { [some]: "x if {\n\tsome y in input.ys; y > 1\n}", [every]: "x if {\n\tevery y in input.ys { y > 1 }\n}" },
  ],
  ["x := [y for y in input.ys]", { [some]: "x := [y | some y in input.ys]" }],
  ["x := {y.a for y in input.ys if y.b}", { [some]: "x := {y.a | some y in input.ys; y.b}" }],
  ["x if {\n\tfor (i = 0; i < 3; i++) { y }\n}", {}],
  ["f(x) if {\n\treturn x + 1\n}", { [head]: "f(x) := x + 1" }],
  ["f(x) if { return [x, 1] }", { [head]: "f(x) := [x, 1]" }],
  ["f(x) if {\n\ty := x + 1\n\treturn y\n}", { [head]: "f(x) := y if {\n\ty := x + 1\n}" }],
  ["f(x) if { y := x; return y }", { [head]: "f(x) := y if { y := x }" }],
  ["allow if {\n\tinput.a\n\treturn true\n}", { [head]: "allow := true if {\n\tinput.a\n}" }],
  ["f(x) := 1 if {\n\treturn x\n}", {}],
  ["f(x) if {\n\treturn x\n\tx > 1\n}", {}],
  ["x if {\n\tevery y in z {\n\t\treturn y\n\t}\n}", {}],
])("%j", (text, after) => {
  expect(fixes(text)).toEqual(after);
});
