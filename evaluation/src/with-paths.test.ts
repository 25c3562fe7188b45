// What `with` puts in the place of a document: a path with a key that is no string is found out when it is asked, and what has no value
// is nothing there, as in OPA.
import { describe, expect, test } from "vitest";
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

describe("a base document in which something is replaced", () => {
  const ask = (rules: string): string => {
    const checked = checkModules([parseModule(`package a\n\nimport data.d as e\n\n${rules}\n`, { file: "a.rego" })]);
    const instance = createInstance(compile(checked, { entrypoints: ["a/p"] }).module!, { now: () => 0n });
    instance.setData(
      '{"d": {"a": {"x": 1, "y": {"z": 2}}, "c": 2}, "a": {"base": {"o": 1}}, "ids": {"7": "seven", "to": {"8": "eight"}}}',
    );
    const outcome = instance.evaluate("a/p", undefined);
    return outcome.kind === "result" ? outcome.text : outcome.error.message;
  };

  test.each([
    ["is merged with what stands there", 'v := data.d with data.d.a as {"k": 1}', '{"a":{"k":1,"x":1,"y":{"z":2}},"c":2}'],
    ["at every depth", 'v := data.d with data.d.a as {"y": {"n": 1}}', '{"a":{"x":1,"y":{"n":1,"z":2}},"c":2}'],
    ["but not with what is no object", "v := data.d with data.d.a as 1", '{"a":1,"c":2}'],
    ["nor at the place itself", 'v := data.d.a with data.d.a as {"k": 1}', '{"k":1}'],
    ["nor below another that is replaced", 'v := data.d.a with data.d.a as {"x": 9} with data.d.a.y as 1', '{"x":9,"y":1}'],
    ["also where a rule reads it", 'v := whole with data.d.a.y as {"n": 1}', '{"a":{"x":1,"y":{"n":1,"z":2}},"c":2}'],
    ["and where keys are variables", 'some k in ["d"]; v := data[k].a with data.d.a.y as {"n": 1}', '{"x":1,"y":{"n":1,"z":2}}'],
    ["and an import names it", 'v := e with e.a as {"k": 1}', '{"a":{"k":1,"x":1,"y":{"z":2}},"c":2}'],
    ["and a number finds the text", "v := data.ids[7] with data.ids.x as 1", '"seven"'],
    ["at every depth, too", "v := data.ids.to[8] with data.ids.to.x as 1 with data.ids.y as 2", '"eight"'],
    ["and a package has it beside its rules", 'v := data.a.base with data.a.base.q as {"n": 1}', '{"o":1,"q":{"n":1}}'],
  ])("%s", (_, body, value) => {
    expect(ask(`p := v if { ${body} }\n\nwhole := data.d`)).toBe(`[{"result":${value}}]`);
  });
});

test("of packages below what is replaced their names stay", () => {
  const modules = [
    "package a\n\np := v if v := data.s with data.s.e as 5 with data.s.d as {1: 2}",
    "package s.d.f.g\n\nr := 1",
    "package s.e.h",
  ];
  const checked = checkModules(modules.map((text, at) => parseModule(text, { file: `${at}.rego` })));
  const instance = createInstance(compile(checked, { entrypoints: ["a/p"] }).module!, { now: () => 0n });
  expect(instance.evaluate("a/p", undefined)).toMatchObject({ text: '[{"result":{"d":{"1":2,"f":{"g":{}}},"e":5}}]' });
});
