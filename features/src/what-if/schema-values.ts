// The values that the JSON Schemas of inputs name at a path: those of an enumeration, a constant, a default.

import { readDocument } from "#workspace/documents.ts";
import { asRecord } from "#workspace/json-record.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";

export function schemaAt(project: Project, path: readonly string[]): readonly unknown[] {
  return schemasOf(project).flatMap((schema) => {
    let at = asRecord(schema);
    for (const key of path) at = asRecord(asRecord(at?.["properties"])?.[key]);
    if (at === undefined) return [];
    const { enum: several, const: one, default: usual, type } = at;
    return [
      ...(Array.isArray(several) ? (several as readonly unknown[]) : []),
      ...[one, usual].filter((value) => value !== undefined),
      ...(type === "boolean" ? [true, false] : []),
    ];
  });
}

function schemasOf(project: Project): readonly unknown[] {
  return project.once("inputSchemaValues", () =>
    [...new Set(Object.values(project.config.schemas))].flatMap((name): readonly unknown[] => {
      const file = project.find(resolve(project.configFolder, name));
      const json = file?.kind === "json" ? readDocument(file).json : undefined;
      return json === undefined ? [] : [JSON.parse(json)];
    }),
  );
}
