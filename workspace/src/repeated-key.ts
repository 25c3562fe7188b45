// A key that one mapping of a YAML text has twice. OPA takes the last one of them; in a configuration the others would be lost unseen.
import { parseFirst, type YamlNode } from "#grammars/yaml/parser.ts";

export interface RepeatedKey {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly firstLine: number;
}

/** The first one in a text without syntax errors. */
export function repeatedKey(text: string): RepeatedKey | undefined {
  const root = parseFirst(text);
  return root === undefined ? undefined : repeatedIn(root);
}

function repeatedIn(node: YamlNode): RepeatedKey | undefined {
  if (node.kind === "sequence") return firstOf(node.items);
  if (node.kind !== "mapping") return undefined;
  const lines = new Map<string, number>();
  for (const [key] of node.entries) {
    if (key.kind !== "scalar" || key.value === "<<") continue;
    const firstLine = lines.get(key.value);
    if (firstLine !== undefined) return { name: key.value, line: key.line, firstLine };
    lines.set(key.value, key.line);
  }
  return firstOf(node.entries.map(([, value]) => value));
}

function firstOf(nodes: readonly YamlNode[]): RepeatedKey | undefined {
  for (const node of nodes) {
    const found = repeatedIn(node);
    if (found !== undefined) return found;
  }
  return undefined;
}
