// What JSON.parse reads is read, with digits kept, and nothing else.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readStrictJson } from "./json-reader.ts";
import { writeJsonText } from "./json-text.ts";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("digits stay, of repeated keys the last value counts, keys are sorted", () => {
  const read = readStrictJson(' { "b" : [1.0, -0, 1E+2, 12345678901234567890],"a":"\\u00e9\\ud83d\\n","b":{ } }\n');
  expect(read && writeJsonText(read.value)).toBe('{"a":"é\ufffd\\n","b":{}}');
});

test("texts cut and mixed from JSON are read when JSON.parse reads them", () => {
  const piece = fc.constantFrom(
    ...'{}[],:"\\ \t\n\u0001\u00a0-+.0123eEu',
    "true",
    "false",
    "null",
    '"a"',
    '"\\u12',
    '"\\x"',
    "set()",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 9 }).map((parts) => parts.join("")),
      ),
      (text) => {
        expect(readStrictJson(text) !== undefined).toBe(isJson(text));
      },
    ),
    { numRuns: 2_000 },
  );
});

test("values are those of JSON.parse", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const read = readStrictJson(text);
      expect(read && JSON.parse(writeJsonText(read.value))).toEqual(JSON.parse(text));
    }),
  );
});
