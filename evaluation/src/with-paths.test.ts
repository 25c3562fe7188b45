// What `with` puts in the place of a document: a path with a key that is no string is found out when it is asked, and what has no value
// is nothing there, as in OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance, type Outcome } from "./instance.ts";

function decide(rule: string): Outcome {
  const checked = checkModules([parseModule(`package a\n\n${rule}\n`, { file: "a.rego" })]);
  return createInstance(compile(checked, { entrypoints: ["a/p"] }).module!, { now: () => 0n }).evaluate("a/p", '{"q": 1}');
}

test.each([
  "p if { input.q with input[0] as 1 }",
  "p if { input.q with data.x[0].y as 1 }",
  'p if { k := "q"; input.q with input[k] as 1 }',
  "p if { not input.q with input.a[true] as 1 }",
])("%s", (rule) => {
  expect(decide(rule)).toMatchObject({
    kind: "error",
    error: { code: "eval_conflict_error", message: "bad document path", place: { file: "a.rego", row: 3 } },
  });
});

test.each([
  ["a function is no document", "p if { 1 with data.b as f }\n\nf(_) := 1", '[{"result":true}]'],
  ["nor is one asked there", "p if data.a.b with data.a.b as f\n\nb := 1\n\nf(_) := 1", "[]"],
  [
    "what stands beside it stays",
    "p := x if { x := data.b.c with data.b.c as 1 with data.b.d as f }\n\nf(_) := 1",
    '[{"result":1}]',
  ],
  [
    "what the expression binds has no value before it",
    "p := x if {\n  y = 1\n  x = {input.q: y | y = 1} with input.r as x\n}",
    '[{"result":{"1":1}}]',
  ],
])("%s", (_, rules, text) => {
  expect(decide(rules)).toMatchObject({ kind: "result", text });
});

test("not asked, it is no error", () => {
  expect(decide("p if { false; input.q with input[0] as 1 }")).toMatchObject({ kind: "result", text: "[]" });
});
