// The scalars of YAML, text in and text out.
import { expect, test, vi } from "vitest";
import { parseFirst } from "./parser.ts";
import { Scanner } from "./scanner.ts";

function scalarIn(text: string): string | undefined {
  const node = parseFirst(text);
  return node?.kind === "scalar" ? node.value : undefined;
}

test.each([
  ["a  b", "a  b"],
  ["a\tb ", "a\tb"],
  ["a b   # comment", "a b"],
  ["a#b #c", "a#b"],
  ["a:b http://c", "a:b http://c"],
  ["a, [b] {c}? d", "a, [b] {c}? d"],
  ["ä 😀 \u{10000}b é", "ä 😀 \u{10000}b é"],
  ["a\u2028 b", "a\u2028b"],
  ["a b\n  c\n\n  d", "a b c\nd"],
  ["'it''s  \"a\" b '", 'it\'s  "a" b '],
  [`"a \\"b\\" it's  ü😀 "`, `a "b" it's  ü😀 `],
  [`"a  \n  b \\\n  c"`, "a b c"],
])("%j is %j", (text, value) => {
  expect(scalarIn(text)).toBe(value);
});

test.each(["", `"`, "'"])("a long line between %j is taken at once, not character by character", (quote) => {
  const text = "lorem ipsüm ".repeat(1000).trim();
  const read = vi.spyOn(Scanner.prototype, "read");
  expect(scalarIn(quote + text + quote)).toBe(text);
  expect(read).not.toHaveBeenCalled();
});
