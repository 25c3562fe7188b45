// The JSON Schema that the settings or `rw.conf` give for a sample: its properties, types and enumerated values at a path.

import { matchesGlob } from "#grammars/text/glob.ts";
import { configSchema } from "#workspace/config-schema.ts";
import { basename, relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { asSchema, propertiesAt, type Schema, type SchemaProperty, valuesAt } from "./json-schema.ts";

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

function schemaOf(project: Project, sample: SourceFile): Schema | undefined {
  if (basename(sample.path) === "rw.conf") return asSchema(configSchema);
  const path = relative(project.root, sample.path);
  const given = [project.settings.schemas ?? {}, project.config.schemas].flatMap((schemas) => Object.entries(schemas));
  const named = given.find(([glob]) => matchesGlob(path, glob))?.[1];
  if (named === undefined) return undefined;
  return project.once(`schema:${named}`, () => {
    try {
      return asSchema(JSON.parse(project.find(resolve(project.root, named))?.text ?? ""));
    } catch {
      return undefined;
    }
  });
}
