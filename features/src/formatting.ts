// Formatting as edits: only what differs is replaced, so that cursors and folds stay.
import { type Fmt, formatPolicy } from "#analysis/rego/fmt.ts";
import { formatParts } from "#analysis/rego/fmt-parts.ts";
import type { TextEdit } from "#grammars/diagnostic.ts";
import { errorList, errorText } from "#grammars/error-text.ts";
import { formatHocon } from "#grammars/hocon/format.ts";
import type { Range, RegoVersion } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { lineEdits } from "#grammars/text/line-edits.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { basename } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export interface FormatOptions {
  readonly formatter: "opa-fmt" | "opa-fmt-rego-v1" | "regal-fix";
  readonly hoconIndent: number;
}

export type Formatted = { readonly edits: readonly TextEdit[] } | { readonly refusal: string };

/** The edits that format a file, or the statements of it that a range touches; a refusal for a file that cannot be formatted. */
export function formatIn(project: Project, file: SourceFile, options: FormatOptions, range?: Range): Formatted {
  if (file.kind === "hocon") return within(range, formatHoconFile(file, options.hoconIndent));
  if (file.kind === "rego") return formatRegoFile(project, file, options.formatter, range);
  return { refusal: `not supported yet: formatting ${file.kind}` };
}

/** Of the edits those on the lines of a range. */
function within(range: Range | undefined, formatted: Formatted): Formatted {
  if (range === undefined || "refusal" in formatted) return formatted;
  return { edits: formatted.edits.filter((edit) => edit.range.start <= range.end && range.start <= edit.range.end) };
}

/** The edits that format the rule that ends on the line above an offset, where a line was just begun below it; what is still being written stays. */
export function formatAbove(project: Project, file: SourceFile, offset: number): readonly TextEdit[] {
  if (file.kind !== "rego") return [];
  const lineStart = file.text.lastIndexOf("\n", offset - 1) + 1;
  const above = file.text.lastIndexOf("\n", lineStart - 2) + 1;
  const rule = project.parsed(file).module.rules.find(({ end }) => above <= end && end < lineStart);
  if (rule === undefined || rule.start === rule.end) return [];
  // The blank lines below are still being written.
  const edits = formatRange(file.text.slice(0, lineStart), project.versionOf(file), { start: rule.end, end: rule.end });
  return edits.filter(({ range }) => rule.start <= range.start && range.end <= lineStart);
}

function formatRange(text: string, from: RegoVersion, range: Range): readonly TextEdit[] {
  return formatParts(text, { from, range }).flatMap((part) =>
    lineEdits(text.slice(part.range.start, part.range.end), part.text, text.includes("\r\n")).map(({ range, newText }) => ({
      range: { start: part.range.start + range.start, end: part.range.start + range.end },
      newText,
    })),
  );
}

/** A broken file is refused as a whole; a range of it is formatted as far as it can be read. */
function formatRegoFile(project: Project, file: SourceFile, formatter: FormatOptions["formatter"], range?: Range): Formatted {
  const { text, path } = file;
  const from = project.versionOf(file);
  if (range !== undefined) return { edits: formatRange(text, from, range) };
  const target = formatter === "opa-fmt-rego-v1" ? ({ version: "v0", upTo: "v1" } as const) : {};
  const outcome = formatPolicy(text, { file: path, from, ...target });
  if ("refused" in outcome) return { refusal: refusalOf(outcome) };
  // What formatting gives must still be the same module; otherwise the text is left as it is.
  const before = parseModule(text, { file: path, version: from }).module;
  const again = parseModule(outcome.text, { file: path, version: from });
  const same =
    again.diagnostics.length === 0 &&
    again.module.rules.length === before.rules.length &&
    again.module.comments.length === before.comments.length;
  if (!same) return { refusal: "comments stand where formatting would lose them" };
  return { edits: lineEdits(text, outcome.text) };
}

/** The errors that forbid formatting, as `opa fmt` lists them. */
function refusalOf({ refused: { text }, diagnostics }: Exclude<Fmt, { readonly text: string }>): string {
  const lines = new LineIndex(text);
  const worded = diagnostics.map(({ file, range, code, message }) =>
    errorText({ place: `${basename(file)}:${lines.lineOf(range.start) + 1}`, code, message }),
  );
  return errorList(worded);
}

function formatHoconFile(file: SourceFile, indent: number): Formatted {
  const formatted = formatHocon(parsedHocon(file), { indent });
  if (formatted === undefined) return { refusal: "its text has errors" };
  return { edits: lineEdits(file.text, formatted) };
}
