// Every argument of every built-in is told about, and none that is not there.
import { expect, test } from "vitest";
import { argumentTexts } from "./builtin-arguments.ts";
import { callableBuiltins, parametersOf } from "./builtin-docs.ts";

test("one text for each argument", () => {
  expect(callableBuiltins().filter((row) => argumentTexts(row.name).length !== parametersOf(row).length)).toEqual([]);
});
