import { expect, test } from "vitest";
import { goJson } from "./errors.ts";
import { writeLongJson } from "./long-json.ts";

function written(value: unknown): readonly string[] {
  const parts: string[] = [];
  writeLongJson(value, (text) => void parts.push(text));
  return parts;
}

test("what is written bit by bit is what is written at once", () => {
  const value = { a: [], b: {}, c: [1, { d: null, "<": "\u2028\ud800" }, [[true, -0.5]]], e: undefined, f: "\n" };
  expect(written(value)).toEqual([goJson(value)]);
  expect(written("x")).toEqual(['"x"']);
});

test("lines that are far in come in several bits", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 2500; i++) deep = [deep, { a: 1 }];
  const parts = written(deep);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.join("")).toBe(goJson(deep));
});
