// JSON schemas as types, as OPA's type checker reads them.
import { makeObject, or } from "./operations.ts";
import { SchemaError, type SchemaNode, schemaGraph } from "./schema-graph.ts";
import { ANY, BOOLEAN, type Maybe, NUMBER, type RecursiveType, STRING, type StaticProperty } from "./type.ts";

export type SchemaResult = { readonly type: Maybe } | { readonly error: string };

/** The type of the values that a schema admits, or why the schema cannot be read. */
export function typeOfSchema(schema: unknown): SchemaResult {
  if (schema !== null && typeof schema !== "boolean" && (typeof schema !== "object" || Array.isArray(schema)))
    return { error: "unable to compile the schema: schema is invalid" };
  try {
    return { type: new SchemaReader().read(schemaGraph(schema)) };
  } catch (error) {
    if (error instanceof SchemaError) return { error: error.message };
    throw error;
  }
}

class SchemaReader {
  readonly #known = new Map<string, { type: Maybe; open: boolean; depth: number; loop: RecursiveType | undefined }>();
  /** How many objects and arrays lie around what is being read. */
  #depth = 0;

  read(node: SchemaNode): Maybe {
    if (node.reference !== undefined) return this.#reference(node.reference);
    if (node.anyOf.length > 0) return this.#anyOf(node);
    if (node.allOf.length > 0) return this.#allOf(node);
    const { types, properties, items } = node;
    if (types.includes("boolean")) return BOOLEAN;
    if (types.includes("string")) return STRING;
    if (types.includes("integer") || types.includes("number")) return NUMBER;
    if (types.includes("object")) return this.#object(node);
    if (types.includes("array")) return this.#array(node);
    if (properties.length > 0) return this.#object(node);
    return items.length > 0 ? this.#array(node) : ANY;
  }

  #reference({ address, target }: NonNullable<SchemaNode["reference"]>): Maybe {
    const known = this.#known.get(address);
    if (known !== undefined) {
      if (!known.open) return known.type;
      // What leads back to itself without an object or array between says nothing of its own.
      if (known.depth === this.#depth) return undefined;
      known.loop ??= { kind: "recursive", name: address, type: undefined };
      return known.loop;
    }
    const entry = { type: ANY as Maybe, open: true, depth: this.#depth, loop: undefined as RecursiveType | undefined };
    this.#known.set(address, entry);
    entry.type = this.read(target) ?? ANY;
    entry.open = false;
    if (entry.loop !== undefined) entry.loop.type = entry.type;
    return entry.type;
  }

  #anyOf(node: SchemaNode): Maybe {
    let type: Maybe;
    if (node.types.length > 0) {
      const core = this.read({ ...node, anyOf: [] });
      if (core?.kind === "object" && core.static.length > 0 && core.dynamic === undefined) type = core;
    }
    for (const choice of node.anyOf) type = or(this.read(choice), type);
    return type;
  }

  #allOf(node: SchemaNode): Maybe {
    const parts = node.allOf.map(followed).filter((part) => !isBareChoice(part));
    if (parts.length === 0) return ANY;
    const merged = merge(parts);
    if (node.types.length > 0) {
      const both = (name: string): boolean => node.types.includes(name) && merged.types.includes(name);
      if (both("object") || both("array")) merge([merged, node]);
      else if (nameOf(node) !== nameOf(merged)) throw new SchemaError("type checking: unable to merge these schemas");
    }
    return this.read(merged);
  }

  #object({ properties }: SchemaNode): Maybe {
    if (properties.length === 0) return makeObject([], { key: ANY, value: ANY });
    return makeObject(
      properties.map((one): StaticProperty => ({ key: one.key, value: this.#inside(one) })),
      undefined,
    );
  }

  #array({ items, isList }: SchemaNode): Maybe {
    const [first] = items;
    if (first === undefined || isList)
      return { kind: "array", static: [], dynamic: first === undefined ? ANY : this.#inside(first) };
    return { kind: "array", static: items.map((one) => this.#inside(one)), dynamic: undefined };
  }

  /** The type of what an object or array holds. */
  #inside(node: SchemaNode): Maybe {
    this.#depth++;
    const type = this.read(node);
    this.#depth--;
    return type;
  }
}

/** Most references that lead to one another without an end. */
const mostSteps = 100;

function followed(node: SchemaNode): SchemaNode {
  let at = node;
  for (let steps = 0; steps < mostSteps && at.reference !== undefined; steps++) at = at.reference.target;
  return at;
}

/** True for a schema that is nothing but `anyOf`. */
function isBareChoice({ types, anyOf, properties, items }: SchemaNode): boolean {
  return types.length === 0 && anyOf.length > 0 && properties.length === 0 && items.length === 0;
}

function nameOf({ types }: SchemaNode): string {
  if (types.length === 0) return "Undefined";
  return types.length === 1 ? types[0]! : `[${types.join(",")}]`;
}

/** All that the schemas say, put into the first one. */
function merge(nodes: readonly SchemaNode[]): SchemaNode {
  for (const { types, properties, items } of nodes) {
    const meant = properties.length > 0 ? "object" : items.length > 0 ? "array" : undefined;
    if (meant !== undefined && !types.includes(meant)) types.push(meant);
  }
  const [first, ...further] = nodes as readonly [SchemaNode, ...SchemaNode[]];
  for (const node of further) {
    if (nameOf(first) !== nameOf(node))
      throw new SchemaError(`type checking: unable to merge these schemas: type mismatch: ${nameOf(first)} and ${nameOf(node)}`);
    if (first.types.includes("object") && first.properties.length > 0 && node.properties.length > 0)
      first.properties = [...first.properties, ...node.properties];
    else if (first.types.includes("array") && first.items.length > 0)
      for (const [at, item] of node.items.entries()) {
        if (at === first.items.length) first.items = [...first.items, item];
        if (nameOf(first.items[at]!) !== nameOf(item)) throw new SchemaError("type checking: unable to merge these schemas");
      }
  }
  return first;
}
