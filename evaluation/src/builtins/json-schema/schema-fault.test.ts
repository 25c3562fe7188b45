// Schemas that give types are compiled first; what is wrong with them is told as OPA tells it.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { schemaFault } from "./index.ts";

/** What is said of a rule that reads `input.user`, whose schema is given. */
function findings(schema: unknown): readonly string[] {
  const checked = checkModules([parseModule("package p\n\nallow if input.user\n", { file: "p.rego" })], {
    schemas: new Map([["schema", schema]]),
    schemaFault,
    annotations: true,
  });
  return checked.diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

test.each<[unknown, string]>([
  [
    { type: "nonsense" },
    "has a primitive type that is NOT VALID -- given: /nonsense/ Expected valid values are:[array boolean integer number null object string]",
  ],
  [{ definitions: { x: { type: 5 } } }, "Invalid type. Expected: type, given: string/Array Of Strings"],
  [{ required: 5 }, "required must be of an array"],
  [5, "schema is invalid"],
])("%j is refused", (schema, fault) => {
  expect(findings(schema)).toEqual([`rego_type_error: unable to compile the schema: ${fault}`]);
});

test("expressions of another language in pattern are nobody's business", () => {
  expect(findings({ properties: { user: { type: "string", pattern: "(?!a)" } } })).toEqual([]);
});

test("nothing but names is looked at under a schema of input that is refused", () => {
  const text = "package p\n\nallow if nope(input.user)\n";
  const schemas = new Map([["schema", { type: "nonsense" }]]);
  const { diagnostics } = checkModules([parseModule(text, { file: "p.rego" })], { schemas, schemaFault, annotations: true });
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining("unable to compile the schema")]);
});

test("definitions in METADATA have whole numbers", () => {
  const text = "package p\n\n# METADATA\n# schemas:\n# - input: {type: array, minItems: 1}\nallow if input.user\n";
  const { diagnostics } = checkModules([parseModule(text, { file: "p.rego" })], { schemaFault, annotations: true });
  expect(diagnostics.map(({ message }) => message)).toEqual(["undefined ref: input.user"]);
});
