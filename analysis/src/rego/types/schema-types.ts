// The types that schema annotations give to documents while a rule is checked.
import type { Term } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import type { SchemaAnnotation } from "../annotations.ts";
import type { Compilation } from "../compilation.ts";
import type { TypeEnvironment } from "./environment.ts";
import { noKeyIn, overrideType } from "./override.ts";
import { type SchemaResult, typeOfSchema } from "./schema.ts";

export class SchemaTypes {
  readonly #schemas: ReadonlyMap<string, unknown> | undefined;
  readonly #fault: (schema: unknown) => string | undefined;
  readonly #read = new Map<string, SchemaResult>();

  constructor({ schemas, schemaFault = () => undefined }: Pick<Compilation, "schemas" | "schemaFault">) {
    this.#schemas = schemas;
    this.#fault = schemaFault;
  }

  /** The type of a schema by its name, `schema.x`. */
  named(name: string): SchemaResult {
    let result = this.#read.get(name);
    if (result === undefined) {
      result = this.#schemas?.has(name) ? this.#typeOf(this.#schemas.get(name)) : { error: `undefined schema: ${name}` };
      this.#read.set(name, result);
    }
    return result;
  }

  #typeOf(schema: unknown): SchemaResult {
    const fault = this.#fault(schema);
    return fault === undefined ? typeOfSchema(schema) : { error: `unable to compile the schema: ${fault}` };
  }

  /** Types the documents that the annotations describe; gives the messages of those that cannot be read. */
  apply(annotations: readonly SchemaAnnotation[], env: TypeEnvironment): readonly string[] {
    const messages: string[] = [];
    for (const { path, schema, definition } of annotations) {
      if (schema !== undefined && this.#schemas === undefined) continue;
      const result = schema === undefined ? this.#typeOf(definition) : this.named(printRef(schema));
      if ("error" in result) {
        messages.push(result.error);
        continue;
      }
      if (result.type === undefined) continue;
      const known = knownPrefix(env, path);
      const below = known === undefined ? [] : path.slice(known.length);
      const noKey = noKeyIn(below);
      if (noKey !== undefined) messages.push(`error getting key from value: ${noKey}`);
      else if (known === undefined || below.length === 0) env.tree.put(path, result.type);
      else env.tree.put(known, overrideType(below, env.typeOfRef(known), result.type));
    }
    return messages;
  }
}

/** The shortest part of the path that has a type. */
function knownPrefix(env: TypeEnvironment, path: readonly Term[]): readonly Term[] | undefined {
  if (path.length === 1) return env.typeOfRef(path) === undefined ? undefined : path;
  for (let length = 1; length < path.length; length++)
    if (env.typeOfRef(path.slice(0, length)) !== undefined) return path.slice(0, length);
  return undefined;
}
