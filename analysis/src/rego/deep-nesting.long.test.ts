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
  "parentheses on the right": `p := ${around("(1 + ", ")")}`,
  "calls of what calls gave": `p := f(1)${".a(1)".repeat(deep)}`,
  calls: `p := ${around("f(", ")")}`,
  refs: `p := ${around("x[", "]")}`,
  comprehensions: `p := ${around("[x | x := ", "]")}`,
  "every bodies": `p if { ${around("every x in [1] { ", " }")} }`,
  "template holes": `p := ${around('$"{', '}"')}`,
  "operands of or": `import rego.v2\np if { input.a ${"or input.b ".repeat(deep)}}`,
  "parts of a rule's name": `p${".a".repeat(deep)} := 1`,
};

test.each(Object.entries(texts))("%s", (_name, text) => {
  const parsed = parseModule(`package a\n\n${text}\n`, { file: "p.rego" });
  expect(parsed.diagnostics.map(({ message }) => message)).toContain("max parsing recursion depth exceeded");
  checkModules([parsed]);
  expect(formatModule(parsed)).toBeUndefined();
});

/** Enough to overflow the stack of whoever would recurse. */
const long = 2000;

const chains: Readonly<Record<string, string>> = {
  parentheses: `p := ${around("(", ")")}`,
  sums: `p := 1${" + 1".repeat(deep)}`,
  unions: `p := input.x${" | {input.y | true}".repeat(long)}`,
  comparisons: `p if true${" == true".repeat(long)}`,
  "sums in a set": `p := {1${" + 1".repeat(long)}, 1${" + 1".repeat(long)}}`,
  "sums as the key of a comprehension": `p := {x: y | y := input[x]${" + 1".repeat(long)}}`,
  "sums in a template": `p := $"{1${" + 1".repeat(long)}}"`,
  "sums in print": `p if print(1${" + input.x".repeat(long)})`,
  "else branches": `p := 1 if { input.x == 1 } ${"else := 2 if { input.y } ".repeat(4 * deep)}`,
  "parts of a ref": `p := input${".a".repeat(deep)}`,
  "indexes of a ref": `p := input${"[_]".repeat(deep)}`,
  items: `p := [1${", 1".repeat(deep)}]`,
  "items of a large array": `p := [1${", 1".repeat(30 * deep)}]`,
  modifiers: `p if true${" with input.a as 1".repeat(deep)}`,
};

test.each(Object.entries(chains))("a long chain of %s is no nesting", (_name, text) => {
  const parsed = parseModule(`package a\n\n${text}\n`, { file: "p.rego" });
  expect(parsed.diagnostics).toEqual([]);
  const checked = checkModules([parsed], { hints: true, printing: true });
  expect(checked.diagnostics).toEqual([]);
  const formatted = formatModule(parsed) ?? "";
  expect(formatModule(parseModule(formatted, { file: "p.rego" }))).toBe(formatted);
});

test("a head of very many calls is told as OPA tells it", () => {
  const { diagnostics } = parseModule(`package a\n\nf(1)${".a(1)".repeat(deep)} := 1\n`, { file: "p.rego" });
  expect(diagnostics[0]?.message).toBe(`unexpected assign token: rule head ref f(1)${".a(1)".repeat(deep - 1)}.a invalid`);
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

test("a chain of very many rules is checked, each before those that use it", () => {
  const count = 4 * deep;
  const rules = Array.from({ length: count }, (_, i) => `r${i} := r${i + 1}`);
  const { diagnostics } = checkModules([
    parseModule(`package a\n\n${rules.join("\n")}\nr${count} := 1\nwrong := upper(r0)\n`, { file: "p.rego" }),
  ]);
  expect(diagnostics.map(({ message }) => message)).toEqual(["upper: invalid argument(s)"]);
});
