// YAML in, JSON out.
import { expect, test } from "vitest";
import { yamlToJson } from "./yaml-json.ts";

const json = (text: string): string => {
  const outcome = yamlToJson(text);
  return "json" in outcome ? outcome.json : `offset ${outcome.fault.offset}: ${outcome.fault.message}`;
};

test("maps, lists and scalars", () => {
  expect(json("a: 1\nb: [x, true, null]\n")).toBe('{"a":1,"b":["x",true,null]}');
});

test("numbers and texts are those that OPA reads", () => {
  expect(json("[12345678901234567890, 1.50, 1e3, 0x1F]")).toBe("[12345678901234567890,1.5,1000,31]");
  expect(json("[yes, no, on, off]")).toBe('["yes","no","on","off"]');
});

test("a quoted text may go on at any indent", () => {
  expect(json('a:\n  b: "one\n  two\nthree"\nc: 1\n')).toBe('{"a":{"b":"one two three"},"c":1}');
});

test("aliases are expanded", () => {
  expect(json("a: &x {k: 1}\nb: *x\n")).toBe('{"a":{"k":1},"b":{"k":1}}');
});

test("an empty text is null", () => {
  expect(json("")).toBe("null");
});

test("a fault names its place", () => {
  expect(json("a: [1, 2\nb: 3\n")).toMatch(/^offset \d+: /);
  expect(json("a: 1\n---\nb: 2\n")).toMatch(/only one YAML document/);
  expect(json("a: *nope\n")).toMatch(/nope/);
});
