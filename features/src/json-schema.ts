// What a JSON schema says of the values at a path: properties, types, descriptions, the values that are allowed.

import { referenced } from "#analysis/rego/types/schema-reference.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { jsonKeyRange, yamlKeyRange } from "./data-keys.ts";

export type Schema = Readonly<Record<string, unknown>>;

export interface SchemaProperty {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
}

/** References followed from one place: a bound for schemas that refer to themselves. */
const mostReferences = 20;

/** A value as a schema: an object. */
export function asSchema(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}

interface Step {
  readonly schema: Schema;
  /** Where it stands in the document. */
  readonly place: readonly string[];
}

/** The schema of the values at a path; `*` and numbers stand for elements. */
export function schemaAt(root: Schema, path: readonly string[]): Schema | undefined {
  return walk(root, path)?.schema;
}

/** The properties that a schema has at a path. */
export function propertiesAt(root: Schema, path: readonly string[]): readonly SchemaProperty[] {
  const schema = schemaAt(root, path);
  const required = schema?.["required"];
  return Object.entries(asSchema(schema?.["properties"]) ?? {}).map(([name, written]) => {
    const own = follow(root, { schema: asSchema(written) ?? {}, place: [] })?.schema ?? {};
    return {
      name,
      type: typeOf(own),
      description: descriptionOf(own),
      required: Array.isArray(required) && required.includes(name),
    };
  });
}

/** The values that a schema allows at a path: its `enum` or `const`. */
export function valuesAt(root: Schema, path: readonly string[]): readonly unknown[] {
  const schema = schemaAt(root, path);
  if (Array.isArray(schema?.["enum"])) return schema["enum"];
  return schema !== undefined && "const" in schema ? [schema["const"]] : [];
}

/** The type that a schema names, `any` when it names none. */
export function typeOf({ type }: Schema): string {
  return Array.isArray(type) ? type.join(" | ") : typeof type === "string" ? type : "any";
}

export function descriptionOf({ description }: Schema): string {
  return typeof description === "string" ? description : "";
}

/** The key in the text of a schema that declares the property at a path. */
export function declarationOf(file: SourceFile, root: Schema, path: readonly string[]): Range | undefined {
  const above = walk(root, path.slice(0, -1));
  const name = path.at(-1);
  if (above === undefined || name === undefined || asSchema(above.schema["properties"])?.[name] === undefined) return undefined;
  const place = [...above.place, "properties", name];
  return file.kind === "yaml" ? yamlKeyRange(file.text, place) : jsonKeyRange(file.text, place);
}

function walk(root: Schema, path: readonly string[]): Step | undefined {
  let at = follow(root, { schema: root, place: [] });
  for (const part of path) {
    if (at === undefined) return undefined;
    const { schema, place } = at;
    const properties = asSchema(schema["properties"]);
    const property = properties !== undefined && Object.hasOwn(properties, part) ? asSchema(properties[part]) : undefined;
    const other = asSchema(schema["additionalProperties"]);
    const items = /^(?:\d+|\*)$/u.test(part) ? asSchema(schema["items"]) : undefined;
    if (property !== undefined) at = follow(root, { schema: property, place: [...place, "properties", part] });
    else if (items !== undefined) at = follow(root, { schema: items, place: [...place, "items"] });
    else at = other === undefined ? undefined : follow(root, { schema: other, place: [...place, "additionalProperties"] });
  }
  return at;
}

function follow(root: Schema, from: Step): Step | undefined {
  let at: Step | undefined = from;
  for (let step = 0; at !== undefined && step < mostReferences; step++) {
    const target: unknown = at.schema["$ref"];
    if (typeof target !== "string") return at;
    const found = referenced(root, target);
    const schema = "problem" in found ? undefined : asSchema(found.value);
    at = "problem" in found || schema === undefined ? undefined : { schema, place: found.path };
  }
  return undefined;
}
