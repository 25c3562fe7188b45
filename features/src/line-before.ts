// What completion reads of the line that it is asked in.

/** Of longer lines only the end is looked at. */
const longestLine = 2_000;

/** The line up to an offset; the end of a very long one stands behind a sign that no start of a line has. */
export function lineBefore(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return offset - start <= longestLine ? text.slice(start, offset) : `…${text.slice(offset - longestLine, offset)}`;
}
