// JSON schemas as types, as far as OPA's type checker reads them: type, properties, items, anyOf, allOf and references.
import { makeObject, or } from "./operations.ts";
import { referenced } from "./schema-reference.ts";
import { ANY, BOOLEAN, type Maybe, NUMBER, type RecursiveType, STRING, type StaticProperty } from "./type.ts";

type Json = Readonly<Record<string, unknown>>;

export type SchemaResult = { readonly type: Maybe } | { readonly error: string };

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

class SchemaError extends Error {}

/** The type of the values that a schema admits, or why the schema cannot be read. */
export function typeOfSchema(schema: unknown): SchemaResult {
  if (schema !== null && typeof schema !== "boolean" && !isObject(schema))
    return { error: "unable to compile the schema: schema is invalid" };
  try {
    return { type: new SchemaReader(schema).read(schema) };
  } catch (error) {
    if (error instanceof SchemaError) return { error: error.message };
    throw error;
  }
}

/** A schema with its references followed and its `allOf` merged. */
interface Flat {
  readonly types: readonly string[];
  readonly properties: readonly (readonly [string, unknown])[];
  readonly items: unknown;
}

class SchemaReader {
  readonly #root: unknown;
  readonly #known = new Map<string, { type: Maybe; open: boolean; depth: number; loop: RecursiveType | undefined }>();
  /** How many objects and arrays lie around what is being read. */
  #depth = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  read(schema: unknown): Maybe {
    if (!isObject(schema)) return ANY;
    const reference = schema["$ref"];
    if (typeof reference === "string") return this.#reference(reference);
    if (Array.isArray(schema["anyOf"])) return this.#anyOf(schema, schema["anyOf"]);
    if (Array.isArray(schema["allOf"])) return this.#allOf(schema, schema["allOf"]);
    return this.#flat(flatten(schema));
  }

  #reference(reference: string): Maybe {
    const known = this.#known.get(reference);
    if (known !== undefined) {
      if (!known.open) return known.type;
      // What leads back to itself without an object or array between says nothing of its own.
      if (known.depth === this.#depth) return undefined;
      known.loop ??= { kind: "recursive", name: reference, type: undefined };
      return known.loop;
    }
    const entry = { type: ANY as Maybe, open: true, depth: this.#depth, loop: undefined as RecursiveType | undefined };
    this.#known.set(reference, entry);
    entry.type = this.read(this.resolve(reference)) ?? ANY;
    entry.open = false;
    if (entry.loop !== undefined) entry.loop.type = entry.type;
    return entry.type;
  }

  /** What a reference inside of the schema points at. */
  resolve(reference: string): unknown {
    const found = referenced(this.#root, reference);
    if ("problem" in found) throw new SchemaError(`unable to compile the schema: ${found.problem}`);
    return found.value;
  }

  #anyOf(schema: Json, choices: readonly unknown[]): Maybe {
    let type: Maybe;
    if (schema["type"] !== undefined) {
      const core = this.#flat(flatten(schema));
      if (core?.kind === "object" && core.static.length > 0 && core.dynamic === undefined) type = core;
    }
    for (const choice of choices) type = or(this.read(choice), type);
    return type;
  }

  #allOf(schema: Json, parts: readonly unknown[]): Maybe {
    const resolved = parts.map((part) => this.#followed(part)).filter((part) => !isBareChoice(part));
    if (resolved.length === 0) return ANY;
    let merged = resolved.map(flatten).reduce((a, b) => this.#merge(a, b));
    if (schema["type"] !== undefined) {
      const own = flatten(schema);
      const both = (name: string): boolean => own.types.includes(name) && merged.types.includes(name);
      if (both("object") || both("array")) merged = this.#merge(merged, own);
      else if (own.types.join() !== merged.types.join()) throw new SchemaError("type checking: unable to merge these schemas");
    }
    return this.#flat(merged);
  }

  #followed(schema: unknown): Json {
    let value = schema;
    for (let steps = 0; steps < 100 && isObject(value) && typeof value["$ref"] === "string"; steps++)
      value = this.resolve(value["$ref"]);
    return isObject(value) ? value : {};
  }

  #merge(a: Flat, b: Flat): Flat {
    const name = (flat: Flat): string => (flat.types.length === 1 ? flat.types[0]! : `[${flat.types.join(",")}]`);
    if (a.types.join() !== b.types.join())
      throw new SchemaError(`type checking: unable to merge these schemas: type mismatch: ${name(a)} and ${name(b)}`);
    return { types: a.types, properties: [...a.properties, ...b.properties], items: a.items ?? b.items };
  }

  /** The type of what an object or array holds. */
  #inside(schema: unknown): Maybe {
    this.#depth++;
    const type = this.read(schema);
    this.#depth--;
    return type;
  }

  #flat({ types, properties, items }: Flat): Maybe {
    if (types.includes("boolean")) return BOOLEAN;
    if (types.includes("string")) return STRING;
    if (types.includes("integer") || types.includes("number")) return NUMBER;
    if (types.includes("object")) {
      if (properties.length === 0) return makeObject([], { key: ANY, value: ANY });
      const statics = properties.map(([key, schema]): StaticProperty => ({ key, value: this.#inside(schema) }));
      return makeObject(statics, undefined);
    }
    if (types.includes("array")) {
      if (Array.isArray(items) && items.length > 0)
        return { kind: "array", static: items.map((item) => this.#inside(item)), dynamic: undefined };
      return { kind: "array", static: [], dynamic: isObject(items) ? this.#inside(items) : ANY };
    }
    return ANY;
  }
}

/** True for a schema that is nothing but `anyOf`. */
function isBareChoice(schema: Json): boolean {
  return (
    schema["type"] === undefined &&
    schema["anyOf"] !== undefined &&
    schema["properties"] === undefined &&
    schema["items"] === undefined
  );
}

function flatten(schema: Json): Flat {
  const properties = isObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const items = schema["items"];
  const written = schema["type"];
  const types =
    typeof written === "string" ? [written] : Array.isArray(written) ? written.filter((one) => typeof one === "string") : [];
  if (types.length === 0 && properties.length > 0) types.push("object");
  else if (types.length === 0 && items !== undefined) types.push("array");
  return { types, properties, items };
}
