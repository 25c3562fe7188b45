// Formatting: text in, text out; only lines that differ are replaced; broken text is left alone.
import { expect, test } from "vitest";
import { apply, open } from "./fixture.test-helper.ts";
import { formatIn, lineEdits } from "./formatting.ts";

const options = { formatter: "opa-fmt", hoconIndent: 2 } as const;

async function format(text: string): Promise<string> {
  const { project, file } = await open(text);
  const outcome = formatIn(project, file, options);
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
  expect(await format("package p\n\nx := [\n")).toContain("its text has errors");
});

test("edits touch only the lines that differ", () => {
  expect(lineEdits("a\nb\nc\n", "a\nB\nc\n")).toEqual([{ range: { start: 2, end: 4 }, newText: "B\n" }]);
  expect(lineEdits("a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n")).toHaveLength(2);
  expect(lineEdits("a\n", "a\n")).toEqual([]);
});
