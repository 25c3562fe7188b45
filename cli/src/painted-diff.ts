// Differences in colour: what goes is red, what comes is green.
import { characterDiff } from "#grammars/text/character-diff.ts";

const red = (text: string): string => `\u001b[31m${text}\u001b[0m`;
const green = (text: string): string => `\u001b[32m${text}\u001b[0m`;

/** A line of a diff in the colour of its mark. */
export const painted = (mark: "-" | "+", line: string): string => (mark === "-" ? red(line) : green(line));

/** The text with the characters that go and those that come, as `opa fmt --diff` prints it. */
export function paintedDiff(before: string, after: string): string {
  return characterDiff(before, after)
    .map(({ kind, text }) => {
      if (kind === "equal") return text;
      return text
        .split("\n")
        .map(kind === "delete" ? red : green)
        .join("\n");
    })
    .join("");
}
