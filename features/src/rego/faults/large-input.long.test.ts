// Texts that are broken all over: every phase answers, in time that grows with the text.
import { expect, test } from "vitest";
import { formatParts } from "#analysis/rego/fmt-parts.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { diagnosticsOf } from "../../diagnostics.ts";
import { open } from "../../fixture.test-helper.ts";
import { recoveredModule } from "../recovered.ts";
import { faultsOf, mendedStatements } from "./index.ts";

const times = 8_000;

const texts: Readonly<Record<string, string>> = {
  "null characters": "p := \0\n".repeat(times / 10),
  "byte order marks": "\uFEFFp := 1\n".repeat(times / 10),
  "half characters": "\uD800x := 1\n".repeat(times / 10),
  "carriage returns": "p := [1\r\n".repeat(times / 10),
  "strings that do not end": 'p := "x\n'.repeat(times / 10),
  "templates that do not end": "p := $`{x\n".repeat(times / 10),
  "a raw string that does not end": `p := \`${"x\ny := 1\n".repeat(times / 10)}`,
  "broken escapes": `p := "${"\\q".repeat(times)}`,
  "bodies of one head": `p if { true }${" { true }".repeat(times)} ]`,
};

test.each(Object.entries(texts))("%s", (_name, text) => {
  const whole = `package a\n${text}`;
  const parsed = parseModule(whole, { file: "a.rego", allStatements: true });
  expect(parsed.diagnostics.length).toBeGreaterThan(0);
  expect(faultsOf(parsed).length).toBeGreaterThan(0);
  for (const { range } of formatParts(whole, { from: "v1" })) expect(range.end).toBeLessThanOrEqual(whole.length);
});

test("of very many broken statements the first are explained, and what the others declare is not said to be missing", () => {
  const many = 20_000;
  const parsed = parseModule(`package a\n${"p := [1,\n".repeat(many)}q := 1\n`, { file: "a.rego", allStatements: true });
  const faults = faultsOf(parsed);
  expect(faults[0]?.message).toBe("missing `]`: the array is not closed");
  expect(faults.length).toBeLessThanOrEqual(1000);
  expect(mendedStatements(parsed).length).toBeGreaterThanOrEqual(many);
  expect(recoveredModule(parsed).rules.length).toBeGreaterThan(990);
});

test.each([
  ["in rules of their own", Array.from({ length: 5000 }, (_, i) => `p${i} if x${i} == 1\n`).join("\n")],
  ["in one rule", `p if {\n${Array.from({ length: 3000 }, (_, i) => `\tx${i} == 1`).join("\n")}\n}\n`],
])("of very many unknown names %s the first are explained", async (_, rules) => {
  const { project } = await open(`package a\n\n${rules}`);
  const [found] = diagnosticsOf(project, () => 0).byFile.values();
  expect(found?.[0]?.message).toContain("nothing in this body gives it a value");
  expect(found?.at(-1)?.message).toMatch(/^\d+ more$/u);
});
