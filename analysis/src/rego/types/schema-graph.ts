// JSON schemas with their references followed, as far as OPA's type checker asks: type, properties, items, anyOf and allOf.
import { addressFault, isCanonical, normalAddress, resolveAddress, splitFragment } from "./schema-address.ts";
import { referenced } from "./schema-reference.ts";

type Json = Readonly<Record<string, unknown>>;

/** A schema; merging changes it, and all that refer to it see that, as in OPA. */
export interface SchemaNode {
  /** The key that it stands under among properties. */
  readonly key: string;
  /** What `$ref` names, by its address; nothing else counts then. */
  reference?: { readonly address: string; readonly target: SchemaNode };
  readonly types: string[];
  properties: SchemaNode[];
  items: SchemaNode[];
  /** All items have the one schema that there is. */
  isList: boolean;
  anyOf: readonly SchemaNode[];
  allOf: readonly SchemaNode[];
}

export class SchemaError extends Error {}

export function schemaGraph(root: unknown): SchemaNode {
  return new GraphReader(root).read(root, "");
}

class GraphReader {
  /** The documents that references may be relative to, by their address. */
  readonly #documents = new Map<string, unknown>();
  /** The whole address of `$ref`, by the schema that holds it. */
  readonly #addresses = new Map<Json, string>();
  readonly #known = new Map<string, SchemaNode>();

  constructor(root: unknown) {
    this.#collect(root, "");
    this.#documents.set("", root);
  }

  #collect(value: unknown, base: string): void {
    if (Array.isArray(value)) for (const item of value) this.#collect(item, base);
    if (!isObject(value)) return;
    const id = value["id"] ?? value["$id"];
    const local = typeof id === "string" && addressFault(id) === undefined ? resolveAddress(base, id) : base;
    if (local !== base) this.#documents.set(local, value);
    const reference = value["$ref"];
    if (typeof reference === "string" && addressFault(reference) === undefined)
      this.#addresses.set(value, resolveAddress(local, reference));
    for (const [key, inner] of Object.entries(value)) {
      if (key === "const" || key === "enum") continue;
      const isNamed = key === "properties" || key === "dependencies" || key === "patternProperties";
      if (!isNamed) this.#collect(inner, local);
      else if (isObject(inner)) for (const one of Object.values(inner)) this.#collect(one, local);
    }
  }

  read(schema: unknown, key: string): SchemaNode {
    const node: SchemaNode = { key, types: [], properties: [], items: [], isList: false, anyOf: [], allOf: [] };
    this.#fill(node, schema);
    return node;
  }

  #fill(node: SchemaNode, schema: unknown): void {
    if (!isObject(schema)) return;
    const reference = schema["$ref"];
    if (typeof reference === "string") {
      const address = this.#addresses.get(schema) ?? normalAddress(reference);
      const known = this.#known.get(address);
      node.reference = { address, target: known ?? this.#target(address) };
      // As in OPA, what stands beside a reference is read where it is not the first of its kind.
      if (known === undefined) return;
    }
    const { type, properties, items } = schema;
    if (typeof type === "string") node.types.push(type);
    else if (Array.isArray(type)) node.types.push(...type.filter((one) => typeof one === "string"));
    if (isObject(properties)) node.properties = Object.entries(properties).map(([key, one]) => this.read(one, key));
    if (Array.isArray(items)) node.items = items.map((one) => this.read(one, ""));
    else if (items !== undefined) {
      node.items = [this.read(items, "")];
      node.isList = true;
    }
    node.anyOf = this.#list(schema["anyOf"]);
    node.allOf = this.#list(schema["allOf"]);
  }

  #list(schemas: unknown): readonly SchemaNode[] {
    return Array.isArray(schemas) ? schemas.map((one) => this.read(one, "")) : [];
  }

  #target(address: string): SchemaNode {
    const target: SchemaNode = { key: "", types: [], properties: [], items: [], isList: false, anyOf: [], allOf: [] };
    this.#known.set(address, target);
    this.#fill(target, this.#document(address));
    return target;
  }

  #document(address: string): unknown {
    if (this.#documents.has(address)) return this.#documents.get(address);
    const [base, fragment] = splitFragment(address);
    const found = this.#documents.has(base)
      ? referenced(this.#documents.get(base), `#${fragment}`)
      : {
          problem: isCanonical(address) ? `remote reference loading disabled: ${base}` : `Reference ${address} must be canonical`,
        };
    if ("problem" in found) throw new SchemaError(`unable to compile the schema: ${found.problem}`);
    return found.value;
  }
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
