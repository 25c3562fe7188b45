// Unified diffs, as `diff -u` writes them.
import { lineEdits } from "./line-edits.ts";

const context = 3;

/** Two texts of one file as a unified diff; `paint` colours a line that goes or comes. */
export function unifiedDiff(
  path: string,
  before: string,
  after: string,
  paint: (mark: "-" | "+", line: string) => string = (_, line) => line,
): string {
  const rows: { readonly mark: " " | "-" | "+"; readonly text: string }[] = [];
  const add = (mark: " " | "-" | "+", text: string): void => {
    for (const line of text.split(/(?<=\n)/u)) if (line !== "") rows.push({ mark, text: line.replace(/\r?\n$/u, "") });
  };
  let at = 0;
  for (const { range, newText } of lineEdits(before, after, false)) {
    add(" ", before.slice(at, range.start));
    add("-", before.slice(range.start, range.end));
    add("+", newText);
    at = range.end;
  }
  add(" ", before.slice(at));
  const near = rows.map((_, row) => rows.slice(Math.max(0, row - context), row + context + 1).some(({ mark }) => mark !== " "));
  let shown = `--- a/${path}\n+++ b/${path}\n`;
  let [old, now] = [1, 1];
  for (const [row, { mark, text }] of rows.entries()) {
    if (near[row]) {
      if (!near[row - 1]) shown += hunkHead(rows, near, row, old, now);
      const line = `${mark}${text}`;
      shown += `${mark === " " ? line : paint(mark, line)}\n`;
    }
    if (mark !== "+") old++;
    if (mark !== "-") now++;
  }
  return shown;
}

function hunkHead(
  rows: readonly { readonly mark: string }[],
  near: readonly boolean[],
  from: number,
  old: number,
  now: number,
): string {
  const end = near.indexOf(false, from);
  const hunk = rows.slice(from, end < 0 ? rows.length : end);
  const count = (other: string): number => hunk.filter(({ mark }) => mark !== other).length;
  return `@@ -${old},${count("+")} +${now},${count("-")} @@\n`;
}
