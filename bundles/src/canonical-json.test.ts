// JSON that is read and written back in its canonical form; strings of any length and with any escape.
import { expect, test } from "vitest";
import { canonicalBytes, canonicalJson, type Json, readJson, toJson } from "./canonical-json.ts";

const canonical = (text: string): string => {
  const read = readJson(text);
  return "fault" in read ? `${read.fault} at ${read.offset}` : canonicalJson(read.value);
};

test.each([
  ['{"b": 1.0, "a": [1e3, -0]}', '{"a":[1e3,-0],"b":1.0}'],
  ['"\\u0041\\n\\"\\\\\\/"', '"A\\n\\"\\\\/"'],
  ['"\\ud83d\\ude00 \\ud800"', '"😀 \ufffd"'],
  ['{"\u2028": "\\u2029"}', '{"\\u2028":"\\u2029"}'],
  ['{"__proto__": 1, "a": 1, "a": 2}', '{"__proto__":1,"a":2}'],
])("%s is written %s", (text, expected) => {
  expect(canonical(text)).toBe(expected);
});

test.each(['"open', '"a\nb"', '"\\x"', '"\\u12g4"', '"\\', '["a\\"]'])("%j is a string with a fault", (text) => {
  expect(canonical(text)).toMatch(/^a string is not closed, or holds a bad escape at [01]$/);
});

test("a string of many megabytes is read, plain or with an escape in it", () => {
  const long = "x".repeat(12_000_000);
  expect(canonical(`["${long}"]`).length).toBe(long.length + 4);
  expect(canonical(`["${long}\\n${long}"]`).length).toBe(2 * long.length + 6);
});

test.each([
  ["nothing", toJson({})],
  [
    "pieces of every width over several stretches",
    new Map<string, Json>(Array.from({ length: 20_000 }, (_, n) => [`${n}é😀`, [n % 2 === 0, null, "\u2028"]])),
  ],
  ["one text longer than a stretch", "ä".repeat(200_000)],
])("the bytes of %s are those of the text", (_name, value) => {
  expect(Buffer.from(canonicalBytes(value)).equals(Buffer.from(canonicalJson(value)))).toBe(true);
});
