// Patterns on both sides whose variables are known in part: equations that cannot be solved yet wait for the others.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

/** What `x` is where the equation holds and `y` is 5. */
function solve(equation: string): unknown {
  const rule = `r := x if { some x, y, z; ${equation}; y = input.y; z = 1 }`;
  const { module } = compile(checkModules([parseModule(`package p\n\n${rule}\n`, { file: "p.rego" })]), { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", '{"y": 5}');
  if (outcome.kind === "error") throw new Error(outcome.error.message);
  return (JSON.parse(outcome.text) as readonly { readonly result: unknown }[])[0]?.result;
}

test.each([
  '{"a": [x], "b": {"a": _, "b": y}} = {"a": [x], "b": {"a": "", "b": x}}',
  "[x, x, [_, y]] = [x, x, [1, x]]",
  '[[x], {"k": [_, {x: y}]}] = [[x], {"k": [2, {x: x}]}]',
  '{y: [x, 1], "a": z} = {"a": z, y: [y, z]}',
  "[[x], [[z, y]]] = [[x], [[1, x]]]",
])("%s", (equation) => {
  expect(solve(equation)).toBe(5);
});

test("what holds for no value", () => {
  expect(solve("[x, [_, [y]]] = [x, [2, x]]; x = y")).toBeUndefined();
});
