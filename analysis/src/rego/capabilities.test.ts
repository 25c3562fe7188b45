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
