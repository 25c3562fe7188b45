// Where a line of an earlier text is after edits: decisions of a version that could be evaluated stay at their rules.
import type { Range } from "#protocol/messages.ts";

/** One edit, as the editor tells it. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** The range after an edit: moved by the lines that came or went before it; its columns stay. */
export function moved(range: Range, { range: replaced, text }: Edit): Range {
  const { start, end } = replaced;
  const at = range.start;
  const isBefore = end.line < at.line || (end.line === at.line && end.character <= at.character);
  if (!isBefore) {
    // The line was taken away: its decision waits where the text is now.
    const lines = at.line > start.line ? start.line - at.line : 0;
    return lines === 0 ? range : shift(range, lines);
  }
  const lines = text.split(/\r\n|\r|\n/u).length - 1 - (end.line - start.line);
  return lines === 0 ? range : shift(range, lines);
}

function shift({ start, end }: Range, lines: number): Range {
  return { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } };
}
