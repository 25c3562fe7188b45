// Numbers that no calculation would end with are refused where they come in, as OPA does.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance, type Instance } from "./instance.ts";

function instanceOf(rule: string): Instance {
  const checked = checkModules([parseModule(`package a\n\n${rule}\n`, { file: "a.rego" })]);
  return createInstance(compile(checked, { entrypoints: ["a/p"] }).module!, { now: () => 0n });
}

test("an input with such a number ends the evaluation, and the next one is decided", () => {
  const instance = instanceOf("p := input.n + 1");
  for (const [number, fault] of [
    ["1e99999999999", "invalid float"],
    ["-1e-400000", "number too big"],
  ])
    expect(instance.evaluate("a/p", `{"n": ${number}}`)).toMatchObject({
      kind: "error",
      error: { message: `invalid number: ${fault}` },
    });
  expect(instance.evaluate("a/p", '{"n": 1e30}')).toMatchObject({ kind: "result" });
});

test("data with such a number are not taken", () => {
  expect(instanceOf("p := data.n").setData('{"n": [1, 1e400000]}')).toEqual({ message: "invalid number: number too big" });
});

test.each([
  ["json.unmarshal", "1e99999999999", "invalid float"],
  ["json.unmarshal", "[1e400000]", "number too big"],
  ["to_number", "1e-400000", "number too big"],
  ["to_number", "1e-99999999999", "invalid float"],
])("%s(%s)", (name, text, fault) => {
  const outcome = instanceOf(`p := ${name}(input)`).evaluate("a/p", JSON.stringify(text));
  expect(outcome).toMatchObject({ builtinErrors: [{ message: `${name}: invalid number: ${fault}` }] });
});
