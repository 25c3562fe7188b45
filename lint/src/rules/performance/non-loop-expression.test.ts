// Which conditions do not depend on a loop.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { nonLoopExpression } from "./non-loop-expression.ts";

const found = (body: string) => foundIn(nonLoopExpression, `package p\n\nr if {\n${body}\n}`);

test("a variable in a bracket begins a loop", () => {
  expect(found("x := input.xs[_]\ninput.y == 1\nx == 2")).toEqual(["5: input.y == 1"]);
  expect(found("input.xs[i] == 1\ninput.y == 1\ninput.ys[i] == 2")).toEqual(["5: input.y == 1"]);
});

test("what with replaces something by counts", () => {
  expect(found("some x in input.xs\ndata.allow == 1 with input.y as x\ndata.allow == 2")).toEqual(["6: data.allow == 2"]);
});

test("walk begins one", () => {
  expect(found("walk(input, [_, x])\ninput.y == 1\nx == 2")).toEqual(["5: input.y == 1"]);
});

test("a comprehension keeps its loop to itself", () => {
  expect(found("xs := [x | some x in input.xs]\ninput.y == 1\nxs == []")).toEqual([]);
});

test("printing, plain values and loops of their own stay", () => {
  expect(found("some x in input.xs\nprint(1)\ninput.y\nnot input.z\ninput.zs[_] == 1\nx == 2")).toEqual([]);
});
