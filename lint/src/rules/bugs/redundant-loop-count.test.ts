// Which collections are counted right before a loop over them.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { redundantLoopCount } from "./redundant-loop-count.ts";

const found = (body: string) => foundIn(redundantLoopCount, `package p\n\na if { ${body} }`);

test("more than none, or not none, of what is iterated over", () => {
  expect(found("count(input.x) > 0; some x in input.x; x")).toEqual(["3: count(input.x)"]);
  expect(found("count(input) != 0; some k, v in input; k == v")).toEqual(["3: count(input)"]);
});

test("of something else, or not right before", () => {
  expect(found("count(input.x) > 0; some x in input.x.y; x")).toEqual([]);
  expect(found("count(input.x[_]) > 0; some x in input.x[_]; x")).toEqual([]);
  expect(found("count(input.x) > 1; some x in input.x; x")).toEqual([]);
  expect(found("count(input.x) > 0; input.y; some x in input.x; x")).toEqual([]);
});
