// Which calls are conditions that hold whatever their value is.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { unassignedReturnValue } from "./unassigned-return-value.ts";

const found = (body: string) => foundIn(unassignedReturnValue, `package p\n\na if { ${body} }`);

test("also operators, and calls with other input", () => {
  expect(found("1 + 2")).toEqual(["3: +"]);
  expect(found("count(input.x) with input as 1")).toEqual(["3: count"]);
  expect(found("x := [1 | http.send({})]")).toEqual(["3: http.send"]);
});

test("what has its value behind its arguments, in a template string or not at all", () => {
  expect(found('trim("x", "y", z); z')).toEqual([]);
  expect(found("walk(input, [x, y]); x == y")).toEqual([]);
  expect(found('$"{trim("x", "y")}"')).toEqual([]);
  expect(found('trace("x"); 1 in [1]')).toEqual([]);
});

test("as in Regal a builtin with a 0 in its name is not known", () => {
  expect(found('crypto.x509.parse_certificates("x")')).toEqual([]);
});
