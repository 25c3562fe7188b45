// Numbers that Rego writes without a digit before the point leave as JSON, which has none of those.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";
import { readRegoText, writeJson } from "./rego-text.ts";

test("a decision with .5 in it is JSON", () => {
  const text = 'package p\n\nr := [.5, -.25, {"x": .5e3}, {.5}, {.5: 1}, json.marshal(.5), 10.5]\n';
  const { module } = compile(checkModules([parseModule(text, { file: "p.rego" })]), { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", undefined);
  expect(outcome).toMatchObject({
    kind: "result",
    text: '[{"result":[0.5,-0.25,{"x":0.5e3},[0.5],{"0.5":1},"0.5",10.5]}]',
  });
});

test("so it is where the host writes it", () => {
  expect(writeJson(readRegoText('[.5, -.25, {"a": .5}, 1.5]'))).toBe('[0.5,-0.25,{"a":0.5},1.5]');
});
