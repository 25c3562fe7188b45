// What a test ought to notice: a policy → its conditions, each with the changes of it.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { conditionsOf } from "./conditions.ts";

/** `condition → change | change` for each. */
function changed(rules: string): readonly string[] {
  const text = `package p\n\n${rules}\n`;
  return conditionsOf(parseModule(text, { file: "p.rego" })).map(({ range, changes }) => {
    const cut = (newText: string, { start, end }: typeof range) =>
      text.slice(range.start, start) + newText + text.slice(end, range.end);
    return [text.slice(range.start, range.end), changes.map(({ newText, range }) => cut(newText, range)).join(" | ")].join(" → ");
  });
}

test.each([
  ["allow if input.x", ["input.x → true | not input.x"]],
  ["allow if not input.x", ["not input.x → true | input.x"]],
  ["allow if input.n <= 3", ["input.n <= 3 → true | input.n > 3"]],
  ["allow if (1 + 2) == (input.n)", ["(1 + 2) == (input.n) → true | (1 + 2) != (input.n)"]],
  ["allow if f(input.a < 3)", ["f(input.a < 3) → true | not f(input.a < 3)"]],
  ["allow if input.x in {1, 2}", ["input.x in {1, 2} → true | not input.x in {1, 2}"]],
  ["allow if input.x with input.y as 1", ["input.x with input.y as 1 → true | not input.x with input.y as 1"]],
  ["default allow := false", ["false → true"]],
  ["allow := true if input.x else := false", ["true → false", "input.x → true | not input.x", "false → true"]],
  ["p contains x if {\n\tsome x in input.xs\n\ty := x\n\ty > 1\n}", ["y > 1 → true | y <= 1"]],
  ["p := [x | some x in input.xs; x != 2]", ["x != 2 → true | x == 2"]],
  ["p if every x in input.xs { x > 1 }", ["every x in input.xs { x > 1 } → true", "x > 1 → true | x <= 1"]],
  ['p := $"{input.x}" if true', []],
  ["p := 3", []],
])("%s", (rules, expected) => {
  expect(changed(rules)).toEqual(expected);
});
