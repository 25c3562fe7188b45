import { expect, test } from "vitest";
import { parseJson, prettyJson, writePrettyJson } from "./json-text.ts";

test("what is empty stands on one line, the rest has a line for each member", () => {
  expect(prettyJson(parseJson('{"a":[],"b":{},"c":[1.0,{"d":"<&>"}]}'))).toBe(`{
  "a": [],
  "b": {},
  "c": [
    1.0,
    {
      "d": "\\u003c\\u0026\\u003e"
    }
  ]
}`);
});

test("a deep document is written once, not once a level", () => {
  const depth = 400;
  const text = `${"[".repeat(depth)}"${"x".repeat(100_000)}"${"]".repeat(depth)}`;
  expect(prettyJson(parseJson(text)).length).toBe(100_002 + 2 * depth + 2 * depth + depth * depth * 2);
});

test("text that is no JSON is no value", () => {
  expect(() => parseJson('{"a": .5}')).toThrow("the engine wrote JSON that cannot be read: ");
  expect(() => parseJson("[1")).toThrow("the engine wrote JSON that cannot be read: ");
});

test("a long text is given in portions", () => {
  const item = "x".repeat(1000);
  const portions: string[] = [];
  const value = Array.from({ length: 3000 }, () => item);
  writePrettyJson(value, (text) => portions.push(text));
  expect(portions.length).toBe(3);
  expect(portions.join("")).toBe(prettyJson(value));
});
