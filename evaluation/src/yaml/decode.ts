// YAML nodes → values as their JSON would give them: keys are texts, merge keys are applied, aliases expanded within bounds.

import { goQuote } from "#grammars/text/go-quote.ts";
import { YamlFault } from "#grammars/yaml/fault.ts";
import type { MappingNode, ScalarNode, YamlNode } from "#grammars/yaml/parser.ts";
import { type Resolved, resolvePlain, resolveTagged } from "#grammars/yaml/resolve.ts";
import { decodeBase64 } from "../crypto/base64.ts";
import { decodeBytes } from "../rego-text.ts";
import { RegoNumber, RegoObject, type Value } from "../value.ts";
import { floatKeyText, goSyntax, type Key } from "./go-syntax.ts";

/** `spelled`: numbers keep the spelling of the text. Throws YamlFault. */
export function decodeYaml(node: YamlNode, numbers: "json" | "spelled" = "json"): Value {
  return new Decoder(numbers === "spelled").document(node);
}

/** Aliases may make up most of a small document and a tenth of a large one. */
const smallDocument = 400_000;
const largeDocument = 4_000_000;

class Decoder {
  private decoded = 0;
  private fromAliases = 0;
  private aliasDepth = 0;
  private readonly open = new Set<YamlNode>();
  private readonly repeated: string[] = [];
  /** What has no JSON is told when the whole document was read: keys before values. */
  private keyFault: string | undefined;
  private valueFault: string | undefined;
  private readonly spelled: boolean;

  constructor(spelled: boolean) {
    this.spelled = spelled;
  }

  document(node: YamlNode): Value {
    const value = this.decode(node);
    if (this.repeated.length > 0) throw new YamlFault(`yaml: unmarshal errors:\n${this.repeated.join("\n")}`);
    const fault = this.keyFault ?? this.valueFault;
    if (fault !== undefined) throw new YamlFault(fault);
    return value;
  }

  decode(node: YamlNode): Value {
    this.count();
    switch (node.kind) {
      case "alias":
        return this.expand(node, (target) => this.decode(target));
      case "scalar":
        return this.scalar(node);
      case "sequence":
        return node.items.map((item) => this.decode(item));
      case "mapping":
        return this.mapping(node);
    }
  }

  private scalar(node: ScalarNode): Value {
    const resolved = scalarOf(node);
    const fault = valueFault(resolved);
    this.valueFault ??= fault;
    if (fault !== undefined) return null;
    const value = scalarValue(resolved);
    return this.spelled && value instanceof RegoNumber ? new RegoNumber(node.value) : value;
  }

  private count(): void {
    this.decoded++;
    if (this.aliasDepth > 0) this.fromAliases++;
    if (this.fromAliases <= 100 || this.decoded <= 1000) return;
    const large = Math.min(Math.max((this.decoded - smallDocument) / (largeDocument - smallDocument), 0), 1);
    if (this.fromAliases / this.decoded > 0.99 - 0.89 * large) throw new YamlFault("yaml: document contains excessive aliasing");
  }

  private expand<T>(node: YamlNode & { readonly kind: "alias" }, read: (target: YamlNode) => T): T {
    if (this.open.has(node)) throw new YamlFault(`yaml: anchor '${node.name}' value contains itself`);
    this.open.add(node);
    this.aliasDepth++;
    const value = read(node.target);
    this.aliasDepth--;
    this.open.delete(node);
    return value;
  }

  private mapping(node: MappingNode): Value {
    const fields = new Map<string, Value>();
    this.fill(node, fields);
    return RegoObject.of(fields);
  }

  /** Keys that are there already stay as they are. */
  private fill(node: MappingNode, fields: Map<string, Value>): void {
    const own = new Map<string, Value>();
    const merged: YamlNode[] = [];
    let keyFault: string | undefined;
    const { entries, unnamed } = lastOfEach(node);
    if (this.repeats(unnamed)) return;
    for (const [key, value] of entries) {
      if (isMerge(key)) {
        if (value.kind === "sequence") merged.push(...value.items);
        else merged.push(value);
        continue;
      }
      const name = this.key(key);
      const item = this.decode(value);
      const text = keyText(name);
      // Of several such keys the last one counts.
      if (text === undefined)
        keyFault = `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${item === null ? "<nil>" : goSyntax(item)}`;
      else own.set(text, item);
    }
    this.keyFault ??= keyFault;
    for (const [key, value] of own) if (!fields.has(key)) fields.set(key, value);
    for (const source of merged) this.merge(source, fields);
  }

  private merge(source: YamlNode, fields: Map<string, Value>): void {
    this.count();
    const target = source.kind === "alias" ? source.target : source;
    if (target.kind !== "mapping") throw new YamlFault("yaml: map merge requires map or sequence of maps as the value");
    if (source.kind === "alias") this.expand(source, () => this.fill(target, fields));
    else this.fill(target, fields);
  }

  private key(node: YamlNode): Key {
    this.count();
    switch (node.kind) {
      case "alias":
        return this.expand(node, (target) => this.key(target));
      case "scalar":
        return scalarOf(node);
      default:
        this.decode(node);
        throw new YamlFault(`yaml: invalid map key: ${nodeSyntax(node)}`);
    }
  }

  /** Tells of the keys that are written alike; those that are no scalars are, whatever is in them. */
  private repeats(keys: readonly YamlNode[]): boolean {
    const before = this.repeated.length;
    for (const [at, key] of keys.entries()) {
      for (const later of keys.slice(at + 1)) {
        if (key.kind !== later.kind || writtenKey(key) !== writtenKey(later)) continue;
        if (this.repeated.length - before === mostRepeated) return true;
        const where = `already defined at line ${key.line}`;
        this.repeated.push(`  line ${later.line}: mapping key ${goQuote(writtenKey(later))} ${where}`);
      }
    }
    return this.repeated.length > before;
  }
}

/** So many keys that are written alike are told of in one mapping. */
const mostRepeated = 1_000;

function writtenKey(node: YamlNode): string {
  return node.kind === "scalar" ? node.value : node.kind === "alias" ? node.name : "";
}

/** The entries with the last value of each key that has a name in JSON, at the place of the first; and the keys without one. */
function lastOfEach(node: MappingNode): { readonly entries: MappingNode["entries"]; readonly unnamed: readonly YamlNode[] } {
  const places = new Map<string, number>();
  const entries: MappingNode["entries"] = [];
  const unnamed: YamlNode[] = [];
  for (const entry of node.entries) {
    const [key, value] = entry;
    const name = key.kind === "scalar" && !isMerge(key) ? nameOf(key) : undefined;
    const place = name === undefined ? undefined : places.get(name);
    if (place !== undefined) entries[place] = [entries[place]![0], value];
    else if (name !== undefined) places.set(name, entries.push(entry) - 1);
    else {
      entries.push(entry);
      if (!isMerge(key)) unnamed.push(key);
    }
  }
  return { entries, unnamed };
}

/** A node as Go's `%#v` prints what it is decoded to. */
function nodeSyntax(node: YamlNode): string {
  switch (node.kind) {
    case "alias":
      return nodeSyntax(node.target);
    case "scalar":
      return goSyntax(scalarValue(scalarOf(node)));
    case "sequence":
      return `[]interface {}{${node.items.map(nodeSyntax).join(", ")}}`;
    case "mapping": {
      const { entries } = lastOfEach(node);
      const isOfTexts = entries.every(([key]) => isMerge(key) || (key.kind === "scalar" && scalarOf(key).tag === "!!str"));
      const texts = entries.map(([key, value]) => `${nodeSyntax(key)}:${nodeSyntax(value)}`);
      return `map[${isOfTexts ? "string" : "interface {}"}]interface {}{${texts.sort().join(", ")}}`;
    }
  }
}

/** What a key is called in JSON; nothing for one that is not, or cannot be read. */
function nameOf(node: ScalarNode): string | undefined {
  try {
    return keyText(scalarOf(node));
  } catch (error) {
    if (error instanceof YamlFault) return undefined;
    throw error;
  }
}

function isMerge(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === "<<" && (node.tag === "!!merge" || (node.tag === undefined && node.plain));
}

function scalarOf(node: ScalarNode): Resolved {
  if (node.tag === "!!binary") return { tag: "!!str", value: binary(node.value) };
  if (node.tag !== undefined) return resolveTagged(node.tag, node.value);
  return node.plain ? resolvePlain(node.value) : { tag: "!!str", value: node.value };
}

function binary(text: string): string {
  try {
    return decodeBytes(decodeBase64(text)).replace(/\p{Surrogate}/gu, "\ufffd");
  } catch {
    throw new YamlFault("yaml: !!binary value contains invalid base64 data");
  }
}

/** Why a scalar is no value of JSON. */
function valueFault(resolved: Resolved): string | undefined {
  if (!("value" in resolved) || typeof resolved.value !== "number" || Number.isFinite(resolved.value)) return undefined;
  return `json: unsupported value: ${Number.isNaN(resolved.value) ? "NaN" : resolved.value > 0 ? "+Inf" : "-Inf"}`;
}

function scalarValue(resolved: Resolved): Value {
  if (!("value" in resolved)) return null;
  const { value } = resolved;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return RegoNumber.of(value);
  const fault = valueFault(resolved);
  if (fault !== undefined) throw new YamlFault(fault);
  return new RegoNumber(Object.is(value, -0) ? "-0" : String(value));
}

function keyText(key: Key): string | undefined {
  if (!("value" in key)) return undefined;
  return typeof key.value === "number" ? floatKeyText(key.value) : String(key.value);
}
