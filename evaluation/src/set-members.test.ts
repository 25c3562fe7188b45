// A member that a ref asks for is the key that was asked, as OPA gives it: in the key's spelling, not in the set's.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

function kept(rule: string): string {
  const text = `package p\n\n${rule}\n\nset := {1, 2.0, [3.0]}\n\npartial contains x if some x in [1, 2.0, [3.0]]\n`;
  const { module } = compile(checkModules([parseModule(text, { file: "p.rego" })]), { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", "[1.0, 2, [3], 4]");
  return outcome.kind === "result" ? outcome.text : outcome.error.message;
}

test.each([
  ["r := [x | some k in input; x := set[k]]", "[1.0,2,[3]]"],
  ["r := [x | some k in input; x := partial[k]]", "[1.0,2,[3]]"],
  ["r := [x | some k in input; x := {1, 2.0}[k]]", "[1.0,2]"],
  ["r := set[2]", "2"],
  ["r := [x | set[x]]", "[1,2.0,[3.0]]"],
  ["r := [x | set[[x]]]", "[3.0]"],
])("%s", (rule, value) => {
  expect(kept(rule)).toBe(`[{"result":${value}}]`);
});

test.each(["x = {x}", "{x: 1} = x", "x = {x, 1}"])("%s holds, as in OPA", (equation) => {
  expect(kept(`r if { ${equation} }`)).toBe('[{"result":true}]');
});
