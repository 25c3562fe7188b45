// Fixes of names that nothing uses: each mended text is sound under strict mode.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { open } from "../../fixture.test-helper.ts";
import { explainCompile } from "./compile.ts";

async function mended(body: string): Promise<string | undefined> {
  const { project, file } = await open(`package p\n\n${body}`);
  const { diagnostics } = checkModules([project.parsed(file)], { strict: true });
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringMatching(/unused/u)]);
  const [edit] = explainCompile(project, diagnostics[0]!).fixes?.[0]?.edits ?? [];
  if (edit === undefined) return undefined;
  const text = file.text.slice(0, edit.range.start) + edit.newText + file.text.slice(edit.range.end);
  const parsed = parseModule(text, { file: "p.rego" });
  expect([...parsed.diagnostics, ...checkModules([parsed], { strict: true }).diagnostics]).toEqual([]);
  return text.slice("package p\n\n".length);
}

test.each([
  ["allow if {\n\tsome x\n\tinput.y\n}\n", "allow if {\n\tinput.y\n}\n"],
  ["allow if {\n\tinput.y\n\tsome x\n}\n", "allow if {\n\tinput.y\n}\n"],
  ["allow if {\n\tsome x, y\n\tinput.xs[x]\n}\n", "allow if {\n\tsome x\n\tinput.xs[x]\n}\n"],
  ["allow if {\n\tsome x, y\n\tinput.xs[y]\n}\n", "allow if {\n\tsome y\n\tinput.xs[y]\n}\n"],
  ["allow if {\n\tsome x, y, z\n\tinput.xs[x][z]\n}\n", "allow if {\n\tsome x, z\n\tinput.xs[x][z]\n}\n"],
  ["allow if { some x; input.y }\n", "allow if { input.y }\n"],
  ["allow if { input.y; some x }\n", "allow if { input.y }\n"],
  ["n := {y | some x; y := input.y}\n", "n := {y | y := input.y}\n"],
  ["allow if {\n\tsome x # why\n\tinput.y\n}\n", "allow if {\n\t # why\n\tinput.y\n}\n"],
  ["allow if every k, v in input.xs { v == 1 }\n", "allow if every _, v in input.xs { v == 1 }\n"],
  ["allow if every k, i in input.xs { k == 1 }\n", "allow if every k, _ in input.xs { k == 1 }\n"],
  ["allow if every x in input.xs { input.y }\n", "allow if every _ in input.xs { input.y }\n"],
  ["allow if {\n\tx := 1\n\tinput.y\n}\n", "allow if {\n\t_ := 1\n\tinput.y\n}\n"],
])("%j", async (body, expected) => {
  expect(await mended(body)).toBe(expected);
});

test("where a declaration is all of a body, nothing is offered", async () => {
  expect(await mended("allow if { some x }\n")).toBeUndefined();
  expect(await mended("allow if some x\n\ny := 1\n")).toBeUndefined();
});

test("a variable of a comprehension among the arguments is left alone", async () => {
  const { project, file } = await open("package p\n\nf([x | x := 1]) := 1\n");
  const { diagnostics } = checkModules([project.parsed(file)], { strict: true });
  const told = diagnostics.find(({ message }) => message.startsWith("unused argument x"))!;
  expect(explainCompile(project, told).fixes).toBeUndefined();
});
