// One fault is told once: what only follows from a string or bracket that is not closed is left out.
import type { Diagnostic } from "#grammars/diagnostic.ts";

/** The findings of a HOCON text, in order, without those that an unclosed string or bracket before them explains. */
export function withoutEchoes(found: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  const strings = found.filter(({ code }) => code === "hocon_open_string");
  const brackets = found.filter(({ code }) => code === "hocon_open_bracket");
  if (strings.length + brackets.length === 0) return found;
  const sameLine = (from: number, to: number): boolean => from <= to && !text.slice(from, to).includes("\n");
  // A string that runs to the end of its line takes the closing brackets of the line with it.
  const swallowed = brackets.filter(({ range }) => strings.some((string) => sameLine(range.start, string.range.start)));
  return found.filter((one) => {
    if (swallowed.includes(one)) return false;
    if (one.code !== "hocon_reserved_character") return true;
    const isSeparator = /^[=:]$/u.test(text.slice(one.range.start, one.range.end));
    return !(isSeparator && brackets.some(({ range }) => range.start < one.range.start));
  });
}
