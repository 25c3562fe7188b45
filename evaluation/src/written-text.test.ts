import { expect, test } from "vitest";
import { writtenText } from "./written-text.ts";

/** The text kept for what stands between the two marks. */
function textOf(marked: string): string {
  const [before = "", within = "", behind = ""] = marked.split("|");
  return writtenText(before + within + behind, { start: before.length, end: before.length + within.length });
}

test.each([
  ["x := |1 / 2|", "1 / 2"],
  ["x := ( |1 / 2| ) * 3", "( 1 / 2 )"],
  ["x := ((|1 / 2|))", "((1 / 2))"],
  ["x := (|1) / (2)|", "(1) / (2)"],
  ['x := (|y + u(")")) / z|', '(y + u(")")) / z'],
  ["f(|1 / 2|)", "1 / 2"],
  ["f((|1 / 2|))", "(1 / 2)"],
  ["f[0](|1|)", "1"],
  ["not(|1 / 2|)", "(1 / 2)"],
])("%s", (marked, expected) => {
  expect(textOf(marked)).toBe(expected);
});
