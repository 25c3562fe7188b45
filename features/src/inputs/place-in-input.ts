// Where a path of an input is written: in the sample itself, at the value, or at the include that brings it in.
import type { ConfigValue } from "#analysis/hocon/resolve.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { YamlNode } from "#grammars/yaml/parser.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { yamlKeyRange, yamlRoot } from "#workspace/yaml-keys.ts";

export type Step = string | number;

export interface InputPlace {
  readonly range: Range;
  /** Where it is written, when that is another file. */
  readonly written?: { readonly file: string; readonly range: Range };
}

/** The place of a path, or of what of it there is. */
export function placeInInput(project: Project, file: SourceFile, path: readonly Step[], profile: string | undefined): InputPlace {
  return file.kind === "yaml" ? { range: yamlPlace(file, path) } : hoconPlace(project, file, path, profile);
}

/** JSON is HOCON, too. */
function hoconPlace(project: Project, file: SourceFile, path: readonly Step[], profile: string | undefined): InputPlace {
  let at: ConfigValue | undefined = project.inputs.resolveHocon(file, profile).value;
  let found: ConfigValue | undefined;
  for (const step of path) {
    at = at?.kind === "object" ? at.fields.get(String(step)) : at?.kind === "array" ? at.items[Number(step)] : undefined;
    if (at === undefined) break;
    if (at.source.parsed !== undefined) found = at;
  }
  if (found === undefined) return { range: firstLine(file.text) };
  const { source, start, end } = found;
  const range = inOneLine(source.parsed?.text ?? "", { start, end });
  if (source.file === file.path) return { range };
  const written = { file: source.file, range };
  for (let by = source.includedBy; by !== undefined; by = by.source.includedBy)
    if (by.source.file === file.path) return { range: inOneLine(file.text, by), written };
  return { range: firstLine(file.text), written };
}

const yamlRootOf = oncePer(({ text }: SourceFile) => yamlRoot(text));

function yamlPlace(file: SourceFile, path: readonly Step[]): Range {
  const lines = new LineIndex(file.text);
  let found: Range | undefined;
  let at: YamlNode | undefined = yamlRootOf(file);
  for (const step of path) {
    if (at?.kind === "alias") at = at.target;
    if (at?.kind === "mapping") {
      const entry: MappingEntry | undefined = at.entries.find(([key]) => key.kind === "scalar" && key.value === String(step));
      if (entry === undefined) break;
      const [key, value] = entry;
      found = yamlKeyRange(lines, key.line, String(step));
      at = value;
    } else if (at?.kind === "sequence") {
      at = at.items[Number(step)];
      if (at === undefined) break;
      found = lineRange(file.text, lines.lineStart(at.line - 1));
    } else break;
  }
  return found ?? firstLine(file.text);
}

type MappingEntry = readonly [YamlNode, YamlNode];

/** Of a value over several lines the first one. */
function inOneLine(text: string, { start, end }: Range): Range {
  const lineEnd = text.indexOf("\n", start);
  return { start, end: lineEnd < 0 || lineEnd > end ? end : lineEnd };
}

/** What stands on the line that begins at an offset. */
export function lineRange(text: string, at: number): Range {
  const [, blanks = "", rest = ""] = /^([ \t]*)(.*)/u.exec(text.slice(at)) ?? [];
  return { start: at + blanks.length, end: at + blanks.length + rest.trimEnd().length };
}

/** The first line that is no comment. */
function firstLine(text: string): Range {
  const found = /^[ \t]*(?!#|\/\/)\S.*$/mu.exec(text);
  return lineRange(text, found?.index ?? 0);
}
