// The order of terms: written ones in, the same in OPA's order out.
import { expect, test } from "vitest";
import type { Term } from "./ast.ts";
import { compareTerms } from "./compare-terms.ts";
import { parseQuery } from "./parse.ts";
import { printRef } from "./print-terms.ts";

function sorted(...texts: readonly string[]): readonly string[] {
  const terms = texts.map((text) => ({ text, term: parseQuery(text, { file: "" }).body[0]!.body as Term }));
  return terms.sort((a, b) => compareTerms(a.term, b.term)).map(({ text }) => text);
}

test("comprehensions are sorted by what they give, then by their bodies", () => {
  expect(sorted("[y | y := false]", "[y | y := null]", "[x | y := true]")).toEqual([
    "[x | y := true]",
    "[y | y := null]",
    "[y | y := false]",
  ]);
  expect(sorted("{1 | f(x)}", "{1 | not x}", "{1 | some x}", "{1 | x}", "{1 | x; y}", "{1 | x with input as 1}")).toEqual([
    "{1 | some x}",
    "{1 | x}",
    "{1 | x; y}",
    "{1 | x with input as 1}",
    "{1 | not x}",
    "{1 | f(x)}",
  ]);
  expect(sorted("{1: x | x}", "{1: 2 | z}", "{1: 2 | y}")).toEqual(["{1: 2 | y}", "{1: 2 | z}", "{1: x | x}"]);
});

test("sets and objects are compared without what is written twice", () => {
  expect(sorted('{"a", null, null}', "{null, false, 1}")).toEqual(["{null, false, 1}", '{"a", null, null}']);
  expect(sorted("{1: 5, 1: 2}", "{1: 3}")).toEqual(["{1: 5, 1: 2}", "{1: 3}"]);
});

test("templates are sorted by their number of parts, then by these: texts come before holes", () => {
  expect(sorted('$"{x}"', '$"b"', '$"a"', '$"a{x}"', "$`a`")).toEqual(['$"a"', '$"b"', '$"{x}"', '$"a{x}"', "$`a`"]);
});

test("keys of refs have escapes only where control characters or backslashes are in them", () => {
  const printed = (...keys: readonly string[]): string =>
    printRef([
      { kind: "var", name: "x", start: 0, end: 1 },
      ...keys.map((value) => ({ kind: "string", value, raw: false, start: 0, end: 0 }) as const),
    ]);
  expect(printed("a", "a b", 'a"b', "\u2028", "if")).toBe('x.a["a b"]["a"b"]["\u2028"]["if"]');
  expect(printed("a\nb", 'a\\"', "\u0085")).toBe('x["a\\nb"]["a\\\\\\""]["\\u0085"]');
});
