// The formatter: text in, text out; it keeps comments and meaning, and formatting twice changes nothing.
import { expect, test } from "vitest";
import { formatHocon } from "./format.ts";
import { parseHocon } from "./parse.ts";

function format(text: string, file = "a.conf"): string | undefined {
  const once = formatHocon(parseHocon(text, { file }));
  if (once !== undefined) expect(formatHocon(parseHocon(once, { file }))).toBe(once);
  return once;
}

test("indents by brackets and spaces separators", () => {
  expect(format("a{\nb=1,c :2\n   d += [1,2 ,\n3]\n}\n")).toBe("a {\n  b = 1, c : 2\n  d += [1, 2,\n    3]\n}\n");
});

test("brackets opened on one line indent once", () => {
  expect(format("xs=[{\na=1\n},{\nb=2\n}]")).toBe("xs = [{\n  a = 1\n}, {\n  b = 2\n}]\n");
});

test("keeps comments, includes and one blank line", () => {
  expect(format('# top\n\n\n\ninclude "x"   // why\na = 1   # one\n')).toBe('# top\n\ninclude "x"   // why\na = 1   # one\n');
});

test("keeps the blanks inside values and keys", () => {
  expect(format("a  b =  x   y ${c}  z\n")).toBe("a  b = x   y ${c}  z\n");
});

test("leaves the lines of a triple-quoted string alone", () => {
  expect(format('a {\n b = """x\n   y"""\n}')).toBe('a {\n  b = """x\n   y"""\n}\n');
});

test("keeps CRLF and a byte order mark", () => {
  expect(format("\uFEFFa=1\r\nb {\r\nc=2\r\n}\r\n")).toBe("\uFEFFa = 1\r\nb {\r\n  c = 2\r\n}\r\n");
});

test("gives up on a broken text", () => {
  expect(format("a = {")).toBeUndefined();
});
