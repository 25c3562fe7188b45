// What runs of rules that give one constant: prints tell. The expected ones are those of OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

/** The prints of rule `r` of a policy, in one line. */
function printsOf(rules: string): string {
  const checked = checkModules([parseModule(`package p\n\nimport future.keywords.and\n\n${rules}\n`, { file: "p.rego" })], {
    printing: true,
  });
  const { module } = compile(checked, { entrypoints: ["p/r"] });
  if (module === undefined) throw new Error("not compiled");
  const outcome = createInstance(module, { now: () => 0n }).evaluate("p/r", '{"user": "ann"}');
  return outcome.prints.map(({ line }) => line).join(" ");
}

const parts = 'parts.a.on if print("a")\nparts.b.on if print("b")\n';
const second = 'print("second")';

test.each([
  [
    "a loop ends, and no later definition runs",
    `default r := false\nr if { some x in [1, 2, 3]; print(x); x > 1 }\nr if { ${second} }`,
    "1 2",
  ],
  ["a function", `f(s) if { some x in s; print(x); x > 1 }\nf(_) if { ${second} }\nr if f([1, 2, 3])`, "1 2"],
  [
    "an else branch",
    `r := 7 if { input.user == "bob" } else := 7 if { some x in [1, 2]; print(x) }\nr := 7 if { ${second} }`,
    "1",
  ],
  [
    "each element of every",
    "r if { every x in [1, 2] { some y in [1, 2, 3]; print(x, y); y >= x; some z in [1, 2]; print(z) } }",
    "1 1 1 2 1 2 2 1",
  ],
  ["below with", `r if { some x in [1, 2, 3]; input.user == x with input.user as 2; print(x) }\nr if { ${second} }`, "2"],
  ["below with, of what lies in packages", `${parts}r := 1 if data.p.parts[_].on with input.user as 7`, "a"],
  [
    "what follows a literal with `with` is asked behind each of its solutions",
    `${parts}r contains 1 if { data.p.parts[_].on with input.user as 7; print("found") }`,
    "a found b found",
  ],
  [
    "and sees what stood there before",
    "r contains 1 if { x := input.xs[_] with input.xs as [1, 2]; y := input.xs[_] with input.xs as [x]; print(y, input) }",
    '1 {"user": "ann"} 2 {"user": "ann"}',
  ],
  [
    "and what was known before",
    'q := 1 if print("q")\nr contains 1 if { q; x := input.xs[_] with input.xs as [1, 2] with data.p.k as 3; print(q, x) }',
    "q 1 1 1 2",
  ],
  [
    "each expression of such a literal knows nothing of the others",
    'q := 1 if print("q")\nr contains 1 if { x := [q, q][_] with input.xs as 1 with data.p.l as 2; print(q, x) }',
    "q q q 1 1 1 1",
  ],
  ["a set that is written out", `r := {3, 4} if { some x in [1, 2]; print(x) }\nr := {4, 3} if { ${second} }`, "1"],
  [
    "an object that is written out",
    `r := {"a": [1, {2}]} if { some x in [1, 2]; print(x) }\nr := {"a": [1, {2}]} if { ${second} }`,
    "1",
  ],
  ["a number that is written otherwise", `r := 1.0 if { some x in [1, 2]; print(x) }\nr := 1 if { ${second} }`, "1"],
  ["a member that is written twice", `r := {1, 1.0} if { some x in [1, 2]; print(x) }\nr := {1} if { ${second} }`, "1"],
  [
    "a comprehension is no constant",
    `r := {1 | input.user} if { some x in [1, 2]; print(x) }\nr := {1} if { ${second} }`,
    "1 2 second",
  ],
  ["a variable is no constant", `r := [x] if { some x in [1, 1]; print(x) }\nr := [1] if { ${second} }`, "1 1 second"],
  ["nor is one that holds a constant", `r := x if { x := 1; some y in [1, 2]; print(y) }\nr := 1 if { ${second} }`, "1 2 second"],
  ["a chain with such a branch", `r := 1 if { some y in [1, 2]; print(y) } else := x if { x := 1 }`, "1 2"],
  [
    "the index admits no other value",
    `r := 1 if { input.user == "ann"; some x in [1, 2]; print(x) }\nr := 1 if { ${second} }\nr := 2 if input.user == "bob"`,
    "1",
  ],
  [
    "nor for the argument of a function",
    "f(x) := 1 if { x == 1; some y in [1, 2]; print(y) }\nf(y) := 2 if { x := 1; y == 2; x == 1 }\nr := f(1)",
    "1",
  ],
  [
    "it admits another value, which does not hold",
    `r := 1 if { some x in [1, 2]; print(x) } else := 2 if { input.user == "ann"; false }`,
    "1 2",
  ],
  ["the input is no constant", `r := 1 if { print("first") }\nr := input if { ${second} }`, "first second first second"],
  [
    "an argument is no constant",
    `f(_) := 1 if { print("first") }\nf(x) := x if { ${second} }\nr if f(2)`,
    "first second first second",
  ],
  ["a rule whose index finds nothing in an `and`", `r if { { acts } and { input.nope == 1 } }\nacts if { print("acts") }`, ""],
  ["an `and` whose index finds something", `r if { { acts } and { input.user == "ann" } }\nacts if { print("acts") }`, "acts"],
])("%s", (_name, rules, prints) => {
  expect(printsOf(rules)).toBe(prints);
});
