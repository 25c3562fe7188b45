// The JSON Schema that the settings or `rw.conf` give for a sample: its properties, types and enumerated values at a path.

import { matchesGlob } from "#grammars/text/glob.ts";
import { lintConfigSchema } from "#lint/config-schema.ts";
import { lintRules } from "#lint/rules.generated.ts";
import { configSchema } from "#workspace/config-schema.ts";
import { basename, relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { asSchema, descriptionOf, propertiesAt, type Schema, type SchemaProperty, schemaAt, valuesAt } from "./json-schema.ts";

/** The properties that the schema of a sample has at a path; none without a schema. */
export function schemaProperties(project: Project, sample: SourceFile, path: readonly string[]): readonly SchemaProperty[] {
  const schema = schemaOf(project, sample);
  return schema === undefined ? [] : propertiesAt(schema, path);
}

/** The values that the schema allows at a path: its `enum` or `const`. */
export function schemaValues(project: Project, sample: SourceFile, path: readonly string[]): readonly unknown[] {
  const schema = schemaOf(project, sample);
  return schema === undefined ? [] : valuesAt(schema, path);
}

/** What the schema says of the values at a path; empty where it says nothing. */
export function schemaDescription(project: Project, sample: SourceFile, path: readonly string[]): string {
  const schema = schemaOf(project, sample);
  const own = schema && schemaAt(schema, path);
  return own === undefined ? "" : descriptionOf(own);
}

/** With the keys of `lint`, whose references are seen from the whole. */
const schemaOfConfig: Schema = configWithLint();

function configWithLint(): Schema {
  const { definitions, ...own } = lintConfigSchema(lintRules, () => "");
  const { properties, ...rest } = configSchema as { properties: { lint: object } };
  return { ...rest, definitions, properties: { ...properties, lint: { ...properties.lint, ...own } } };
}

function schemaOf(project: Project, sample: SourceFile): Schema | undefined {
  if (basename(sample.path) === "rw.conf") return schemaOfConfig;
  const file = schemaFileOf(project, sample);
  if (file === undefined) return undefined;
  return project.once(`schema:${file.path}`, () => {
    try {
      return asSchema(JSON.parse(file.text));
    } catch {
      return undefined;
    }
  });
}

/** The file that settings, or else `rw.conf`, name as the schema of a sample. */
export function schemaFileOf(project: Project, sample: SourceFile): SourceFile | undefined {
  const path = relative(project.root, sample.path);
  const given = [project.settings.schemas ?? {}, project.config.schemas].flatMap((schemas) => Object.entries(schemas));
  const named = given.find(([glob]) => matchesGlob(path, glob))?.[1];
  return named === undefined ? undefined : project.find(resolve(project.root, named));
}
