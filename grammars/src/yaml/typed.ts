// YAML nodes read into wanted shapes, as Go's library reads them into types: what does not fit is told, the rest is read all the same.
import { YamlFault } from "./fault.ts";
import type { MappingNode, ScalarNode, YamlNode } from "./parser.ts";
import { type Resolved, resolvePlain, resolveTagged } from "./resolve.ts";
import { timeText } from "./timestamp.ts";

/** `fields` are read into a record by name; keys of any other name are passed over. */
export type Shape =
  | { readonly kind: "string" | "bool" | "any" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map" }
  | { readonly kind: "record"; readonly name: string; readonly fields: Readonly<Record<string, Shape>> };

/** Whole numbers are bigints; a mapping with keys that are no texts is a `LooseMap`. */
export type YamlValue = null | boolean | bigint | number | string | YamlTime | readonly YamlValue[] | YamlRecord | LooseMap;

export interface YamlRecord {
  readonly [key: string]: YamlValue;
}

/** A point in time, as RFC 3339. */
export class YamlTime {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A mapping that is no JSON object. */
export class LooseMap {
  readonly entries: readonly (readonly [YamlValue, YamlValue])[];

  constructor(entries: readonly (readonly [YamlValue, YamlValue])[]) {
    this.entries = entries;
  }
}

export interface TypedRead {
  /** Undefined where nothing was set. */
  readonly value: YamlValue | undefined;
  /** `line 3: cannot unmarshal !!seq into string` */
  readonly misfits: readonly string[];
}

/** Reads a node. Throws YamlFault for what no shape can take, and for aliases that blow the document up. */
export function readTyped(node: YamlNode, shape: Shape): TypedRead {
  const reader = new TypedReader();
  const value = reader.read(node, shape);
  return { value, misfits: reader.misfits };
}

/** Aliases may make up most of a small document and a tenth of a large one. */
const smallDocument = 400_000;
const largeDocument = 4_000_000;

const oldTrue = /^(?:[yY]|yes|Yes|YES|on|On|ON)$/u;
const oldFalse = /^(?:[nN]|no|No|NO|off|Off|OFF)$/u;

class TypedReader {
  readonly misfits: string[] = [];
  readonly #open = new Set<YamlNode>();
  #read = 0;
  #fromAliases = 0;
  #aliasDepth = 0;

  /** Undefined for null where the shape has none, and for misfits. */
  read(node: YamlNode, shape: Shape): YamlValue | undefined {
    this.#count();
    switch (node.kind) {
      case "alias": {
        if (this.#open.has(node)) throw new YamlFault(`yaml: anchor '${node.name}' value contains itself`);
        this.#open.add(node);
        this.#aliasDepth++;
        const value = this.read(node.target, shape);
        this.#aliasDepth--;
        this.#open.delete(node);
        return value;
      }
      case "scalar":
        return this.#scalar(node, shape);
      case "sequence": {
        if (shape.kind !== "list" && shape.kind !== "any") return this.#misfit(node, "!!seq", shape);
        const of = shape.kind === "list" ? shape.of : shape;
        return node.items.map((item) => this.read(item, of)).filter((item) => item !== undefined);
      }
      case "mapping":
        return this.#mapping(node, shape);
    }
  }

  #count(): void {
    this.#read++;
    if (this.#aliasDepth > 0) this.#fromAliases++;
    if (this.#fromAliases <= 100 || this.#read <= 1000) return;
    const large = Math.min(Math.max((this.#read - smallDocument) / (largeDocument - smallDocument), 0), 1);
    if (this.#fromAliases / this.#read > 0.99 - 0.89 * large) throw new YamlFault("yaml: document contains excessive aliasing");
  }

  #misfit(node: YamlNode, tag: string, shape: Shape): undefined {
    const text = node.kind === "scalar" ? ` \`${shortened(node.value)}\`` : "";
    this.misfits.push(`line ${node.line}: cannot unmarshal ${tag}${text} into ${typeName(shape)}`);
    return undefined;
  }

  #scalar(node: ScalarNode, shape: Shape): YamlValue | undefined {
    const resolved = resolvedOf(node);
    if (!("value" in resolved))
      return shape.kind === "string" || shape.kind === "bool" || shape.kind === "record" ? undefined : null;
    const { tag, value } = resolved;
    switch (shape.kind) {
      case "string":
        return node.tag === "!!binary" ? String(value) : node.value;
      case "bool":
        if (typeof value === "boolean") return value;
        if (typeof value === "string" && oldTrue.test(value)) return true;
        if (typeof value === "string" && oldFalse.test(value)) return false;
        return this.#misfit(node, isMerge(node) ? "!!merge" : (node.tag ?? tag), shape);
      case "any":
        return tag === "!!timestamp" ? new YamlTime(timeText(node.value) ?? node.value) : value;
      default:
        return this.#misfit(node, isMerge(node) ? "!!merge" : (node.tag ?? tag), shape);
    }
  }

  #mapping(node: MappingNode, shape: Shape): YamlValue | undefined {
    if (this.#repeats(node)) return undefined;
    switch (shape.kind) {
      case "record": {
        const values: Record<string, YamlValue> = {};
        for (const [name, item, line] of this.#texts(node)) {
          if (Object.hasOwn(values, name)) {
            this.misfits.push(`line ${line}: field ${name} already set in type ${shape.name}`);
            continue;
          }
          const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
          const value = field === undefined ? undefined : this.read(item, field);
          if (value !== undefined) set(values, name, value);
        }
        return values;
      }
      case "map":
        return this.#object(node);
      case "any":
        return node.entries.every(([key]) => isText(key)) ? this.#object(node) : this.#loose(node);
      default:
        return this.#misfit(node, "!!map", shape);
    }
  }

  #object(node: MappingNode): YamlValue {
    const values: Record<string, YamlValue> = {};
    for (const [name, item] of this.#texts(node)) {
      const value = this.read(item, { kind: "any" });
      if (value !== undefined) set(values, name, value);
    }
    return values;
  }

  #loose(node: MappingNode): YamlValue {
    const entries: (readonly [YamlValue, YamlValue])[] = [];
    for (const [key, item] of node.entries) {
      if (isMerge(key)) continue;
      const name = this.read(key, { kind: "any" });
      if (name !== null && typeof name === "object" && !(name instanceof YamlTime))
        throw new YamlFault(`yaml: invalid map key: ${goSyntax(name)}`);
      const value = this.read(item, { kind: "any" });
      if (name !== undefined && value !== undefined) entries.push([name, value]);
    }
    return new LooseMap(entries);
  }

  /** The entries by the texts of their keys, each key read when it comes, then those of merge keys that are not there yet. */
  *#texts(
    node: MappingNode,
    taken: ReadonlySet<string> = new Set(),
  ): Generator<readonly [name: string, value: YamlNode, line: number]> {
    const found = new Set(taken);
    let merged: YamlNode | undefined;
    for (const [key, item] of node.entries) {
      if (isMerge(key)) {
        merged = item;
        continue;
      }
      const name = this.read(key, { kind: "string" });
      if (typeof name !== "string" || taken.has(name)) continue;
      found.add(name);
      yield [name, item, key.line];
    }
    if (merged === undefined) return;
    for (const source of merged.kind === "sequence" ? merged.items : [merged]) {
      const target = source.kind === "alias" ? source.target : source;
      if (target.kind !== "mapping") throw new YamlFault("yaml: map merge requires map or sequence of maps as the value");
      if (this.#open.has(target))
        throw new YamlFault(`yaml: anchor '${source.kind === "alias" ? source.name : ""}' value contains itself`);
      this.#open.add(target);
      this.#count();
      if (!this.#repeats(target))
        for (const entry of this.#texts(target, new Set(found))) {
          found.add(entry[0]);
          yield entry;
        }
      this.#open.delete(target);
    }
  }

  /** Tells each pair of keys that are written alike, by the first of them; keys that are no scalars count as written alike. */
  #repeats(node: MappingNode): boolean {
    const alike = new Map<string, YamlNode[]>();
    for (const [key] of node.entries) {
      const id = `${key.kind} ${writtenKey(key)}`;
      const keys = alike.get(id);
      if (keys === undefined) alike.set(id, [key]);
      else keys.push(key);
    }
    if (alike.size === node.entries.length) return false;
    const met = new Map<string, number>();
    for (const [key] of node.entries) {
      const written = writtenKey(key);
      const id = `${key.kind} ${written}`;
      const at = (met.get(id) ?? 0) + 1;
      met.set(id, at);
      for (const later of alike.get(id)!.slice(at)) {
        if (this.misfits.length >= mostMisfits) return true;
        this.misfits.push(`line ${later.line}: mapping key ${JSON.stringify(written)} already defined at line ${key.line}`);
      }
    }
    return true;
  }
}

/** Of keys that are all alike there are more pairs than anybody reads. */
const mostMisfits = 10_000;

function writtenKey(key: YamlNode): string {
  return key.kind === "scalar" ? key.value : key.kind === "alias" ? key.name : "";
}

function isMerge(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === "<<" && (node.tag === "!!merge" || (node.tag === undefined && node.plain));
}

function isText(node: YamlNode): boolean {
  const target = node.kind === "alias" ? node.target : node;
  return target.kind === "scalar" && (isMerge(target) || (target.tag ?? resolvedOf(target).tag) === "!!str");
}

function resolvedOf(node: ScalarNode): Resolved {
  if (node.tag === "!!binary") return { tag: "!!str", value: binary(node.value) };
  if (node.tag !== undefined) return resolveTagged(node.tag, node.value);
  return node.plain ? resolvePlain(node.value) : { tag: "!!str", value: node.value };
}

function binary(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text.replace(/[\r\n]/gu, "")), (char) => char.charCodeAt(0)));
  } catch {
    throw new YamlFault("yaml: !!binary value contains invalid base64 data");
  }
}

/** At most ten bytes. */
function shortened(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return bytes.length > 10 ? `${new TextDecoder().decode(bytes.subarray(0, 7))}...` : text;
}

function typeName(shape: Shape): string {
  switch (shape.kind) {
    case "string":
    case "bool":
      return shape.kind;
    case "any":
      return "interface {}";
    case "map":
      return "map[string]interface {}";
    case "list":
      return `[]${typeName(shape.of)}`;
    case "record":
      return shape.name;
  }
}

/** Also `__proto__` is a key like any other. */
function set(values: Record<string, YamlValue>, key: string, value: YamlValue): void {
  Object.defineProperty(values, key, { value, enumerable: true, writable: true, configurable: true });
}

/** A collection as Go's `%#v` prints it. */
function goSyntax(value: YamlValue): string {
  if (value === null) return "interface {}(nil)";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof YamlTime) return value.text;
  if (Array.isArray(value)) return `[]interface {}{${(value as readonly YamlValue[]).map(goSyntax).join(", ")}}`;
  const [type, entries] =
    value instanceof LooseMap ? ["interface {}", value.entries] : (["string", Object.entries(value as YamlRecord)] as const);
  return `map[${type}]interface {}{${entries.map(([key, item]) => `${goSyntax(key)}:${goSyntax(item)}`).join(", ")}}`;
}
