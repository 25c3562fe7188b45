// The schemas that hold at a place in a policy: those of the METADATA above its rule and its package, and the schema of the input from the settings.
import { readMetadata } from "#analysis/rego/metadata-yaml.ts";
import type { Module, Range, Rule } from "#grammars/rego/ast.ts";
import { readDocument } from "#workspace/documents.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { asSchema, type Schema } from "../json-schema.ts";
import { metadataLinesAbove } from "./annotations.ts";

export interface DeclaredSchema {
  /** What it describes: `["input"]`, `["data", "users"]`. */
  readonly path: readonly string[];
  readonly schema: Schema;
  /** The file it stands in; undefined for one that METADATA holds itself. */
  readonly file: SourceFile | undefined;
}

/** The schemas that hold at an offset of a module, the nearest first. */
export function schemasAt(project: Project, module: Module, text: string, offset: number): readonly DeclaredSchema[] {
  const above = module.rules.findLast((rule) => rule.start <= offset) ?? module.rules.find((rule) => rule.start > offset);
  const found: DeclaredSchema[] = [];
  if (above !== undefined) {
    found.push(...declaredAbove(project, module, text, above, () => true));
    for (const clause of module.rules) {
      if (clause !== above && nameOf(clause, text) === nameOf(above, text))
        found.push(...declaredAbove(project, module, text, clause, (scope) => scope === "document"));
    }
  }
  const own = packageOf(module);
  for (const file of project.policies) {
    const other = file.text === text ? module : project.parsed(file).module;
    if (other.package === undefined || !file.text.includes("schemas:")) continue;
    const around = packageOf(other);
    const counts = (scope: string): boolean => around === own || (scope === "subpackages" && own.startsWith(`${around}.`));
    found.push(...declaredAbove(project, other, file.text, other.package, counts));
  }
  const input = project.configuration.schemas?.files.get("schema");
  if (input !== undefined) found.push(...fromFile(["input"], input));
  return found;
}

/** The file of a schema by its name, `schema.input`. */
export function schemaFile(project: Project, name: string): SourceFile | undefined {
  return project.configuration.schemas?.files.get(name);
}

const packageOf = (module: Module): string => (module.package?.path ?? []).map((part) => part.value).join(".");

const nameOf = ({ head: { reference } }: Rule, text: string): string => text.slice(reference.start, reference.end);

function declaredAbove(
  project: Project,
  module: Module,
  text: string,
  node: Range,
  counts: (scope: string) => boolean,
): readonly DeclaredSchema[] {
  const lines = metadataLinesAbove(module, text, node);
  const read = lines === undefined ? undefined : readMetadata(lines, 1);
  if (read === undefined || "error" in read || !counts(read.metadata.scope)) return [];
  return read.metadata.schemas.flatMap(([key, value]) => {
    const path = key.split(".");
    if (typeof value !== "string") {
      const schema = asSchema(value);
      return schema === undefined ? [] : [{ path, schema, file: undefined }];
    }
    const file = schemaFile(project, value);
    return file === undefined ? [] : fromFile(path, file);
  });
}

function fromFile(path: readonly string[], file: SourceFile): readonly DeclaredSchema[] {
  const { json } = readDocument(file);
  const schema = json === undefined ? undefined : asSchema(JSON.parse(json));
  return schema === undefined ? [] : [{ path, schema, file }];
}

/** The part of a path that lies below what a schema describes; undefined when it lies elsewhere. */
export function below(declared: DeclaredSchema, path: readonly string[]): readonly string[] | undefined {
  return declared.path.every((part, at) => path[at] === part) ? path.slice(declared.path.length) : undefined;
}
