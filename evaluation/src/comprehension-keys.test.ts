// Comprehensions that OPA's interpreter evaluates once for all values of a variable from outside: prints tell, and keys of objects do
// not conflict. The expected ones are those of OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance, type Outcome } from "./instance.ts";

const pairs = "[[1, 2], [1, 3], [2, 5]]";
const f = 'f(x) := x if print("f", x)';
const c = "c contains y if {\n  some x in [1, 2]\n  y := [v | v = [2, 1][_]; print(v); v == x]\n}";

function evaluate(body: string, printing: boolean): Outcome {
  const module = parseModule(`package p\n\nr := [y | some x in [2, 1, 1, 4]\n  ${body}]\n\n${f}\n\n${c}\n`, { file: "p.rego" });
  const compiled = compile(checkModules([module], { printing }), { entrypoints: ["p/r"] });
  return createInstance(compiled.module!, { now: () => 0n }).evaluate("p/r", "{}");
}

test.each([
  ["once, and again for what is not among them", `y := [v | some [a, v] in ${pairs}; print(v); a == x]`, "2 3 5 2 3 5"],
  ["by two variables", `some z in [2, 3]; y := [v | some [a, v] in ${pairs}; f([v]); a == x; v == z]`, "f [2] f [3] f [5]"],
  ["anew behind each with", "y := c with input.q as x", "2 1 2 1 2 1 2 1"],
  ["as a call's argument", `y := count({v | some [a, v] in ${pairs}; f(v); a == x})`, "f 2 f 3 f 5"],
  ["but not for a variable that is compared first", `y := {v | a = x; [a, v] = ${pairs}[_]; f(v)}`, "f 5 f 2 f 3"],
  ["nor for the key of a ref", "y := [v | v := [f(5), f(6), f(7)][x]; f([v])]", "f 5 f 6 f 7 f [7] f [6]"],
])("%s", (_, body, prints) => {
  expect(
    evaluate(body, true)
      .prints.map(({ line }) => line)
      .join(" "),
  ).toBe(prints);
});

test.each([true, false])("the last value of a key counts, printing or not: %s", (printing) => {
  const outcome = evaluate(`y := {"k": v | some [a, v] in ${pairs}; f(v); a == x}`, printing);
  expect(outcome.kind === "result" ? outcome.text : outcome).toBe('[{"result":[{"k":5},{"k":3},{"k":3},{}]}]');
});
