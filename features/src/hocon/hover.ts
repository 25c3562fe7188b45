// Hover on HOCON: the resolved value, its comment, where it comes from and what it overrode; durations and sizes in plain words.
import { type ConfigValue, toJsonText } from "#analysis/hocon/resolve.ts";
import { describeDuration, describeSize, readDuration, readSize } from "#analysis/hocon/units.ts";
import { commentsOf } from "#grammars/hocon/elements.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { documentsAround, type HoconDocument, meaningOf, occurrenceAt, placeName, resolvedAt } from "./document.ts";
import { type Occurrence, samePath } from "./names.ts";

export interface HoconHover {
  readonly range: Range;
  readonly markdown: string;
}

const maxValue = 600;

/** What the editor says about a key, a substitution or an include. */
export function hoconHover(project: Project, file: SourceFile, offset: number): HoconHover | undefined {
  for (const document of documentsAround(project, file)) {
    const occurrence = occurrenceAt(document, file.path, offset);
    if (occurrence !== undefined) return { range: occurrence.range, markdown: describe(project, document, occurrence) };
  }
  return includeHover(project, file, offset);
}

function describe(project: Project, document: HoconDocument, occurrence: Occurrence): string {
  const path = meaningOf(document, occurrence);
  const value = resolvedAt(document, path);
  const parts = [`\`${renderPath(path)}\`${value === undefined ? "" : ` — ${typeName(value)}`}`];
  if (value === undefined) parts.push("no value");
  else parts.push(`\`\`\`json\n${shorten(toJsonText(value, { indent: 2 }))}\n\`\`\``, ...readable(value));
  const keys = document.occurrences.filter((item) => item.kind === "key" && item.last && samePath(item.path, path));
  const winner = keys.at(-1);
  const comments = keys.flatMap(({ parsed, field }) => (field === undefined ? [] : commentsOf(parsed, field))).slice(-6);
  if (comments.length > 0) parts.push(comments.map((text) => text.trim()).join("  \n"));
  parts.push(...provenance(project, value, keys, winner));
  return parts.join("\n\n");
}

function provenance(
  project: Project,
  value: ConfigValue | undefined,
  keys: readonly Occurrence[],
  winner: Occurrence | undefined,
): string[] {
  const out: string[] = [];
  if (value !== undefined && value.source.parsed === undefined) out.push("from the environment of the profile");
  else if (value !== undefined && value.kind !== "object") out.push(`from ${placeName(project, value.source.file, value.start)}`);
  if (winner !== undefined && keys.length > 1) {
    const lines = keys.map((key) => `- ${placeName(project, key.file, key.range.start)}${key === winner ? " (last)" : ""}`);
    out.push(`assigned ${keys.length} times, later ones over earlier ones:\n${lines.join("\n")}`);
  }
  return out;
}

function typeName(value: ConfigValue): string {
  switch (value.kind) {
    case "array":
      return `array of ${value.items.length}`;
    case "object":
      return `object with ${value.fields.size} key${value.fields.size === 1 ? "" : "s"}`;
    default:
      return value.kind;
  }
}

function shorten(text: string): string {
  return text.length <= maxValue ? text : `${text.slice(0, maxValue)}\n…`;
}

/** A string that is a duration or a size, in words. */
function readable(value: ConfigValue): string[] {
  if (value.kind !== "string" || !/^\s*[\d.]+\s*\p{L}+\s*$/u.test(value.text)) return [];
  const duration = readDuration(value.text).value;
  const size = readSize(value.text).value;
  return [
    ...(duration === undefined ? [] : [`as a duration: ${describeDuration(duration)}`]),
    ...(size === undefined ? [] : [`as a size: ${describeSize(size)}`]),
  ];
}

function includeHover(project: Project, file: SourceFile, offset: number): HoconHover | undefined {
  const [own] = documentsAround(project, file);
  for (const { source, node, found, tried } of own!.resolved.includes) {
    if (source.file !== file.path || offset < node.start || offset > node.end) continue;
    const names = found.length > 0 ? found.map((item) => `- ${item.file}`) : tried.map((name) => `- ${name} (not there)`);
    return {
      range: { start: node.start, end: node.end },
      markdown: `${found.length > 0 ? "includes" : "finds nothing"}\n\n${names.join("\n")}`,
    };
  }
  return undefined;
}
