// `with` on a path with a key that is no string: OPA finds out when it is asked.
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

test("not asked, it is no error", () => {
  expect(decide("p if { false; input.q with input[0] as 1 }")).toMatchObject({ kind: "result", text: "[]" });
});
