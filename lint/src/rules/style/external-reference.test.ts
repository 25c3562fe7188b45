// What counts as read from outside of a function.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { externalReference } from "./external-reference.ts";

const found = (text: string) => foundIn({ ...externalReference, options: { "max-allowed": 0 } }, `package p\n\n${text}`);

test("arguments and what they are made of are inside", () => {
  expect(found("f([a, {b}], {1: c}) if { a; b; c }")).toEqual([]);
});

test("documents and other rules are outside", () => {
  expect(found("f(x) if input.y > x\n\ng(x) := y if x")).toEqual(["5: y"]);
  expect(found("f(x) if x > input.y")).toEqual(["3: input"]);
});

test("functions may be called", () => {
  expect(found("f(x) := g(x)\n\ng(x) := h.i(x)\n\nh.i(x) := count(x)")).toEqual([]);
});

test("rules are no functions", () => {
  expect(found("r if { input.a; input.b; input.c }")).toEqual([]);
});
