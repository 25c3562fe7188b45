// A template string that stays open costs the rest of its line, not the rules behind it.
import { expect, test } from "vitest";
import { parseModule } from "./parse.ts";
import { templateTexts } from "./template-text.ts";

test.each([
  ["raw, without a hole", "$`a"],
  ["raw, behind a hole", "$`a {x} c"],
  ["raw, in a hole", "$`a {x"],
  ["quoted", '$"a {x} c'],
])("%s", (_title, open) => {
  const text = `package a\n\np := ${open}\n\nq := 1\n\nr := 2\n`;
  const { rules } = parseModule(text, { file: "a.rego", allStatements: true }).module;
  expect(rules.map(({ start, end }) => text.slice(start, end))).toEqual(["q := 1", "r := 2"]);
});

test("a raw one that is closed may have several lines, and many holes take no time of their own", () => {
  expect(templateTexts("$`a\nb` c")("`", 2)).toBe(5);
  const end = templateTexts(`\`${"{x}".repeat(200_000)}`);
  const started = performance.now();
  for (let at = 1; at < 600_000; at += 3) end("`", at);
  expect(performance.now() - started).toBeLessThan(1000);
});
