// Numbers that Rego writes without a digit before the point have one in JSON (a decision with them is refused: unwritable-numbers.test.ts).
import { expect, test } from "vitest";
import { readRegoText, writeJson } from "./rego-text.ts";

test("where the host writes them", () => {
  expect(writeJson(readRegoText('[.5, -.25, {"a": .5}, 1.5]'))).toBe('[0.5,-0.25,{"a":0.5},1.5]');
});
