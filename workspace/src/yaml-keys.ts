// Where the keys of a YAML text are written.
import type { Range } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { YamlFault } from "#grammars/yaml/fault.ts";
import { parseFirst, type YamlNode } from "#grammars/yaml/parser.ts";

/** The tree of a YAML text; undefined for one with faults. */
export function yamlRoot(text: string): YamlNode | undefined {
  try {
    return parseFirst(text);
  } catch (error) {
    if (error instanceof YamlFault) return undefined;
    throw error;
  }
}

/** The place of a key that begins in a line, from 1. */
export function yamlKeyRange(lines: LineIndex, line: number, name: string): Range {
  const start = lines.lineStart(line - 1) + Math.max(0, lines.lineText(line - 1).indexOf(name));
  return { start, end: start + name.length };
}

/** The last key on a path of keys in a YAML text, as far as it goes. */
export function yamlKeyPlace(text: string, path: readonly string[]): Range {
  const lines = new LineIndex(text);
  let found = { start: 0, end: 0 };
  let at = yamlRoot(text);
  for (const name of path) {
    const entry = at?.kind === "mapping" ? at.entries.find(([key]) => key.kind === "scalar" && key.value === name) : undefined;
    if (entry === undefined) break;
    const [{ line }, value] = entry;
    found = yamlKeyRange(lines, line, name);
    at = value;
  }
  return found;
}
