// Every built-in has an example, and every example gives what it says, computed by our own engine.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { callableBuiltins } from "./builtin-docs.ts";
import { exampleNames, exampleOf } from "./builtin-examples.ts";

test("every built-in has an example", () => {
  expect(callableBuiltins().filter(({ name }) => exampleOf(name) === undefined)).toEqual([]);
});

test("examples give what they say", () => {
  const withResult = exampleNames.filter((name) => exampleOf(name)!.result !== undefined);
  const rules = withResult.map((name, at) => `r${at} = x { x := ${exampleOf(name)!.call} }`);
  const parsed = parseModule(`package p\n\n${rules.join("\n\n")}\n`, { file: "p.rego", version: "v0" });
  expect(parsed.diagnostics).toEqual([]);
  const checked = checkModules([parsed], {});
  expect(checked.diagnostics).toEqual([]);
  const { module } = compile(checked, { entrypoints: withResult.map((_, at) => `p/r${at}`) });
  const instance = createInstance(module!, { now: () => 0n, maxPages: 4096 });
  const wrong = withResult.flatMap((name, at) => {
    const outcome = instance.evaluate(`p/r${at}`, undefined);
    // What the engine cannot do yet it says; it never gives another value.
    if (outcome.kind === "error")
      return outcome.error.message.startsWith("not supported yet") ? [] : [`${name}: ${outcome.error.message}`];
    const [solution] = JSON.parse(outcome.text) as { result?: unknown }[];
    const got = JSON.stringify(solution?.result);
    return got === JSON.stringify(JSON.parse(exampleOf(name)!.result!)) ? [] : [`${name}: ${got}`];
  });
  expect(wrong).toEqual([]);
});
