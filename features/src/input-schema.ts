// The JSON Schema that `rw.conf` gives for a sample: its properties, types and enumerated values at a path.
import { matchesGlob } from "#workspace/glob.ts";
import { relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export interface SchemaProperty {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

/** References followed from one place: a bound for schemas that refer to themselves. */
const mostReferences = 20;

/** The properties that the schema of a sample has at a path; none without a schema. */
export function schemaProperties(project: Project, sample: SourceFile, path: readonly string[]): readonly SchemaProperty[] {
  const schema = schemaAt(project, sample, path);
  const required = schema?.["required"];
  return Object.entries(record(schema?.["properties"]) ?? {}).map(([name, written]) => {
    const { type, description } = record(written) ?? {};
    return {
      name,
      type: Array.isArray(type) ? type.join(" | ") : typeof type === "string" ? type : "any",
      description: typeof description === "string" ? description : "",
      required: Array.isArray(required) && required.includes(name),
    };
  });
}

/** The values that the schema allows at a path: its `enum` or `const`. */
export function schemaValues(project: Project, sample: SourceFile, path: readonly string[]): readonly unknown[] {
  const schema = schemaAt(project, sample, path);
  if (Array.isArray(schema?.["enum"])) return schema["enum"];
  return schema !== undefined && "const" in schema ? [schema["const"]] : [];
}

function schemaAt(project: Project, sample: SourceFile, path: readonly string[]): Schema | undefined {
  const root = schemaOf(project, sample);
  let at = root;
  for (const part of path) {
    if (at === undefined) return undefined;
    const items = at["items"];
    const next = record(at["properties"])?.[part] ?? (/^\d+$/u.test(part) ? items : undefined);
    at = follow(root!, record(next));
  }
  return follow(root ?? {}, at);
}

function follow(root: Schema, schema: Schema | undefined): Schema | undefined {
  let at = schema;
  for (let step = 0; step < mostReferences; step++) {
    const target = at?.["$ref"];
    if (typeof target !== "string" || !target.startsWith("#/")) return at;
    let found: Schema | undefined = root;
    for (const part of target.slice(2).split("/")) found = record(found?.[part.replaceAll("~1", "/").replaceAll("~0", "~")]);
    at = found;
  }
  return undefined;
}

function schemaOf(project: Project, sample: SourceFile): Schema | undefined {
  const path = relative(project.root, sample.path);
  const named = Object.entries(project.config.schemas).find(([glob]) => matchesGlob(path, glob))?.[1];
  if (named === undefined) return undefined;
  return project.once(`schema:${named}`, () => {
    try {
      return record(JSON.parse(project.find(resolve(project.root, named))?.text ?? ""));
    } catch {
      return undefined;
    }
  });
}

function record(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}
