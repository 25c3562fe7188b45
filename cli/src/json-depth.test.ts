// 10,000 levels are read, the next one is not.
import { expect, test } from "vitest";
import { bracketBeyondDepth } from "./json-depth.ts";

function nested(levels: number, innermost: unknown): unknown {
  let value = innermost;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [1, value, "x"] : { a: {}, b: value };
  return value;
}

test("the first level beyond the depth", () => {
  expect(bracketBeyondDepth([1, [2, { a: null }], [3]])).toBeUndefined();
  expect(bracketBeyondDepth(nested(10_000, 1))).toBeUndefined();
  expect(bracketBeyondDepth(nested(10_000, []))).toBe("[");
  expect(bracketBeyondDepth(nested(10_000, {}))).toBe("{");
});
