// Which conditions another one next to them makes superfluous.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { redundantExistenceCheck } from "./redundant-existence-check.ts";

const found = (text: string) => foundIn(redundantExistenceCheck, `package p\n\n${text}`);

test("the condition may stand before or behind", () => {
  expect(found("a if { input.x; startswith(input.x.y, input.z) }")).toEqual(["3: input.x"]);
  expect(found("a if { startswith(input.z, input.x.y); input.x }")).toEqual(["3: input.x"]);
  expect(found("a if { input; every z in input.x { z } }")).toEqual(["3: input"]);
  expect(found("a if { input.x; y := input.x.y; y }")).toEqual(["3: input.x"]);
});

test("the name of a called function is a ref, too", () => {
  expect(found("a if { data.lib; data.lib.f(1) }")).toEqual(["3: data.lib"]);
});

test("a bracket at the end is left out of what is told", () => {
  expect(found('a if { data.x["a-b"]; startswith(data.x["a-b"].c, "d") }')).toEqual(['3: data.x["a-b"']);
});

test("two refs by themselves need not each other", () => {
  expect(found("a if { input.x; input.x.y }")).toEqual([]);
});

test("variables make it another ref each time, but for what the head gives", () => {
  expect(found("a if { input.x[i]; input.x[i].y == 1 }")).toEqual([]);
  expect(found("a := input.x[i] if input.x[i]")).toEqual(["3: input.x[i"]);
});

test("not and with ask for something else, but for an argument", () => {
  expect(found("a if { input.x; not input.x.y == 1 }")).toEqual([]);
  expect(found("a if { input.x; input.x.y == 1 with input.z as 2 }")).toEqual([]);
  expect(found("a(x) if { x with input.z as 2 }")).toEqual(["3: x"]);
  expect(found("a(x) if not x")).toEqual([]);
});
