import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { readCapabilities } from "./capabilities.ts";
import { checkModules } from "./check.ts";

test("only the builtins of the file are there, with its types", () => {
  const capabilities = readCapabilities({
    builtins: [
      {
        name: "host.find",
        decl: { type: "function", args: [{ type: "string" }], result: { type: "set", of: { type: "number" } } },
      },
    ],
  });
  const text = "package a\np := host.find(1)\nq := count([])\n";
  const { diagnostics } = checkModules([parseModule(text, { file: "a.rego" })], { builtins: capabilities!.builtins });
  expect(diagnostics.map(({ message }) => message)).toEqual(["undefined function count"]);
  expect(readCapabilities({ builtins: [{}] })).toBeUndefined();
});

test("a file is read as Go reads it: capitals do not count, nothing is as good as absent, what is of another kind makes it none", () => {
  const read = (value: unknown): readonly string[] | undefined => {
    const capabilities = readCapabilities(value);
    return capabilities && [...capabilities.features, ...capabilities.futureKeywords, ...capabilities.builtins.keys()];
  };
  const find = { name: "find", decl: { type: "function", args: null, result: { type: "any" } } };
  expect(read(null)).toEqual([]);
  expect(read({ Features: ["rego_v1"], FUTURE_KEYWORDS: ["in"], builtins: [find], other: 1 })).toEqual(["rego_v1", "in", "find"]);
  expect(read({ builtins: null, features: [null] })).toEqual([]);
  for (const wrong of [
    [],
    { features: [1] },
    { features: "rego_v1" },
    { allow_net: [1] },
    { builtins: [{ ...find, relation: "yes" }] },
    { builtins: [{ ...find, decl: { type: "any" } }] },
    { builtins: [{ ...find, decl: { ...find.decl, args: [{ type: "text" }] } }] },
    { builtins: [{ ...find, decl: { ...find.decl, args: [{ type: "array", dynamic: null }] } }] },
    { builtins: [{ ...find, decl: { ...find.decl, variadic: {} } }] },
  ])
    expect(read(wrong)).toBeUndefined();
});

test("template strings want the builtin behind them", () => {
  const { builtins } = readCapabilities({ builtins: [] })!;
  const { diagnostics } = checkModules([parseModule('package a\np := $"{1}"\n', { file: "a.rego" })], { builtins });
  expect(diagnostics.map(({ message }) => message)).toEqual(["template-strings are not supported"]);
});
