// What is left of a body when an expression is taken out.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { lintFile } from "./lint.ts";
import { LintFile } from "./lint-file.ts";
import { constantCondition } from "./rules/bugs/constant-condition.ts";

/** The text without its constant conditions. */
function without(text: string): string {
  const parsed = parseModule(`package p\n\n${text}`, { file: "policy.rego" });
  const file = new LintFile(parsed, { relativePath: "policy.rego", absolutePath: undefined });
  return lintFile(file, [{ rule: constantCondition, level: "error", options: {} }])
    .flatMap(({ fix }) => fix?.edits ?? [])
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((out, { range, newText }) => out.slice(0, range.start) + newText + out.slice(range.end), parsed.text)
    .slice("package p\n\n".length);
}

test("a row by itself goes as a whole", () => {
  expect(without("a if {\n\ttrue\n\tinput.x\n}\n")).toBe("a if {\n\tinput.x\n}\n");
  expect(without("a if {\r\n\ttrue;\r\n\tinput.x\r\n}\r\n")).toBe("a if {\r\n\tinput.x\r\n}\r\n");
});

test("beside others, a semicolon goes along", () => {
  expect(without("a if { true; input.x }")).toBe("a if { input.x }");
  expect(without("a if { input.x; true }")).toBe("a if { input.x }");
  expect(without("a if { true; input.x; 1 == 1; 2 > 1 }")).toBe("a if { input.x }");
});

test("a comment stays", () => {
  expect(without("a if {\n\ttrue # for now\n\tinput.x\n}\n")).toBe("a if {\n\t # for now\n\tinput.x\n}\n");
});

test("in comprehensions and every, too", () => {
  expect(without("a := [x | true; some x in input.x]")).toBe("a := [x | some x in input.x]");
  expect(without("a if every x in input.x { x; true }")).toBe("a if every x in input.x { x }");
});

test("what would leave nothing stays", () => {
  expect(without("a if true")).toBe("a if true");
  expect(without("a if { true; 1 == 1 }")).toBe("a if { true; 1 == 1 }");
});
