// Which constants iterate.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { topLevelIteration } from "./top-level-iteration.ts";

const found = (text: string) => foundIn(topLevelIteration, `package p\n\n${text}`);

test("a rule with a body is told by its head", () => {
  expect(found("a := input.x[i] if input.y")).toEqual(["3: a := input.x[i]"]);
  expect(found("a = input.x[i].y")).toEqual(["3: a = input.x[i].y"]);
});

test("variables that have their value from elsewhere", () => {
  expect(found("a[i] := input.x[i]")).toEqual([]);
  expect(found("a := input.x[input.y]")).toEqual([]);
  expect(found("a := input.x[i] if i := 1")).toEqual([]);
  expect(found("a(i) := input.x[i]")).toEqual([]);
});

test("a pattern in the place of an argument is no argument to Regal, nor to us", () => {
  expect(found("a([i, _]) := input.x[i]")).toEqual(["3: a([i, _]) := input.x[i]"]);
});
