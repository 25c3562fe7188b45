// YAML tokens → nodes: documents, mappings, sequences, scalars, anchors and aliases.

import { byStack, stackIsTooSmall } from "../text/stack.ts";
import { parseFault, YamlFault } from "./fault.ts";
import { Scanner, type Token, type TokenKind } from "./scanner.ts";

/** A node begins in a line, from 1. */
interface Placed {
  readonly line: number;
}
export interface ScalarNode extends Placed {
  readonly kind: "scalar";
  readonly value: string;
  /** Without quotes and not as a block. */
  readonly plain: boolean;
  /** An explicit tag in its short form, as `!!int`; undefined for none and for `!`. */
  readonly tag: string | undefined;
}
export interface SequenceNode extends Placed {
  readonly kind: "sequence";
  readonly items: YamlNode[];
}
export interface MappingNode extends Placed {
  readonly kind: "mapping";
  readonly entries: (readonly [YamlNode, YamlNode])[];
}
export interface AliasNode extends Placed {
  readonly kind: "alias";
  readonly name: string;
  readonly target: YamlNode;
}
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

/** Collections inside of one another. */
const deepest = (): number => byStack(1_000, 10_000);
const longTag = "tag:yaml.org,2002:";

/** All documents of a stream. Throws YamlFault. */
export function parseYaml(text: string): readonly YamlNode[] {
  return [...new Parser(text).stream()];
}

/** The first document, whatever comes behind it; undefined for none. Throws YamlFault. */
export function parseFirst(text: string): YamlNode | undefined {
  return new Parser(text).stream().next().value;
}

class Parser {
  private readonly scanner: Scanner;
  private readonly anchors = new Map<string, YamlNode>();
  private tagPrefixes = new Map<string, string>();
  private depth = 0;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  private get token(): Token {
    return this.scanner.peek();
  }

  private is(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.token.kind);
  }

  *stream(): Generator<YamlNode, undefined> {
    for (let first = true; ; first = false) {
      if (!first) while (this.is("document-end")) this.scanner.next();
      if (this.is("stream-end")) return undefined;
      const bare = first && !this.is("version", "tag-directive", "document-start");
      this.directives();
      if (!bare) {
        if (!this.is("document-start")) throw parseFault("did not find expected <document start>", undefined, this.token.start);
        this.scanner.next();
      }
      const empty = !bare && this.is("version", "tag-directive", "document-start", "document-end", "stream-end");
      const node = empty ? this.nothing() : this.node(true, false);
      // A document is given once its end is seen: what cannot be read right behind it is its fault, too.
      if (this.is("document-end")) this.scanner.next();
      yield node;
    }
  }

  private directives(): void {
    this.tagPrefixes = new Map();
    let version = false;
    for (; this.is("version", "tag-directive"); this.scanner.next()) {
      const { kind, value, suffix, start } = this.token;
      if (kind === "version") {
        if (version) throw parseFault("found duplicate %YAML directive", undefined, start);
        if (value !== "1.1") throw parseFault("found incompatible YAML document", undefined, start);
        version = true;
      } else {
        if (this.tagPrefixes.has(value)) throw parseFault("found duplicate %TAG directive", undefined, start);
        this.tagPrefixes.set(value, suffix ?? "");
      }
    }
    if (!this.tagPrefixes.has("!")) this.tagPrefixes.set("!", "!");
    if (!this.tagPrefixes.has("!!")) this.tagPrefixes.set("!!", longTag);
  }

  private node(block: boolean, indentless: boolean): YamlNode {
    const first = this.token;
    const line = lineOf(first);
    if (first.kind === "alias") return this.alias(first);
    let anchor: string | undefined;
    let tag: Token | undefined;
    for (let count = 0; count < 2; count++) {
      const token = this.token;
      if (token.kind === "anchor" && anchor === undefined) anchor = token.value;
      else if (token.kind === "tag" && tag === undefined) tag = token;
      else break;
      this.scanner.next();
    }
    const name = tag === undefined ? undefined : this.tagName(tag, first);
    const token = this.token;
    switch (token.kind) {
      case "scalar": {
        this.scanner.next();
        const plain = token.plain === true;
        return this.named(anchor, { kind: "scalar", value: token.value, plain, tag: name === "!" ? undefined : name, line });
      }
      case "[":
        return this.collection(anchor, { kind: "sequence", items: [], line }, (node) => this.flowSequence(node.items));
      case "{":
        return this.collection(anchor, { kind: "mapping", entries: [], line }, (node) => this.flowMapping(node.entries));
      case "-":
        if (!indentless) break;
        return this.collection(anchor, { kind: "sequence", items: [], line }, (node) => this.indentlessSequence(node.items));
      case "block-sequence-start":
        if (!block) break;
        return this.collection(anchor, { kind: "sequence", items: [], line }, (node) => this.blockSequence(node.items));
      case "block-mapping-start":
        if (!block) break;
        return this.collection(anchor, { kind: "mapping", entries: [], line }, (node) => this.blockMapping(node.entries));
      default:
    }
    if (anchor === undefined && name === undefined)
      throw parseFault("did not find expected node content", first.start, token.start);
    return this.named(anchor, { kind: "scalar", value: "", plain: true, tag: name === "!" ? undefined : name, line });
  }

  private named<T extends YamlNode>(anchor: string | undefined, node: T): T {
    if (anchor !== undefined) this.anchors.set(anchor, node);
    return node;
  }

  private collection<T extends YamlNode>(anchor: string | undefined, node: T, fill: (node: T) => void): T {
    this.named(anchor, node);
    if (++this.depth > deepest()) {
      stackIsTooSmall();
      throw new YamlFault(`yaml: exceeded max depth of ${deepest()}`);
    }
    fill(node);
    this.depth--;
    return node;
  }

  private alias(token: Token): AliasNode {
    const target = this.anchors.get(token.value);
    if (target === undefined) throw new YamlFault(`yaml: unknown anchor '${token.value}' referenced`);
    this.scanner.next();
    return { kind: "alias", name: token.value, target, line: lineOf(token) };
  }

  private tagName(tag: Token, first: Token): string {
    const prefix = tag.value === "" ? "" : this.tagPrefixes.get(tag.value);
    if (prefix === undefined) throw parseFault("found undefined tag handle", first.start, tag.start);
    const whole = prefix + (tag.suffix ?? "");
    return whole.startsWith(longTag) ? `!!${whole.slice(longTag.length)}` : whole;
  }

  private blockSequence(items: YamlNode[]): void {
    const { start } = this.token;
    this.scanner.next();
    while (this.is("-")) {
      this.scanner.next();
      items.push(this.is("-", "block-end") ? this.nothing() : this.node(true, false));
    }
    if (!this.is("block-end")) throw parseFault("did not find expected '-' indicator", start, this.token.start);
    this.scanner.next();
  }

  /** Entries that stand no deeper than the key they belong to. */
  private indentlessSequence(items: YamlNode[]): void {
    while (this.is("-")) {
      this.scanner.next();
      items.push(this.is("-", "?", ":", "block-end") ? this.nothing() : this.node(true, false));
    }
  }

  private blockMapping(entries: (readonly [YamlNode, YamlNode])[]): void {
    const { start } = this.token;
    this.scanner.next();
    while (this.is("?")) {
      this.scanner.next();
      const key = this.is("?", ":", "block-end") ? this.nothing() : this.node(true, true);
      entries.push([key, this.blockValue()]);
    }
    if (!this.is("block-end")) throw parseFault("did not find expected key", start, this.token.start);
    this.scanner.next();
  }

  private blockValue(): YamlNode {
    if (!this.is(":")) return this.nothing();
    this.scanner.next();
    return this.is("?", ":", "block-end") ? this.nothing() : this.node(true, true);
  }

  private flowSequence(items: YamlNode[]): void {
    const { start } = this.token;
    this.scanner.next();
    for (let first = true; !this.is("]"); first = false) {
      if (!first) {
        if (!this.is(",")) throw parseFault("did not find expected ',' or ']'", start, this.token.start);
        this.scanner.next();
        if (this.is("]")) break;
      }
      items.push(this.is("?") ? this.flowPair() : this.node(false, false));
    }
    this.scanner.next();
  }

  /** `[a: 1]` holds a mapping of one entry. */
  private flowPair(): YamlNode {
    const line = lineOf(this.token);
    this.scanner.next();
    let key: YamlNode = this.nothing();
    if (!this.is(":", ",", "]")) key = this.node(false, false);
    else this.scanner.next();
    return { kind: "mapping", entries: [[key, this.flowValue("]")]], line };
  }

  private flowMapping(entries: (readonly [YamlNode, YamlNode])[]): void {
    const { start } = this.token;
    this.scanner.next();
    for (let first = true; !this.is("}"); first = false) {
      if (!first) {
        if (!this.is(",")) throw parseFault("did not find expected ',' or '}'", start, this.token.start);
        this.scanner.next();
        if (this.is("}")) break;
      }
      if (this.is("?")) {
        this.scanner.next();
        const key = this.is(":", ",", "}") ? this.nothing() : this.node(false, false);
        entries.push([key, this.flowValue("}")]);
      } else entries.push([this.node(false, false), this.nothing()]);
    }
    this.scanner.next();
  }

  private flowValue(end: "]" | "}"): YamlNode {
    if (!this.is(":")) return this.nothing();
    this.scanner.next();
    return this.is(",", end) ? this.nothing() : this.node(false, false);
  }

  private nothing(): ScalarNode {
    return { kind: "scalar", value: "", plain: true, tag: undefined, line: lineOf(this.token) };
  }
}

function lineOf({ start }: Token): number {
  return start.line + 1;
}
