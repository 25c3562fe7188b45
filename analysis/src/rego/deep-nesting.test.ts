// Text nested far deeper than anyone writes: one diagnostic, and no phase that follows runs out of stack.
import { expect, test } from "vitest";
import { formatModule } from "#grammars/rego/format/module.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { checkModules } from "./check.ts";

const deep = 5000;
const around = (open: string, close: string): string => `${open.repeat(deep)}1${close.repeat(deep)}`;

const texts: Readonly<Record<string, string>> = {
  arrays: `p := ${around("[", "]")}`,
  objects: `p := ${around('{"a":', "}")}`,
  parentheses: `p := ${around("(", ")")}`,
  "calls of what calls gave": `p := f(1)${".a(1)".repeat(deep)}`,
  calls: `p := ${around("f(", ")")}`,
  refs: `p := ${around("x[", "]")}`,
  comprehensions: `p := ${around("[x | x := ", "]")}`,
  "every bodies": `p if { ${around("every x in [1] { ", " }")} }`,
  "template holes": `p := ${around('$"{', '}"')}`,
  "else branches": `p := 1 if { input.x == 1 } ${"else := 2 if { input.y } ".repeat(deep)}`,
  differences: `p := ${"1 - ".repeat(deep)}1`,
  memberships: `p := ${"x in ".repeat(deep)}x`,
  "parts of a ref": `p := input${".a".repeat(deep)}`,
};

test.each(Object.entries(texts))("%s", (_name, text) => {
  const parsed = parseModule(`package a\n\n${text}\n`, { file: "p.rego" });
  expect(parsed.diagnostics.map(({ message }) => message)).toContain("max parsing recursion depth exceeded");
  checkModules([parsed]);
  expect(formatModule(parsed)).toBeUndefined();
});

const long = 950;

const chains: Readonly<Record<string, string>> = {
  sums: `p := ${"1 + ".repeat(long)}1`,
  unions: `p := ${"input.x | ".repeat(long)}input.x`,
  "else branches": `p := 1 if { input.x == 1 } ${"else := 2 if { input.y } ".repeat(long)}`,
  "parts of a ref": `p := input${".a".repeat(long)}`,
};

test.each(Object.entries(chains))("a long chain of %s is no nesting", (_name, text) => {
  const parsed = parseModule(`package a\n\n${text}\n`, { file: "p.rego" });
  expect(parsed.diagnostics).toEqual([]);
  expect(checkModules([parsed]).diagnostics).toEqual([]);
  expect(formatModule(parsed)).toContain("package a");
});

test("a head of very many calls is told in bounded words", () => {
  const { diagnostics } = parseModule(`package a\n\nf(1)${".a(1)".repeat(deep)} := 1\n`, { file: "p.rego" });
  expect(diagnostics[0]?.message).toMatch(/^unexpected assign token: rule head ref …/);
});

test("a number of very many digits is refused at once", () => {
  const { diagnostics } = parseModule(`package a\n\np := ${"9".repeat(1_000_000)}\n`, { file: "p.rego" });
  expect(diagnostics[0]?.message).toBe("number too big");
});

test("in a cycle of thousands each rule is told, the path in bounded words", () => {
  const rules = Array.from({ length: deep }, (_, i) => `r${i} := r${(i + 1) % deep}`);
  const { diagnostics } = checkModules([parseModule(`package a\n\n${rules.join("\n")}\n`, { file: "p.rego" })]);
  expect(diagnostics.filter(({ code }) => code === "rego_recursion_error")).toHaveLength(deep);
  expect(diagnostics[0]?.message).toMatch(/-> data\.a\.r4999 -> data\.a\.r0$/);
  expect(diagnostics.at(-1)?.message.length).toBeLessThan(2000);
});

test("a cycle at the end of a chain of thousands of rules is found", () => {
  const rules = Array.from({ length: deep }, (_, i) => `r${i} := r${Math.min(i + 1, deep - 1)}`);
  const { diagnostics } = checkModules([parseModule(`package a\n\n${rules.join("\n")}\n`, { file: "p.rego" })]);
  expect(diagnostics.map(({ code }) => code)).toContain("rego_recursion_error");
});
