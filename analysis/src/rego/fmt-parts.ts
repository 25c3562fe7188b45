// `opa fmt` of parts of a text: the statements that can be read, all of them or those that a range touches; the rest stays as it is.

import type { Range, RegoVersion } from "#grammars/rego/ast.ts";
import { formatFrom } from "#grammars/rego/format/module.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { isBuiltinName } from "./builtins/index.ts";

export interface FmtPartsOptions {
  /** The dialect of the text before its imports; it is written in the same one. */
  readonly from: RegoVersion;
  /** Only the statements that these characters touch; all unless given. */
  readonly range?: Range;
}

/** Whole lines of the old text and what stands in their place. */
export interface FmtPart {
  readonly range: Range;
  readonly text: string;
}

/** Parts that are formatted of one text; what is broken in more places stays as it is behind them. */
const mostRuns = 2000;

/** The formatted parts of a text, in order. */
export function formatParts(text: string, { from, range }: FmtPartsOptions): readonly FmtPart[] {
  const source = parseModule(text, { file: "part", version: from, allStatements: true, isBuiltin: isBuiltinName });
  const sound = source.diagnostics.length === 0;
  const runs: Range[][] = [];
  let before: Range | undefined;
  for (const unit of unitsOutsideStrings(source)) {
    if (range !== undefined && !touches(unit, text, range)) continue;
    if (before !== undefined && isBlank(text.slice(before.end, unit.start))) runs.at(-1)!.push(unit);
    else runs.push([unit]);
    before = unit;
  }
  return runs
    .slice(0, mostRuns)
    .flatMap((run) => (sound ? [run] : readableRuns(source, from, run)))
    .flatMap((run) => formatRun(source, from, run) ?? []);
}

/** What of a run of statements can be read: all of it, or the same of its halves. */
function readableRuns(source: ParsedModule, version: RegoVersion, run: readonly Range[]): readonly (readonly Range[])[] {
  const whole = { start: run[0]!.start, end: run.at(-1)!.end };
  if (readPart(source, version, whole) !== undefined) return [run];
  if (run.length === 1) return [];
  const middle = run.length >> 1;
  const left = readableRuns(source, version, run.slice(0, middle));
  const right = readableRuns(source, version, run.slice(middle));
  const last = left.at(-1);
  const first = right[0];
  // Halves that meet are one run again, so that what belongs together is formatted together.
  return last?.at(-1) === run[middle - 1] && first?.[0] === run[middle]
    ? [...left.slice(0, -1), [...last!, ...first!], ...right.slice(1)]
    : [...left, ...right];
}

/** The lines of each statement; statements that share a line are one. Lines that hold something else besides are left out. */
function unitsOf({ text, module }: ParsedModule): readonly Range[] {
  const places: readonly Range[] = [
    ...(module.package === undefined ? [] : [module.package]),
    ...module.imports,
    ...module.rules,
  ];
  const units: { start: number; end: number; own: number; pure: boolean }[] = [];
  for (const { start, end } of [...places].sort((one, other) => one.start - other.start)) {
    const last = units.at(-1);
    if (last !== undefined && start < last.end) {
      last.pure &&= isBlank(text.slice(last.own, start));
      last.end = end < last.end ? last.end : lineEnd(text, end);
      last.own = Math.max(last.own, end);
    } else {
      const begin = lineStart(text, start);
      units.push({ start: begin, end: lineEnd(text, end), own: end, pure: isBlank(text.slice(begin, start)) });
    }
  }
  return units.filter(({ pure, own, end }) => pure && isBlank(text.slice(own, end)));
}

/** The statements that may be written anew: a name at the start of a line within a string begins none. */
function unitsOutsideStrings(source: ParsedModule): readonly Range[] {
  const units = unitsOf(source);
  if (source.diagnostics.length === 0) return units;
  const strings = source.tokens.filter(({ image }) => image.includes("\n"));
  let next = 0;
  return units.filter(({ start }) => {
    while (strings[next] !== undefined && strings[next]!.startOffset + strings[next]!.image.length <= start) next++;
    return strings[next] === undefined || strings[next]!.startOffset >= start;
  });
}

function touches(unit: Range, text: string, range: Range): boolean {
  const atEnd = range.start === text.length && unit.end === text.length;
  return atEnd || (range.start < unit.end && range.end >= withCommentsAbove(text, unit.start));
}

/** The text of a part below a package and the imports that decide how it is read; undefined when it cannot be read alone. */
function readPart(
  { text, module }: ParsedModule,
  version: RegoVersion,
  { start, end }: Range,
): { readonly parsed: ParsedModule; readonly from: number } | undefined {
  const dialect = module.imports
    .filter((item) => item.end <= start)
    .map((item) => text.slice(item.start, item.end))
    .filter((line) => /^import\s+(?:rego|future)\b/u.test(line));
  const ownPackage = module.package !== undefined && module.package.start >= start && module.package.start < end;
  const header = ownPackage ? "" : `${["package p", ...dialect].join("\n")}\n`;
  const parsed = parseModule(header + text.slice(start, end), { file: "part", version });
  return parsed.diagnostics.length === 0 ? { parsed, from: header.length } : undefined;
}

function formatRun(source: ParsedModule, version: RegoVersion, run: readonly Range[]): FmtPart | undefined {
  const { text } = source;
  const start = withCommentsAbove(text, run[0]!.start);
  const last = run.at(-1)!.end;
  const end = isBlank(text.slice(last)) ? text.length : last;
  const range = { start, end };
  const read = readPart(source, version, range);
  const formatted = read === undefined ? undefined : formatFrom(read.parsed, read.from, source.module, { version });
  if (read === undefined || formatted === undefined || formatted === text.slice(start, end)) return undefined;
  // What formatting gives must still be the same statements with the same comments.
  const header = read.parsed.text.slice(0, read.from);
  const again = parseModule(header + formatted, { file: "part", version });
  const same =
    again.diagnostics.length === 0 &&
    again.module.rules.length === read.parsed.module.rules.length &&
    again.module.comments.length === read.parsed.module.comments.length;
  return same ? { range, text: formatted } : undefined;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Behind the line feed of the line that an offset ends in. */
function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  return feed < 0 ? text.length : feed + 1;
}

/** True for blanks and comments. */
function isBlank(text: string): boolean {
  return /^(?:\s|#[^\n]*(?:\n|$))*$/u.test(text);
}

/** The start of the comments directly above a line. */
function withCommentsAbove(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!/^[^\S\n]*#/u.test(text.slice(above, at))) return at;
    at = above;
  }
  return at;
}
