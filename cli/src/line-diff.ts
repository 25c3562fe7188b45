// What formatting changes, line by line: what goes is red, what comes is green, as `opa fmt --diff` colours it.
import { lineEdits } from "#grammars/text/line-edits.ts";

const red = (text: string): string => `\u001b[31m${text}\u001b[0m`;
const green = (text: string): string => `\u001b[32m${text}\u001b[0m`;

/** A line of a diff in the colour of its mark. */
export const painted = (mark: "-" | "+", line: string): string => (mark === "-" ? red(line) : green(line));

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
