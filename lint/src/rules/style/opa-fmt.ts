// Files that `opa fmt` would write in another way.
import { formatParsed } from "#analysis/rego/fmt.ts";
import { type Found, fileRule } from "../../rule.ts";

export const opaFmt = fileRule({
  name: "opa-fmt",
  category: "style",
  description: "File should be formatted with `opa fmt`",
  check({ parsed, text, module: { version }, lines }): readonly Found[] {
    const formatted = formatParsed(parsed, { from: version });
    // What ends the lines is no matter of layout.
    if ("text" in formatted && formatted.text === text.replaceAll("\r\n", "\n")) return [];
    const range = { start: 0, end: lines.lineText(0).length };
    const better = version === "v0" ? formatParsed(parsed, { from: "v0", upTo: "v1" }) : formatted;
    if (!("text" in better) || better.text === text) return [{ range }];
    const edits = [{ range: { start: 0, end: text.length }, newText: better.text }];
    return [{ range, fix: { title: "Format using opa-fmt", edits } }];
  },
});
