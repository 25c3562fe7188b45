// What makes use of a variable in a bracket.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { unusedOutputVariable } from "./unused-output-variable.ts";

const found = (rule: string) => foundIn(unusedOutputVariable, `package p\n\n${rule}`);

test("nothing does", () => {
  expect(found("a if { input.x[i] }")).toEqual(["3: i"]);
  expect(found("a if { not input.x[i] }")).toEqual(["3: i"]);
  expect(found("a if { every x in [1] { input.y[i] } }")).toEqual(["3: i"]);
  expect(found("a if { x := [1 | input.x[i]]; x }")).toEqual(["3: i"]);
});

test("a head, a call, a comprehension, another ref", () => {
  expect(found("a contains i if input.x[i]")).toEqual([]);
  expect(found("a[i] if input.x[i]")).toEqual([]);
  expect(found("a if { input.x[i] == 1 }")).toEqual([]);
  expect(found("a if { [i | input.x[i]] }")).toEqual([]);
  expect(found("a if { input.x[i]; i.y }")).toEqual([]);
});

test("as in Regal also what stands behind a ref in a collection", () => {
  expect(found("a if { input.x[i]; [input.y, i] }")).toEqual([]);
  expect(found("a if { input.x[i]; {input.y: i} }")).toEqual([]);
  expect(found("a if { input.x[i]; [1, i] }")).toEqual(["3: i"]);
});

test("a rule with several variables in brackets is left alone", () => {
  expect(found("a if { input.x[i]; input.y[j] }")).toEqual([]);
});
