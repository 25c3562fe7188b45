// Writes into a linter configuration that a rule is off, and leaves the rest as it was written.
import type { TextEdit } from "#grammars/diagnostic.ts";
import { withEdits } from "#grammars/text/edits.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { MappingNode, YamlNode } from "#grammars/yaml/parser.ts";
import { readLintConfig } from "#lint/config.ts";
import { yamlToJson } from "#workspace/yaml-json.ts";
import { yamlRoot } from "#workspace/yaml-keys.ts";

/** The edit after which the rule's level is `ignore`; undefined where the text is written in a way that one edit of lines cannot change. */
export function ignoringEdit(text: string, category: string, rule: string): TextEdit | undefined {
  const edit = editOf(text, ["rules", category, rule]);
  if (edit === undefined) return undefined;
  const json = yamlToJson(withEdits(text, [edit]));
  if ("fault" in json) return undefined;
  const level = readLintConfig(JSON.parse(json.json)).config.categories.get(category)?.rules.get(rule)?.level;
  return level === "ignore" ? edit : undefined;
}

/** A last line of `rw.conf` that says so, which wins over all before it; undefined for a text in braces. */
export function ignoringLine(text: string, category: string, rule: string): TextEdit | undefined {
  if (/^(?:\s|#.*|\/\/.*)*\{/u.test(text)) return undefined;
  const start = text.length;
  const needsBreak = start > 0 && text[start - 1] !== "\n";
  const newText = `${needsBreak ? "\n" : ""}lint.rules.${category}.${rule}.level = ignore\n`;
  return { range: { start, end: start }, newText };
}

function editOf(text: string, path: readonly string[]): TextEdit | undefined {
  const lines = new LineIndex(text);
  let at: YamlNode | undefined = yamlRoot(text);
  let above = -1;
  let indent = "";
  for (const [depth, name] of path.entries()) {
    const entry = entryOf(at, name);
    if (entry === undefined) return insertion(lines, above, childIndent(lines, at, indent, depth), path.slice(depth));
    const [key, value] = entry;
    above = key.line - 1;
    indent = indentOf(lines.lineText(above));
    at = value;
  }
  const level = entryOf(at, "level");
  if (level === undefined) return insertion(lines, above, childIndent(lines, at, indent, path.length), []);
  const line = level[0].line - 1;
  const written = /level\s*:\s*["']?(\w+)["']?/u.exec(lines.lineText(line));
  if (written === null) return undefined;
  const start = lines.lineStart(line) + written.index + written[0].indexOf(written[1]!, "level".length);
  return { range: { start, end: start + written[1]!.length }, newText: "ignore" };
}

function entryOf(node: YamlNode | undefined, name: string): MappingNode["entries"][number] | undefined {
  return node?.kind === "mapping" ? node.entries.find(([key]) => key.kind === "scalar" && key.value === name) : undefined;
}

/** Lines for the rest of a path, below the line of what it begins in; at the end of a text that has nothing of it. */
function insertion(lines: LineIndex, above: number, indent: string, path: readonly string[]): TextEdit {
  const steps = [...path.map((name) => `${name}:`), "level: ignore"];
  const written = steps.map((step, depth) => `${indent}${"  ".repeat(depth)}${step}\n`).join("");
  const { text } = lines;
  const start = above < 0 ? text.length : lines.lineStart(above + 1);
  const needsBreak = start > 0 && text[start - 1] !== "\n";
  return { range: { start, end: start }, newText: `${needsBreak ? "\n" : ""}${written}` };
}

/** What the children of a node are written behind; two blanks more than the node where it has none. */
function childIndent(lines: LineIndex, node: YamlNode | undefined, indent: string, depth: number): string {
  const first = node?.kind === "mapping" ? node.entries[0]?.[0] : undefined;
  if (first !== undefined) return indentOf(lines.lineText(first.line - 1));
  return depth === 0 ? "" : `${indent}  `;
}

function indentOf(line: string): string {
  return /^ */u.exec(line)![0];
}
