// Comments that begin right behind `#`: `#todo`. Rows of `#` and a shebang on the first line are left alone.
import { matchesPattern } from "../../pattern.ts";
import { fileRule } from "../../rule.ts";

export const noWhitespaceComment = fileRule({
  name: "no-whitespace-comment",
  category: "style",
  description: "Comment should start with whitespace",
  options: { "except-pattern": undefined as string | undefined },
  *check({ module }, { "except-pattern": excepted }) {
    for (const { start, end, text } of module.comments) {
      if (/^#*(?:\s|$)/u.test(text)) continue;
      if (start === 0 && text.startsWith("!")) continue;
      if (typeof excepted === "string" && matchesPattern(text, excepted)) continue;
      const behindHash = { start: start + 1, end: start + 1 };
      const title = "Format comment to have leading whitespace";
      yield { range: { start, end }, fix: { title, edits: [{ range: behindHash, newText: " " }] } };
    }
  },
});
