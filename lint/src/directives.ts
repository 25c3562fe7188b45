// `# regal ignore:rule-a,rule-b`: the rules that are off on the line of the comment and on the line below it.
import type { LintFile } from "./lint-file.ts";

export interface Directive {
  /** From 1. */
  readonly row: number;
  readonly rules: ReadonlySet<string>;
}

const marker = "regal ignore:";

/** The directives of a file by their rows. */
export function directivesOf(file: LintFile): ReadonlyMap<number, Directive> {
  const found = new Map<number, Directive>();
  for (const comment of file.module.comments) {
    const at = comment.text.lastIndexOf(marker);
    if (at < 0) continue;
    const { row } = file.lines.rowCol(comment.start);
    const names = comment.text.slice(at + marker.length).trim();
    found.set(row, { row, rules: new Set(names.split(/,\s*/u)) });
  }
  return found;
}

/** True when a directive switches off the rule for what begins in this row. */
export function isIgnored(directives: ReadonlyMap<number, Directive>, rule: string, row: number): boolean {
  return (directives.get(row)?.rules.has(rule) ?? false) || (directives.get(row - 1)?.rules.has(rule) ?? false);
}
