// Text nested deeper than an ordinary stack takes is read on a thread with a larger one: by every command, as OPA does.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, run } from "./run.ts";

const levels = 1000;
const around = (open: string, close: string): string => `${open.repeat(levels)}1${close.repeat(levels)}`;

const rules: Readonly<Record<string, string>> = {
  arrays: `p := ${around("[", "]")}`,
  calls: `p := ${around("abs(", ")")}`,
  comprehensions: `p := ${around("[x | x := ", "]")}`,
  "or in parentheses": `p if ${"input.a or (".repeat(levels)}input.a or true${")".repeat(levels)}`,
};

test.each(Object.entries(rules))("%s", async (_name, rule) => {
  await inFolder(async (cwd) => {
    const text = `package a\n\nimport rego.v2\n\n${rule}\n`;
    writeFileSync(join(cwd, "p.rego"), text);
    const check = await run("rw", ["check", "p.rego"], { cwd });
    expect(check).toMatchObject({ code: 0, err: "", out: "" });
    const fmt = await run("rw", ["fmt", "p.rego"], { cwd });
    expect(fmt.code).toBe(0);
    expect(fmt.out.replace(/\s/gu, "") === text.replace(/\s/gu, "")).toBe(true);
    const parse = await run("rw", ["parse", "p.rego"], { cwd });
    expect(parse.code).toBe(0);
    const decision = await run("rw", ["eval", "-d", "p.rego", "-f", "values", "data.a.p"], { cwd });
    expect(decision).toMatchObject({ code: 0, err: "" });
  });
});

test.each([
  ["and", `p if ${Array(5000).fill("true").join(" and ")}`],
  ["bodies of not", `p if ${"not { ".repeat(5000)}true${" }".repeat(5000)}`],
  ["every", `p if ${"every x in [1] { ".repeat(5000)}x == 1${" }".repeat(5000)}`],
  ["comprehensions", `p := ${"[x | x := ".repeat(5000)}1${"]".repeat(5000)}`],
])("5,000 levels of %s are formatted", async (_name, rule) => {
  const text = `package a\n\nimport rego.v2\n\n${rule}\n`;
  expect(await run("rw", ["fmt"], { stdin: text })).toMatchObject({ code: 0, out: text });
});

test("a text that comes over standard input, of which the first run has read all", async () => {
  const outcome = await run("rw", ["fmt"], { stdin: `package a\n\np := ${around("[", "]")}\n` });
  expect(outcome).toMatchObject({ code: 0, out: `package a\n\np := ${around("[", "]")}\n` });
});

test.each([3_000, 9_000])("an input of %i levels comes back as a decision, as JSON and as YAML", async (depth) => {
  await inFolder(async (cwd) => {
    const [open, close] = ["[".repeat(depth), "]".repeat(depth)];
    writeFileSync(join(cwd, "input.json"), `${open}1${close}`);
    const decision = await run("rw", ["eval", "-i", "input.json", "-f", "raw", "input"], { cwd });
    expect(decision).toMatchObject({ code: 0, err: "", out: `${open}1${close}\n` });
    const yaml = await run("rw", ["eval", "-I", "-f", "raw", "yaml.unmarshal(yaml.marshal(input)) == input"], {
      cwd,
      stdin: `${open}a${close}`,
    });
    expect(yaml).toMatchObject({ code: 0, err: "", out: "true\n" });
  });
});

test("what is deeper still is one clear error", async () => {
  await inFolder(async (cwd) => {
    writeFileSync(join(cwd, "p.rego"), `package a\n\np := ${"[".repeat(100_000)}${"]".repeat(100_000)}\n`);
    const check = await run("rw", ["check", "p.rego"], { cwd });
    expect(check.code).toBe(1);
    expect(check.err).toContain("p.rego:3: rego_parse_error: max parsing recursion depth exceeded");
  });
});
