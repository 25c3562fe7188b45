// The text of a document is what its values would be written as.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readJsonText, writeJsonText } from "#evaluation/json-text.ts";
import { sortedJson } from "./sorted-json.ts";

const throughValues = (text: string): string => {
  const read = readJsonText(text);
  if ("fault" in read) throw new Error(read.fault);
  return writeJsonText(read.value);
};

test("blanks go, keys are sorted, of repeated keys the last value counts, digits stay", () => {
  expect(sortedJson(' { "b" : [ 1.0 , -2e+3 ] ,\n"a":{}, "\\u0062":[\t],"c<\\/é":"\\u0041&" }\n')).toBe(
    '{"a":{},"b":[],"c\\u003c/é":"A\\u0026"}',
  );
});

test("what is sorted and compact stays", () => {
  const text = '{"a":[1,{"b":null},"x"],"b":{"c":true},"é":"\u007f"}';
  expect(sortedJson(text)).toBe(text);
});

test("arrays of strings, long ones and such with one that Go escapes", () => {
  const long = JSON.stringify({ a: Array.from({ length: 100 }, (_, at) => `role-${at}`), b: [[], ["x"], ["x", "y"]] });
  expect(sortedJson(long)).toBe(long);
  expect(sortedJson('{"a":["x","<"],"b":["x","\\u0041"],"c":["x", "y"],"d":["x",1]}')).toBe(
    '{"a":["x","\\u003c"],"b":["x","A"],"c":["x","y"],"d":["x",1]}',
  );
});

test("any document, however it is written", () => {
  const string = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("a", "b", "aa", "", "<", "\u2028", "\ud83d\ude00", "\uffff", "\ud800", "\\", '"', "\n"),
  );
  const escaped = (text: string): string =>
    `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;
  const literal = fc.tuple(string, fc.boolean()).map(([text, asEscapes]) => (asEscapes ? escaped(text) : JSON.stringify(text)));
  const blank = fc.constantFrom("", "", "", " ", "\n\t");
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("0", "-1.50", "1E+2", "123456789012345678901234567890", "true", "false", "null"),
      literal,
      fc
        .tuple(blank, fc.array(fc.tuple(blank, tie("value"), blank), { maxLength: 4 }))
        .map(([before, items]) => `[${before}${items.map((item) => item.join("")).join(",")}]`),
      fc
        .tuple(blank, fc.array(fc.tuple(blank, literal, blank, fc.constant(":"), blank, tie("value"), blank), { maxLength: 4 }))
        .map(([before, members]) => `{${before}${members.map((member) => member.join("")).join(",")}}`),
    ),
  }));
  fc.assert(
    fc.property(blank, value, blank, (before, text, after) => {
      const whole = before + text + after;
      expect(sortedJson(whole)).toBe(throughValues(whole));
    }),
    { numRuns: 200 },
  );
});
