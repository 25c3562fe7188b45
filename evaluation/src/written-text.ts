// The text of a term as OPA keeps it: with the parentheses around it, which its place leaves out.
import type { Range } from "#grammars/rego/ast.ts";

/** Words in front of a parenthesis that is no begin of arguments. */
const keywords: ReadonlySet<string> = new Set(["not", "in", "if", "or", "and", "as", "else", "every", "some", "contains"]);

export function writtenText(source: string, { start, end }: Range): string {
  let [from, to] = [start, end];
  // A first operand in parentheses begins behind them.
  for (let left = closedWithin(source, start, end); left > 0; left--) from = openedBefore(source, from) ?? from;
  for (;;) {
    const [open, close] = [openedBefore(source, from), closedBehind(source, to)];
    if (open === undefined || close === undefined || isArguments(source, open)) return source.slice(from, to);
    [from, to] = [open, close];
  }
}

/** How many parentheses are closed in a text that are opened before it. */
function closedWithin(source: string, start: number, end: number): number {
  let open = 0;
  let before = 0;
  for (const [found] of source.slice(start, end).matchAll(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|[()]/gu)) {
    if (found === "(") open++;
    else if (found === ")" && open > 0) open--;
    else if (found === ")") before++;
  }
  return before;
}

function openedBefore(source: string, at: number): number | undefined {
  let end = at;
  while (isSpace(source[end - 1])) end--;
  return source[end - 1] === "(" ? end - 1 : undefined;
}

function closedBehind(source: string, at: number): number | undefined {
  let begin = at;
  while (isSpace(source[begin])) begin++;
  return source[begin] === ")" ? begin + 1 : undefined;
}

function isSpace(char: string | undefined): boolean {
  return char !== undefined && /\s/u.test(char);
}

function isArguments(source: string, open: number): boolean {
  const [before] = /[\p{L}\p{N}_\]]+$/u.exec(source.slice(Math.max(0, open - longestWord), open)) ?? [];
  return before !== undefined && !keywords.has(before);
}

/** Longer than every keyword. */
const longestWord = 10;
