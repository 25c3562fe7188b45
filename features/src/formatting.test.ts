// Formatting: text in, text out; only lines that differ are replaced; broken text is left alone.
import { expect, test } from "vitest";
import { formatParts } from "#analysis/rego/fmt-parts.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { lineEdits } from "#grammars/text/line-edits.ts";
import { apply, open } from "./fixture.test-helper.ts";
import { formatAbove, formatIn } from "./formatting.ts";

const options = { formatter: "opa-fmt", hoconIndent: 2 } as const;

async function format(text: string, range?: Range): Promise<string> {
  const { project, file } = await open(text);
  const outcome = formatIn(project, file, options, range);
  if ("refusal" in outcome) return outcome.refusal;
  if (outcome.edits.length === 0) return "unchanged";
  return apply(
    project,
    outcome.edits.map((edit) => ({ file: file.path, ...edit })),
  );
}

test("a policy is written as opa fmt writes it", async () => {
  expect(await format("package p\nallow   if {\n  input.x==1\n}\n")).toBe("package p\n\nallow if {\n\tinput.x == 1\n}\n");
  expect(await format("package p\n\nallow if {\n\tinput.x == 1\n}\n")).toBe("unchanged");
});

test("carriage returns are kept", async () => {
  expect(await format("package p\r\nx   :=   1\r\n")).toBe("package p\r\n\r\nx := 1\r\n");
});

test("broken text is left alone", async () => {
  expect(await format("package p\n\nx := [\n")).toContain("policy.rego:4: rego_parse_error: unexpected eof token");
});

test("edits touch only the lines that differ", () => {
  expect(lineEdits("a\nb\nc\n", "a\nB\nc\n")).toEqual([{ range: { start: 2, end: 4 }, newText: "B\n" }]);
  expect(lineEdits("a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n")).toHaveLength(2);
  expect(lineEdits("a\n", "a\n")).toEqual([]);
});

const broken = `package p
allow   if {
  input.x==1
}

deny   if { input.y [ }
# about c
c:=[1,2]
d   := {
`;

test("a broken file is refused; in a range of it what can be read is formatted beside what cannot", async () => {
  expect(await format(broken)).toContain("policy.rego:6: rego_parse_error: ");
  expect(await format(broken, { start: 0, end: broken.length })).toBe(`package p

allow if {
	input.x == 1
}

deny   if { input.y [ }
# about c
c := [1, 2]
d   := {
`);
});

test("lines of a string are no statements", async () => {
  const text = "package p\nx := [`\ny   := 1\n` 1]\nz   := 1\n";
  expect(await format(text, { start: 0, end: text.length })).toBe("package p\nx := [`\ny   := 1\n` 1]\nz := 1\n");
});

test("a range formats the rules that it touches", async () => {
  const { project, file } = await open("package p\na:=1\n\n\n# b\nb   if {\n$0a==1\n}\nc:=1 # c\nd:=1\n");
  const at = file.text.indexOf("a==1");
  const outcome = formatIn(project, file, options, { start: at, end: at });
  expect(
    "edits" in outcome &&
      apply(
        project,
        outcome.edits.map((edit) => ({ file: file.path, ...edit })),
      ),
  ).toBe("package p\na:=1\n\n\n# b\nb if {\n\ta == 1\n}\nc:=1 # c\nd:=1\n");
});

test("comments behind the last rule are set apart in a range, too", async () => {
  const text = "package p\n\nx := 1\ny if {\n\tx==1\n}\n# end\n";
  const range = { start: text.indexOf("y if"), end: text.indexOf("# end") };
  expect(await format(text, range)).toBe("package p\n\nx := 1\ny if {\n\tx == 1\n}\n\n# end\n");
});

test("keywords of the imports hold for the rules below", async () => {
  const text = "package p\nimport rego.v1\n\na   if { not input }\n\nb := [ }\n";
  const outcome = formatParts(text, { from: "v0" });
  expect(outcome.map((part) => part.text).join("")).toBe("package p\n\nimport rego.v1\n\na if not input\n");
});

test("the setting chooses the dialect, and a refusal is in OPA's words", async () => {
  const { project, file } = await open("package p\n\nx if any([true])\n");
  expect(formatIn(project, file, options)).toEqual({
    refusal: "1 error occurred: policy.rego:3: rego_type_error: deprecated built-in function calls in expression: any",
  });
  const both = await open("package p\n\nx := 1\n");
  const outcome = formatIn(both.project, both.file, { ...options, formatter: "opa-fmt-rego-v1" });
  expect("edits" in outcome && outcome.edits[0]!.newText).toContain("import rego.v1");
});

async function above(text: string): Promise<string> {
  const { project, file, offset } = await open(text);
  const edits = formatAbove(project, file, offset).map((edit) => ({ file: file.path, ...edit }));
  return edits.length === 0 ? "unchanged" : apply(project, edits);
}

test("a new line formats the rule that ends above it, and nothing that is still being written", async () => {
  expect(await above("package p\n\nx   :=   1\n$0")).toBe("package p\n\nx := 1\n");
  expect(await above("package p\n\nx   :=   1\n$0\n\n")).toBe("package p\n\nx := 1\n\n\n");
  expect(await above("package p\n\na   := 1\n\nx if {\n  y==1\n}\n$0\nz   := 1\n")).toBe(
    "package p\n\na   := 1\n\nx if {\n\ty == 1\n}\n\nz   := 1\n",
  );
  expect(await above("package p\n\nx if {\n  y==1\n$0\n}\n")).toBe("unchanged");
  expect(await above("package p\n\nx if {\n  y==1\n$0")).toBe("unchanged");
});
