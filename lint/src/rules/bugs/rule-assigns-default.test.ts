// Which values are the default of a rule.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { ruleAssignsDefault } from "./rule-assigns-default.ts";

const found = (text: string) => foundIn(ruleAssignsDefault, `package p\n\n${text}`);

test("also null and numbers in another spelling", () => {
  expect(found("default a := 1\na := 1.0 if input.x")).toEqual(["4: 1.0"]);
  expect(found("default f(_) := null\nf(x) := null if x")).toEqual(["4: null"]);
});

test("as in Regal all empty collections are one, and a variable is its name", () => {
  expect(found("default a := []\na := {} if input.x\na := set() if input.y")).toEqual(["4: {}", "5: set()"]);
  expect(found('default a := "x"\na := x if x := 1')).toEqual(["4: x"]);
});

test("a value that nobody wrote, a collection with something in it and an else branch are left alone", () => {
  expect(found("default a := true\na if input.x")).toEqual([]);
  expect(found("default a := [1]\na := [1] if input.x")).toEqual([]);
  expect(found("default a := 1\na := 2 if input.x\nelse := 1")).toEqual([]);
});
