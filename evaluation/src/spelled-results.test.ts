// Functions that are asked again with an equal number give what they gave first, with its spelling, as OPA's interpreter does.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

function result(rules: string, input = "{}"): string {
  const { module } = compile(checkModules([parseModule(`package p\n\n${rules}\n`, { file: "p.rego" })]), {
    entrypoints: ["p/r"],
  });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", input);
  return outcome.kind === "result" ? outcome.text : outcome.error.message;
}

const same = "same(x) := x";

test.each([
  [
    "numbers of the policy",
    `r := [same(1), same(1.0), same(2e0), same(2), same(0), same(-0)]\n${same}`,
    "{}",
    "[1,1,2e0,2e0,0,0]",
  ],
  ["of the input", `r := [same(x) | some x in input]\n${same}`, "[1e2, 100, 2.50, 2.5]", "[1e2,1e2,2.50,2.50]"],
  [
    "of several arguments",
    'r := [pair(1, "a"), pair(1.0, "a"), pair(1.0, "b")]\npair(x, y) := [x, y]',
    "{}",
    '[[1,"a"],[1,"a"],[1.0,"b"]]',
  ],
  [
    "in small collections",
    `r := [same([1]), same([1.0]), same({"a": {2}}), same({"a": {2e0}})]\n${same}`,
    "{}",
    '[[1],[1],{"a":[2]},{"a":[2]}]',
  ],
  ["behind with, where nothing is known yet", `r := [same(1), x] if x := same(1.0) with input as {}\n${same}`, "{}", "[1,1.0]"],
])("%s", (_, rules, input, expected) => {
  expect(result(rules, input)).toBe(`[{"result":${expected}}]`);
});
