// Where Regal says that a name ends which it finds by looking at all files: it takes the row as text.
import type { Range } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";

/** From the start of a node to the first parenthesis of its row, else to the first blank, else to the end of the row. */
export function shownName(file: LintFile, { start }: Range): Range {
  const { lines } = file;
  const line = lines.lineOf(start);
  const rest = lines.lineText(line).slice(start - lines.lineStart(line));
  const [parenthesis, blank] = [rest.indexOf("("), rest.indexOf(" ")];
  const length = parenthesis >= 0 ? parenthesis : blank >= 0 ? blank : rest.length;
  return { start, end: start + length };
}
