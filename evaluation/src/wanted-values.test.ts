// Functions of which the caller knows the value: OPA's interpreter looks for no other one, so none conflicts. The expected results and
// prints are those of OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

const rules = `
set(x) := {y} if y := x + 1

two(x) := y if {
  y := x + 1
  print("1:", y)
}

two(x) := y if {
  print("2")
  y := x + 2
  print("2:", y)
}

either(x) := 1 if {
  x > 0
  print("either")
} else := 2

default otherwise(_) := 3

otherwise(x) := 1 if x > 0

pattern(x) := [y, {"a": z}] if {
  some y in [1, 2, 3]
  z := y * x
  print("pattern", y)
}

members contains two(x) if some x in [1, 2, 3]

sets contains set(x) if some x in [1, 2, 3]
`;

function evaluate(body: string, printing: boolean): readonly [string, string] {
  const module = parseModule(`package p\n\nr := x if { ${body} }\n\n${rules}\n`, { file: "p.rego" });
  const compiled = compile(checkModules([module], { printing }), { entrypoints: ["p/r"] });
  const outcome = createInstance(compiled.module!, { now: () => 0n }).evaluate("p/r", "{}");
  const result = outcome.kind === "result" ? outcome.text : outcome.error.message;
  return [result.replace(/^\[\{"result":(.*)\}\]$/u, "$1"), outcome.prints.map(({ line }) => line).join(" ")];
}

test.each([
  ["a member", "x := members[3]", "3", "2 2: 3 1: 3 2 2"],
  ["a set is never that of a caller who knows it", "x := sets[{3}]", "[]", ""],
  ["which is so for calls, too", "x := 1; set(1, {2})", "[]", ""],
  ["what was found before", "x := 1; two(1, 2); two(1, 2)", "1", "1: 2 2"],
  ["and what was not", "x := 1; two(1, 2); two(1, 3)", "[]", "1: 2 2"],
  ["of else", "x := 1; either(5, 2)", "1", ""],
  ["of a default", "x := 1; otherwise(5, 3)", "1", ""],
  ["a pattern", 'some x in [1, 2, 7]; pattern(2, [x, {"a": 2 * x}]); x > 1', "[]", "pattern 1"],
  ["of what stands for the function", "some x in [1, 2]; x == 1; two(1, x) with two as either", "1", "either"],
])("%s", (_, body, result, prints) => {
  expect(evaluate(body, true)).toEqual([result, prints]);
  expect(evaluate(body, false)).toEqual([result, ""]);
});
