// Which arguments nobody looks at.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { argumentAlwaysWildcard } from "./argument-always-wildcard.ts";

const found = (text: string) => foundIn(argumentAlwaysWildcard, `package p\n\n${text}`);

test("a clause with a body is told before one without", () => {
  expect(found("f(_) := 1\nf( _) := 2 if true\n")).toEqual(["4: _"]);
});

test("places are put in order as text: row 10 comes before row 9", () => {
  expect(found("\n\n\n\n\n\nf(_) := 1 if input.a\nf(_) := 2 if input.b\n")).toEqual(["10: _"]);
});

test("a clause with fewer arguments uses none", () => {
  expect(found("f(_, _) := 1\nf(_) := 2\n")).toEqual(["3: _"]);
});
