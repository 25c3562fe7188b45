// An outline exists for the objects that the reader of values reads, and says of paths what the values say.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readJsonText } from "#evaluation/json-text.ts";
import { RegoObject } from "#evaluation/value.ts";
import { occupied } from "#workspace/policy-folder.ts";
import { JsonOutline } from "./json-outline.ts";

const objectOf = (text: string): RegoObject | undefined => {
  const read = readJsonText(text);
  return "fault" in read || !(read.value instanceof RegoObject) ? undefined : read.value;
};

test("of repeated keys the last one counts; what is no object stands in the way of all that is below", () => {
  const outline = JsonOutline.of(' {"a": {"b": 1}, "c": [1], "\\u0061": {"d": {}}} ');
  const asked = [[], ["a"], ["a", "b"], ["a", "d"], ["a", "d", "e"], ["c", "x", "y"], ["e"]];
  expect(asked.map((path) => outline?.occupied(path))).toEqual([false, true, false, true, false, true, false]);
});

test("texts cut and mixed from JSON", () => {
  const piece = fc.constantFrom(
    ...'{}[],:"\\ \t\n\u0001\u00a0-+.0123eEu',
    "true",
    "null",
    '"a"',
    '"a":',
    '{"a":',
    '"\\u0061"',
    '"\\u12',
    '"\\x"',
    "1.5e-3",
    "\ud83d",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
      const text = `{${parts.join("")}`;
      expect(JsonOutline.of(text) !== undefined).toBe(objectOf(text) !== undefined);
    }),
    { numRuns: 500 },
  );
});

test("arrays of strings are read as they are anywhere", () => {
  const long = JSON.stringify({ a: Array.from({ length: 100 }, (_, at) => `role-${at}`), b: 1 });
  expect(JsonOutline.of(long)?.occupied(["b"])).toBe(true);
  for (const array of ['["a",]', '["a""b"]', '["a"', '["a\tb"]', '["a","\\x"]', '["a","b"]]'])
    expect(JsonOutline.of(`{"k":${array}}`), array).toBe(undefined);
});

test("paths of any documents", () => {
  const key = fc.constantFrom("a", "b", "é", "\ud800", "c d", "");
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, fc.jsonValue({ maxDepth: 1 }), tie("tree")), { maxKeys: 4 }),
  }));
  fc.assert(
    fc.property(tree, fc.array(key, { maxLength: 4 }), (document, path) => {
      const text = JSON.stringify(document);
      const value = objectOf(text);
      expect(JsonOutline.of(text)?.occupied(path)).toBe(value && occupied(value, path));
    }),
    { numRuns: 200 },
  );
});

test("what nests deeply is for others to read", () => {
  expect(JsonOutline.of(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).toBe(undefined);
});
