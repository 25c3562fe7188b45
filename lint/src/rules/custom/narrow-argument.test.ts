// What a function needs of an argument.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { lintFile } from "../../lint.ts";
import { LintFile } from "../../lint-file.ts";
import { narrowArgument } from "./narrow-argument.ts";

function told(text: string): readonly string[] {
  const parsed = parseModule(`package p\n\n${text}`, { file: "p.rego" });
  const file = new LintFile(parsed, { relativePath: "p.rego", absolutePath: undefined });
  return lintFile(file, [{ rule: narrowArgument, level: "error", options: { ...narrowArgument.options } }]).map(
    ({ message }) => message,
  );
}

test("all clauses are looked at together", () => {
  expect(told("f(x) if x.a.b == 1\n\nf(x) if x.a.c == 2")).toEqual([
    "Argument x always referenced by a common prefix, value passed can be narrowed to x.a",
  ]);
  expect(told("f(x) if x.a == 1\n\nf(x) if x.b == 2")).toEqual([]);
});

test("a path ends at its first variable", () => {
  expect(told("f(x, i) if x.a[i] == 1")).toEqual(["Argument x only referenced as x.a, value passed can be narrowed"]);
});

test("an argument that is passed on is needed", () => {
  expect(told("f(x) if { x.a == 1; g(x) }")).toEqual([]);
  expect(told('f(x) := msg if { msg := sprintf("%v", [x.a, x]) }')).toEqual([]);
});

test("a function may be called like its argument", () => {
  expect(told("a.b(a) if a > 1")).toEqual([]);
});
