// The JSON schemas that METADATA blocks name: `schema.input` is the file `input.json` of the folder of schemas; a single file is the schema of `input` itself.
import { printRef } from "#grammars/rego/print-terms.ts";
import { readDocument } from "./documents.ts";
import { isBelow, relative, resolve } from "./paths.ts";
import { withReferredFiles } from "./schema-references.ts";
import type { SourceFile } from "./source-file.ts";

export interface Schemas {
  /** By name, as METADATA writes it: `schema.input`; `schema` is that of the input everywhere. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Why what the settings name is no schema. */
  readonly problem?: string;
}

/** Where schemas are looked for when no setting says where. */
export const usualFolder = "schemas";

const isJson = (file: SourceFile): boolean => file.kind === "json" || file.kind === "yaml";

/** The schemas that a setting names (as `opa check --schema`), else those of the usual folder; undefined when there are none. */
export function findSchemas(
  named: string | undefined,
  folder: string,
  files: readonly SourceFile[],
  find: (path: string) => SourceFile | undefined,
): Schemas | undefined {
  const written = named?.replace(/^\$\{workspace(?:Folder|Path)\}\/?/u, "") ?? usualFolder;
  const path = resolve(folder, written);
  const single = named === undefined ? undefined : find(path);
  if (single !== undefined) return { files: new Map([["schema", single]]) };
  const found = files.filter((file) => isJson(file) && isBelow(file.path, path));
  if (found.length > 0) return { files: new Map(found.map((file) => [schemaName(relative(path, file.path)), file])) };
  return named === undefined ? undefined : { files: new Map(), problem: `the schema ${named} is not there` };
}

/** `schema.a["b-c"]` for `a/b-c.json` and `schema["in"]` for `in.json`, as references are printed. */
export function schemaName(path: string): string {
  const at = { start: 0, end: 0 };
  const parts = path.replace(/(?<=[^/])\.[^./]*$/u, "").split("/");
  return printRef([{ kind: "var", name: "schema", ...at }, ...parts.map((value) => ({ kind: "string", value, ...at }) as const)]);
}

/** The schemas as values, with what they refer to in one another; a file that is not JSON, as while it is edited, admits anything. */
export function schemaValues({ files }: Schemas): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  const byPath = new Map<string, unknown>();
  for (const [name, file] of files) {
    const { json } = readDocument(file);
    const value: unknown = json === undefined ? {} : JSON.parse(json);
    values.set(name, value);
    byPath.set(file.path, value);
  }
  for (const [name, value] of values)
    values.set(
      name,
      withReferredFiles(value, (path) => byPath.get(path)),
    );
  return values;
}
