// Which rules are the same.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { duplicateRule } from "./duplicate-rule.ts";

const found = (text: string) => foundIn(duplicateRule, `package p\n\n${text}`);

test("rows, blanks and the numbers of wildcards do not count", () => {
  expect(found("a if {\n\tinput.x[_]\n}\n\na if { input.x[_] }")).toEqual(["3: a if {\n\tinput.x[_]\n}"]);
});

test("conditions that one row runs together are not the same", () => {
  expect(found("a if {\n\tinput.x\n\tinput.y\n}\n\na if { input.xinput.y }")).toEqual([]);
});

test("of a default rule only the word is looked at", () => {
  expect(found("default a := 1\ndefault b := 1")).toEqual([]);
});

test("branches are a part of the rule", () => {
  expect(found("a if input.x else := 1 if input.y\na if input.x else := 2 if input.y")).toEqual([]);
  expect(found("a if input.x else := 1\na if input.x else  := 1")).toEqual(["3: a if input.x else := 1"]);
});
