// Formatting as edits: only what differs is replaced, so that cursors and folds stay.
import type { TextEdit } from "#grammars/diagnostic.ts";
import { formatHocon } from "#grammars/hocon/format.ts";
import { formatModule } from "#grammars/rego/format.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export interface FormatOptions {
  readonly formatter: "opa-fmt" | "opa-fmt-rego-v1" | "regal-fix";
  readonly hoconIndent: number;
}

export type Formatted = { readonly edits: readonly TextEdit[] } | { readonly refusal: string };

/** The edits that format a file; a refusal for a file whose text is broken. */
export function formatIn(project: Project, file: SourceFile, options: FormatOptions): Formatted {
  if (file.kind === "hocon") return formatHoconFile(file, options.hoconIndent);
  if (file.kind === "rego") return formatRegoFile(project, file);
  return { refusal: `not supported yet: formatting ${file.kind}` };
}

function formatRegoFile(project: Project, file: SourceFile): Formatted {
  const parsed = project.parsed(file);
  const version = parsed.module.version;
  const formatted = formatModule(parsed, { version });
  if (formatted === undefined) return { refusal: "the file is not formatted: its text has errors" };
  // What formatting gives must still be the same module; otherwise the text is left as it is.
  const again = parseModule(formatted, { file: parsed.file, version });
  const same =
    again.diagnostics.length === 0 &&
    again.module.rules.length === parsed.module.rules.length &&
    again.module.comments.length === parsed.module.comments.length;
  if (!same) return { refusal: "the file is not formatted: comments stand where formatting would lose them" };
  return { edits: lineEdits(file.text, formatted) };
}

function formatHoconFile(file: SourceFile, indent: number): Formatted {
  const formatted = formatHocon(parsedHocon(file), { indent });
  if (formatted === undefined) return { refusal: "the file is not formatted: its text has errors" };
  return { edits: lineEdits(file.text, formatted) };
}

/** The edits that turn one text into the other: whole lines, the unchanged ones left alone. Keeps the line ends of the old text. */
export function lineEdits(before: string, after: string): readonly TextEdit[] {
  const crlf = before.includes("\r\n");
  const wanted = crlf ? after.replaceAll(/\r?\n/gu, "\r\n") : after;
  if (wanted === before) return [];
  const old = before.split(/(?<=\n)/u);
  const fresh = wanted.split(/(?<=\n)/u);
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  const edits: TextEdit[] = [];
  const offsetOf = (line: number) => old.slice(0, line).reduce((sum, text) => sum + text.length, 0);
  const middle = matchLines(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end));
  for (const { from, to, lines } of middle) {
    edits.push({ range: { start: offsetOf(start + from), end: offsetOf(start + to) }, newText: lines.join("") });
  }
  return edits;
}

const most = 2000;

/** A longest common subsequence of lines, as the pieces between; one piece where the texts are too long for that. */
function matchLines(
  old: readonly string[],
  fresh: readonly string[],
): readonly { from: number; to: number; lines: readonly string[] }[] {
  if (old.length * fresh.length > most * most) return [{ from: 0, to: old.length, lines: fresh }];
  const table = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      table[i]![j] = old[i] === fresh[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  const pieces: { from: number; to: number; lines: string[] }[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const last = pieces.at(-1);
    const piece = last !== undefined && last.to === i ? last : { from: i, to: i, lines: [] as string[] };
    if (piece !== last) pieces.push(piece);
    const deletes = i < old.length && (j >= fresh.length || table[i + 1]![j]! >= table[i]![j + 1]!);
    if (deletes) {
      i += 1;
      piece.to = i;
    } else {
      piece.lines.push(fresh[j]!);
      j += 1;
    }
  }
  return pieces;
}
