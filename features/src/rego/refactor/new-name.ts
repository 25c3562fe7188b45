// Where the name that a refactoring brings stands first in the new text.
import { withEdits } from "#grammars/text/edits.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Refactoring } from "./refactoring.ts";

/** Line and UTF-16 column, from 0; undefined where it brings none. */
export function placeOfName(
  { path, text }: SourceFile,
  { edits, name }: Refactoring,
): { readonly line: number; readonly character: number } | undefined {
  if (name === undefined) return undefined;
  const own = edits.filter(({ file = path }) => file === path).toSorted((a, b) => a.range.start - b.range.start);
  const word = new RegExp(`(?<![\\w.])${name}(?!\\w)`, "u");
  let shift = 0;
  for (const { range, newText } of own) {
    const at = newText.search(word);
    if (at >= 0) {
      const before = withEdits(text, own)
        .slice(0, range.start + shift + at)
        .split("\n");
      return { line: before.length - 1, character: before.at(-1)!.length };
    }
    shift += newText.length - (range.end - range.start);
  }
  return undefined;
}
