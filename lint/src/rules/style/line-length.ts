// Lines longer than `max-line-length`, in characters.
import { fileRule } from "../../rule.ts";

export const lineLength = fileRule({
  name: "line-length",
  category: "style",
  description: "Line too long",
  options: { "max-line-length": 120, "non-breakable-word-threshold": undefined as number | undefined },
  *check({ lines }, { "max-line-length": most, "non-breakable-word-threshold": threshold = Infinity }) {
    for (let line = 0; line < lines.lineCount; line++) {
      const start = lines.lineStart(line);
      if (lines.lineStart(line + 1) - start <= most) continue;
      const text = lines.lineText(line);
      if (characters(text) <= most || text.split(" ").some((word) => characters(word) > threshold)) continue;
      // Regal counts the last character out.
      yield { start, end: start + text.length - 1 };
    }
  },
});

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
