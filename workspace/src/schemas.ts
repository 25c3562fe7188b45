// The JSON schemas that METADATA blocks name: `schema.input` is the file `input.json` of the folder of schemas; a single file is the schema of `input` itself.
import { readDocument } from "./documents.ts";
import { isBelow, relative, resolve } from "./paths.ts";
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

/** `schema.a["b-c"]` for `a/b-c.json`, as references are printed. */
export function schemaName(path: string): string {
  const parts = path.replace(/(?<=[^/])\.[^./]*$/u, "").split("/");
  return parts.reduce(
    (name, part) => (/^[A-Za-z_]\w*$/u.test(part) ? `${name}.${part}` : `${name}[${JSON.stringify(part)}]`),
    "schema",
  );
}

/** The schemas as values; a file that is not JSON, as while it is edited, admits anything. */
export function schemaValues({ files }: Schemas): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, file] of files) {
    const { json } = readDocument(file);
    values.set(name, json === undefined ? {} : JSON.parse(json));
  }
  return values;
}
