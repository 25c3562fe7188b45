// Writes assets/schemas/lint-config.schema.json: what may stand in `.regal/config.yaml`, for editors that complete and check YAML by a schema.
import { readFileSync, writeFileSync } from "node:fs";
import { categories } from "#lint/rule.ts";
import { lintRules } from "#lint/rules.generated.ts";

export const lintSchemaFile = "assets/schemas/lint-config.schema.json";

const levels = ["error", "warning", "ignore"];
const strings = { type: "array", items: { type: "string" } };
const level = { $ref: "#/definitions/level" };
const ignore = { $ref: "#/definitions/ignore" };
const ignored = { type: "object", properties: { files: strings }, description: "Files that are left out, as in .gitignore." };
const only = (properties: object, description?: string): object => ({
  type: "object",
  ...(description === undefined ? {} : { description }),
  properties,
  additionalProperties: false,
});
const levelOf = (what: string): object => only({ level }, `The level of ${what}, unless their own entry says otherwise.`);

export function lintSchemaText(): string {
  const byCategory = categories.map((category) => {
    const rules = lintRules.filter((rule) => rule.category === category);
    const entries = rules.map(({ name, description, level: own = "error", options = {} }) => [
      name,
      {
        type: "object",
        description: `${description}. ${purposeOf(name)}`,
        properties: {
          level: { enum: levels, default: own },
          ignore,
          ...Object.fromEntries(Object.entries(options).map(([option, value]) => [option, optionSchema(value)])),
        },
      },
    ]);
    return [
      category,
      { type: "object", properties: { default: levelOf("the category's rules"), ...Object.fromEntries(entries) } },
    ];
  });
  const builtins = only({ builtins: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } } });
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of lint rules",
    definitions: { level: { enum: levels }, ignore: ignored },
    type: "object",
    properties: {
      rules: { type: "object", properties: { default: levelOf("all rules"), ...Object.fromEntries(byCategory) } },
      ignore,
      capabilities: only({
        from: only(
          { engine: { type: "string" }, version: { type: "string" }, file: { type: "string" } },
          "The OPA that the policies are for.",
        ),
        plus: builtins,
        minus: builtins,
      }),
      project: only({
        "rego-version": { enum: [0, 1] },
        roots: {
          type: "array",
          items: { anyOf: [{ type: "string" }, only({ path: { type: "string" }, "rego-version": { enum: [0, 1] } })] },
        },
      }),
      features: { type: "object" },
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** The first paragraph of a rule's page. */
function purposeOf(rule: string): string {
  return readFileSync(`docs/lint/${rule}.md`, "utf8").split("\n\n")[2]!.replaceAll("\n", " ");
}

function optionSchema(value: unknown): object {
  if (Array.isArray(value)) return { type: "array", default: value };
  return value === undefined ? {} : { type: typeof value, default: value };
}

if (import.meta.main) {
  writeFileSync(lintSchemaFile, lintSchemaText());
  console.log(`wrote ${lintSchemaFile}`);
}
