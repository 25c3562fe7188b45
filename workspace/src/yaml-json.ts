// YAML text → JSON text, with the number text kept as written (OPA reads data.yaml by the YAML 1.2 core schema).
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, visit } from "yaml";

export interface YamlFault {
  /** UTF-16 offset in the YAML text. */
  readonly offset: number;
  readonly message: string;
}

export type YamlOutcome = { readonly json: string } | { readonly fault: YamlFault };

/** The number of nodes that aliases may expand to: bounds "billion laughs" documents. */
const maxNodes = 1_000_000;

/** Converts the one document of `text`, or the first (`which`); several documents otherwise, unknown aliases and complex keys are faults. */
export function yamlToJson(text: string, which: "only" | "first" = "only"): YamlOutcome {
  const documents = parseAllDocuments(text, { lineCounter: new LineCounter(), keepSourceTokens: false, uniqueKeys: true });
  if (!Array.isArray(documents) || documents.length === 0) return { json: "null" };
  const [document, second] = documents;
  if (document === undefined) return { json: "null" };
  const error = document.errors[0];
  if (error !== undefined) return { fault: { offset: error.pos[0], message: firstLine(error.message) } };
  if (second !== undefined && which === "only") {
    return { fault: { offset: second.range?.[0] ?? 0, message: "only one YAML document is allowed in a file" } };
  }
  const anchors = new Map<string, Node>();
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node as Node);
    },
  });
  const writer = new JsonWriter(anchors);
  const json = writer.write(document.contents);
  return writer.fault === undefined ? { json } : { fault: writer.fault };
}

class JsonWriter {
  fault: YamlFault | undefined;
  private nodes = 0;
  private readonly open = new Set<Node>();
  private readonly anchors: ReadonlyMap<string, Node>;

  constructor(anchors: ReadonlyMap<string, Node>) {
    this.anchors = anchors;
  }

  write(node: unknown): string {
    if (node === null || node === undefined || this.fault !== undefined) return "null";
    if (++this.nodes > maxNodes) return this.fail(node, `the document expands to more than ${maxNodes} values`);
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined) return this.fail(node, `unknown alias *${node.source}`);
      if (this.open.has(target)) return this.fail(node, `the alias *${node.source} contains itself`);
      return this.write(target);
    }
    if (isScalar(node)) return scalarJson(node.value, node.source);
    this.open.add(node as Node);
    const json = isSeq(node)
      ? `[${node.items.map((item) => this.write(item)).join(",")}]`
      : isMap(node)
        ? `{${node.items.map((pair) => this.writePair(pair)).join(",")}}`
        : this.fail(node, "this YAML value has no JSON form");
    this.open.delete(node as Node);
    return json;
  }

  private writePair(pair: unknown): string {
    if (!isPair(pair) || !isScalar(pair.key)) return this.fail(isPair(pair) ? pair.key : pair, "only plain texts can be keys");
    const key = typeof pair.key.value === "string" ? pair.key.value : (pair.key.source ?? String(pair.key.value));
    return `${JSON.stringify(key)}:${this.write(pair.value)}`;
  }

  private fail(node: unknown, message: string): string {
    const range = (node as { range?: readonly number[] } | null)?.range;
    this.fault ??= { offset: range?.[0] ?? 0, message };
    return "null";
  }
}

function scalarJson(value: unknown, source: string | undefined): string {
  if (typeof value === "number" || typeof value === "bigint") {
    if (source !== undefined && /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(source)) return source;
    return typeof value === "number" && !Number.isFinite(value) ? "null" : String(value);
  }
  return JSON.stringify(value ?? null) ?? "null";
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? text).replace(/ at line \d+, column \d+:?$/, "");
}
