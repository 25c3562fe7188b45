// A comprehension beside a ref, or on the right of an equation, is evaluated only for a value of its kind or a set, as in OPA: what fails
// in it is not told otherwise.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

const conflict = "rule data.t.c produced conflicting values:\n  1\n  2";

test.each([
  ["[y | y := c] == input.a", "[]"],
  ["[y | y := c] == input.none", "[]"],
  ["[y | y := c] == input.z", conflict],
  ["input.a == {y | y := c}", "[]"],
  ["x := input; x == [y | y := c]", "[]"],
  ["x := input; [y | y := c] == x", conflict],
  ["x := input.z; x == {y: 1 | y := c}", "[]"],
  ["x := input; x == {y: 1 | y := c}", conflict],
  ["x := any({input}); x == [y | y := c]", conflict],
  ["x := any({input}); x == {y: 1 | y := c}", conflict],
  ["s == [y | y := c]", conflict],
  ["[y | y := c] == s", conflict],
  ["[input] == [[y | y := c]]", conflict],
])("%s", (body, told) => {
  const module = parseModule(
    `package t\n\nc := input.one\n\nc := input.two\n\nany(x) := object.get({}, 0, x)\n\ns := any({input})\n\np if { ${body} }\n`,
    { file: "t.rego" },
  );
  const instance = createInstance(compile(checkModules([module]), { entrypoints: ["t/p"] }).module!, { now: () => 0n });
  const outcome = instance.evaluate("t/p", '{"a": 1, "z": [], "one": 1, "two": 2}');
  expect(outcome.kind === "result" ? outcome.text : outcome.error.message.replaceAll(/ at t.rego:\d+/gu, "")).toBe(told);
});
