// `# regal ignore:rule-a,rule-b`: the rules that are off on the line of the comment and on the line below it.
import type { LintFile } from "./lint-file.ts";

export interface Directive {
  /** From 1. */
  readonly row: number;
  readonly rules: ReadonlySet<string>;
}

const marker = "regal ignore:";

/** The names of rules in the text of a comment, with their places; undefined for one that is no directive. */
export function namesInDirective(comment: string): readonly { readonly name: string; readonly start: number }[] | undefined {
  const at = comment.lastIndexOf(marker);
  if (at < 0) return undefined;
  const from = at + marker.length;
  return [...comment.slice(from).matchAll(/[^,\s](?:[^,]*[^,\s])?/gu)].map(({ 0: name, index }) => ({
    name,
    start: from + index,
  }));
}

/** The directives of a file by their rows. */
export function directivesOf(file: LintFile): ReadonlyMap<number, Directive> {
  const found = new Map<number, Directive>();
  for (const comment of file.module.comments) {
    const names = namesInDirective(comment.text);
    if (names === undefined) continue;
    const { row } = file.lines.rowCol(comment.start);
    found.set(row, { row, rules: new Set(names.map(({ name }) => name)) });
  }
  return found;
}

/** True when a directive switches off the rule for what begins in this row. */
export function isIgnored(directives: ReadonlyMap<number, Directive>, rule: string, row: number): boolean {
  return (directives.get(row)?.rules.has(rule) ?? false) || (directives.get(row - 1)?.rules.has(rule) ?? false);
}
