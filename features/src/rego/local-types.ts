// The type of a local variable, as far as its declaration, the checker, a schema or the samples tell it.
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { schemaAt, typeOf } from "../json-schema.ts";
import { schemaOfSamples } from "../schema/project-schema.ts";
import { below, schemasAt } from "./declared-schemas.ts";
import { originOf } from "./local-origins.ts";
import type { Local } from "./names.ts";
import { pathOfName } from "./names.ts";
import { namesOf } from "./project-names.ts";
import { recoveredModule } from "./recovered.ts";
import { typeAt } from "./rule-types.ts";

export function localType(project: Project, file: SourceFile, local: Local): string | undefined {
  const module = recoveredModule(project.parsed(file));
  const { path, type, value } = originOf(module, namesOf(project).names(file), local);
  if (type !== undefined) return type === "any" ? undefined : type;
  if (path?.[0] === "data") return typeAt(project, path);
  if (path?.[0] === "input") return inputType(project, file, local.declaration.start, path);
  if (value?.kind !== "call") return undefined;
  const operator = file.text.slice(value.operator.start, value.operator.end);
  return typeAt(project, pathOfName(namesOf(project).names(file), operator));
}

/** By the schema that holds there, or else by what the samples have in common. */
function inputType(project: Project, file: SourceFile, offset: number, path: readonly string[]): string | undefined {
  for (const declared of schemasAt(project, recoveredModule(project.parsed(file)), file.text, offset)) {
    const rest = below(declared, path);
    const schema = rest === undefined ? undefined : schemaAt(declared.schema, rest);
    if (schema !== undefined) return told(typeOf(schema));
  }
  if (project.inputs.samples.length === 0) return undefined;
  const schema = schemaAt(schemaOfSamples(project), path.slice(1));
  return schema === undefined ? undefined : told(typeOf(schema));
}

const told = (type: string): string | undefined => (type === "any" ? undefined : type);
