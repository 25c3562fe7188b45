// Which formats and values are looked at.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { sprintfArgumentsMismatch } from "./sprintf-arguments-mismatch.ts";

const found = (text: string) => foundIn(sprintfArgumentsMismatch, `package p\n\n${text}`);

test("from the format to the last argument", () => {
  expect(found('a if sprintf("%s", [1, 2], text)')).toEqual(['3: "%s", [1, 2], text']);
  expect(found('a := $"{sprintf("%s", [])}"')).toEqual(['3: "%s", []']);
});

test("a format in a variable, of a row above", () => {
  expect(found('a := x if {\n\tf := "%s"\n\tx := sprintf(f, [])\n}')).toEqual(["5: f, []"]);
  expect(found('a := x if { f := "%s"; x := sprintf(f, []) }')).toEqual([]);
});

test("a format that is made up, and values that do not stand there", () => {
  expect(found('a := sprintf(concat("", ["%s"]), [1, 2])')).toEqual([]);
  expect(found('a := sprintf("%s %s", input.values)')).toEqual([]);
});
