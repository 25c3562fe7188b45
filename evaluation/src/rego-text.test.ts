// Rego text in, value out, and back.
import { expect, test } from "vitest";
import { decodeBytes, encodeBytes, readRegoText, termText, writeJson, writeRegoText } from "./rego-text.ts";
import { compareValues, RegoNumber, RegoSet } from "./value.ts";

const round = (text: string): string => writeRegoText(readRegoText(text));

test.each([
  ["null", "null"],
  ["[1, 1.50, 1e2, -0]", "[1, 1.50, 1e2, -0]"],
  ["set()", "set()"],
  ["{3, 1, 2, 1.0}", "{1, 2, 3}"],
  ["{}", "{}"],
  ['{"b": {1}, "a": [true]}', '{"a": [true], "b": {1}}'],
  ["{[1]: 2, 1: {}}", "{1: {}, [1]: 2}"],
  ['"a\\x07\\u2028\\"\\\\"', '"a\\u0007\u2028\\"\\\\"'],
  ['"\\xff\\xc3\\xa9"', '"\\xffé"'],
])("%s", (text, expected) => {
  expect(round(text)).toBe(expected);
});

test("JSON text has sets as arrays and keys as texts", () => {
  expect(writeJson(readRegoText('{["<&"]: "<"}'))).toBe('{"[\\"\\\\u003c\\\\u0026\\"]":"<"}');
  expect(writeJson(readRegoText('{1: {2, 1}, [1]: "\\xff", "1": 3}'))).toBe('{"1":3,"[1]":"\ufffd"}');
});

test("bytes that are no UTF-8 survive", () => {
  const bytes = Uint8Array.from([0x61, 0xff, 0xc3, 0xa9, 0xed, 0xa0, 0x80]);
  expect(encodeBytes(decodeBytes(bytes))).toEqual(bytes);
});

test("order across types and spellings", () => {
  const texts = [
    "null",
    "false",
    "true",
    "-1",
    "0.5",
    "1",
    "9007199254740993",
    "9007199254740994",
    '"a"',
    '"\uffff"',
    '"😀"',
    "[]",
    "[1]",
    "{}",
    "set()",
  ];
  const values = texts.map(readRegoText);
  for (let a = 0; a < values.length; a++) {
    for (let b = 0; b < values.length; b++)
      expect(Math.sign(compareValues(values[a]!, values[b]!)), `${texts[a]} and ${texts[b]}`).toBe(Math.sign(a - b));
  }
  expect(compareValues(new RegoNumber("1.0"), new RegoNumber("1e0"))).toBe(0);
  expect(RegoSet.of([new RegoNumber("1.0"), new RegoNumber("1")]).items).toHaveLength(1);
});

test("text that is no value is refused", () => {
  for (const text of ["", "[1", '"a', "{1:", "1 2"]) expect(() => readRegoText(text)).toThrow(SyntaxError);
});

test("terms are printed with the escapes of Go", () => {
  const text = JSON.stringify(['\0\u0007\u200b\u00a0é😀"\\\n']);
  expect(termText(text)).toBe('["\\x00\\a\\u200b\\u00a0é😀\\"\\\\\\n"]');
  expect(termText('{"a": 1}')).toBe('{"a": 1}');
});
