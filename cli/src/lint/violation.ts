// A lint finding as reports show it; names as in Regal's JSON.
import type { LintFinding } from "#lint/lint.ts";
import type { ToldNotice } from "#lint/notices.ts";
import { categories } from "#lint/rule.ts";
import { pageOf } from "#lint/rule-page.ts";

export interface Violation {
  readonly title: string;
  readonly description: string;
  readonly category: string;
  /** The page that the rule itself names. */
  readonly page: string | undefined;
  readonly level: string;
  /** Empty where a finding is about the project; rows are 0 where it is about a file as a whole. */
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly end: { readonly row: number; readonly col: number } | undefined;
  /** The whole line. */
  readonly text: string | undefined;
  readonly hasFix: boolean;
}

export interface LintReport {
  /** In the order of files, rows and columns. */
  readonly violations: readonly Violation[];
  readonly filesScanned: number;
  /** Why rules look at nothing. */
  readonly notices: readonly ToldNotice[];
}

export function violationsOf(findings: readonly LintFinding[]): readonly Violation[] {
  return findings
    .map(violationOf)
    .sort(
      (a, b) =>
        compare(a.file, b.file) || a.row - b.row || a.col - b.col || compare(a.category, b.category) || compare(a.title, b.title),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function violationOf({ rule, message, category, level, file, range, fix, moveTo, page }: LintFinding): Violation {
  const place =
    file === undefined || range === undefined
      ? { row: 0, col: 0, end: undefined, text: undefined }
      : {
          ...file.lines.rowColOfEnd(range.start),
          end: file.lines.rowColOfEnd(range.end),
          text: file.lines.lineText(file.lines.lineOf(range.start)),
        };
  return {
    title: rule,
    description: message,
    category,
    level,
    file: file?.path ?? "",
    page,
    ...place,
    hasFix: fix !== undefined || moveTo !== undefined,
  };
}

/** `policy.rego:3:5`, or the file alone. */
export function placeText({ file, row, col }: Violation): string {
  return row === 0 && col === 0 ? file : `${file}:${row}:${col}`;
}

/** The page about the rule; of our own rules the one that comes with the program, of those of the project the one that they name. */
export function documentationOf({ category, title, page }: Violation): string | undefined {
  if (!categories.some((one) => one === category)) return page;
  return pageOf({ category, name: title }) ?? `docs/lint/${title}.md`;
}

/** The notices of rules that somebody would expect to be asked. */
export function skippedRules({ notices }: LintReport): readonly ToldNotice[] {
  return notices.filter(({ severity }) => severity !== "none");
}

/** The files with violations. */
export function failedFiles({ violations }: LintReport): number {
  return new Set(violations.map(({ file }) => file)).size;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
