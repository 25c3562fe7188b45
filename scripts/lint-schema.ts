// Writes assets/schemas/lint-config.schema.json: what may stand in `.regal/config.yaml`, for editors that complete and check YAML by a schema.
import { readFileSync, writeFileSync } from "node:fs";
import { lintConfigSchema } from "#lint/config-schema.ts";
import type { LintRule } from "#lint/rule.ts";
import { lintRules } from "#lint/rules.generated.ts";

export const lintSchemaFile = "assets/schemas/lint-config.schema.json";

export function lintSchemaText(): string {
  const { definitions, type, properties } = lintConfigSchema(lintRules, purposeOf);
  const version = { enum: [0, 1] };
  const root = { type: "object", properties: { path: { type: "string" }, "rego-version": version }, additionalProperties: false };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of lint rules",
    definitions,
    type,
    properties: {
      ...properties,
      project: {
        type: "object",
        properties: { "rego-version": version, roots: { type: "array", items: { anyOf: [{ type: "string" }, root] } } },
        additionalProperties: false,
      },
      features: { type: "object" },
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** The first paragraph of a rule's page. */
function purposeOf({ name }: LintRule): string {
  return readFileSync(`docs/lint/${name}.md`, "utf8").split("\n\n")[2]!.replaceAll("\n", " ");
}

if (import.meta.main) {
  writeFileSync(lintSchemaFile, lintSchemaText());
  console.log(`wrote ${lintSchemaFile}`);
}
