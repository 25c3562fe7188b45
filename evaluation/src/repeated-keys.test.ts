// An object literal that names one key twice: which of the values counts. The expected ones are those of OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

/** The value of a rule beside `k`, which is 1, and `m`, which is 9. */
function result(term: string): string {
  const text = `package p\n\nr := ${term}\n\nk := 1\n\nm := 9\n`;
  const { module } = compile(checkModules([parseModule(text, { file: "p.rego" })]), { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", "{}");
  return outcome.kind === "result" ? outcome.text : outcome.error.message;
}

test.each([
  ["the later one of the same text", "{k: 2, k: 3}", '[{"result":{"1":3}}]'],
  ["the longer name of a document, wherever it stands", "{data.p.k: 2, k: 1}", '[{"result":{"1":2}}]'],
  ["also behind", "{k: 1, data.p.k: 2}", '[{"result":{"1":2}}]'],
  ["what does not count is not looked at", "{data.p.k: 2, k: input.none}", '[{"result":{"1":2}}]'],
  ["what counts must have a value", "{data.p.k: input.none, k: 2}", "[]"],
  ["each key for itself", "{data.p.m: 2, k: 5, m: 3, data.p.k: 4}", '[{"result":{"1":4,"9":2}}]'],
])("%s: %s", (_name, term, value) => {
  expect(result(term)).toBe(value);
});
