// Indexes and counts: OPA takes them as they are spelled, `1.0` but not `1e0`.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

function kept(term: string): string {
  const text = `package p\n\nr := [k | some k in input; _ := ${term}]\n`;
  const { module } = compile(checkModules([parseModule(text, { file: "p.rego" })]), { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", "[1, 1.0, 1e0, 10e-1, 1.00000000000000000000, 1.5]");
  return outcome.kind === "result" ? outcome.text : outcome.error.message;
}

test.each([
  "[7, 8][k]",
  'substring("abc", k, 1)',
  'strings.split_n("a,b", ",", k)',
  'regex.find_n("a", "aa", k)',
  "array.slice([7, 8], 0, k)",
  'json.patch([7, 8], [{"op": "remove", "path": [k]}])',
  "time.add_date(0, k, 0, 0)",
])("%s", (term) => {
  expect(kept(term)).toBe('[{"result":[1,1.0]}]');
});

test("bits take any spelling", () => {
  expect(kept("bits.lsh(1, k)")).toBe('[{"result":[1,1.0,1e0,10e-1,1.00000000000000000000]}]');
});
