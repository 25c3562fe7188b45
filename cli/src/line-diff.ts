// What formatting changes, line by line: what goes is red, what comes is green, as `opa fmt --diff` colours it.
import { lineEdits } from "#features/formatting.ts";

const red = (text: string): string => `\u001b[31m${text}\u001b[0m`;
const green = (text: string): string => `\u001b[32m${text}\u001b[0m`;

/** The old text with the lines that go and the lines that come. */
export function lineDiff(before: string, after: string): string {
  let shown = "";
  let at = 0;
  for (const { range, newText } of lineEdits(before, after)) {
    shown += before.slice(at, range.start);
    if (range.end > range.start) shown += red(before.slice(range.start, range.end));
    if (newText !== "") shown += green(newText);
    at = range.end;
  }
  return shown + before.slice(at);
}

const context = 3;

/** Two texts of one file as a unified diff, in colour for a terminal. */
export function unifiedDiff(path: string, before: string, after: string, coloured: boolean): string {
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
      shown += `${!coloured || mark === " " ? line : mark === "-" ? red(line) : green(line)}\n`;
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
