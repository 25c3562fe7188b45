// Where there is a place for `some`.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { preferSomeInIteration } from "./prefer-some-in-iteration.ts";

const found = (text: string) => foundIn(preferSomeInIteration, `package p\n\n${text}`);

test("heads with a key have none", () => {
  expect(found("names contains input.names[_]\n\nids[input.ids[i]] := i if input.x")).toEqual([]);
});

test("comprehensions have one, but for those of objects", () => {
  expect(found("r if { xs := [x | x := input.xs[_]]; xs }")).toEqual(["3: input.xs[_]"]);
  expect(found("r if { xs := {x: 1 | x := input.xs[_]}; xs }")).toEqual([]);
});

test("arguments have none, operands neither", () => {
  expect(found("r if { x := lower(input.xs[_]); x }")).toEqual([]);
  expect(found("r if { x := input.xs[_] + 1; x }")).toEqual([]);
});

test("what has a value is looked up", () => {
  expect(found("r if { i := input.i; x := data.xs[i]; x }")).toEqual([]);
});

test("branches are looked at like rules", () => {
  expect(found("r := 1 if input.y else := x if { x := input.xs[_] }")).toEqual(["3: input.xs[_]"]);
});
