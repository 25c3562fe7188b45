// Line ends inside of brackets.

/**
 * The line ends inside the first brackets of the kind, and inside the brackets to skip before them; -1 when one of both does not close.
 * As in OPA, line ends outside of both don't count, and strings are not told apart.
 */
export function rowsInside(text: string, open: string, close: string, skip = ""): number {
  const skipped = skip === "" ? { rows: 0, end: 0 } : bracketsFrom(text, skip[0]!, skip[1]!, 0);
  const found = skipped === undefined ? undefined : bracketsFrom(text, open, close, skipped.end);
  return skipped === undefined || found === undefined ? -1 : skipped.rows + found.rows;
}

function bracketsFrom(text: string, open: string, close: string, from: number): { rows: number; end: number } | undefined {
  let at = text.indexOf(open, from);
  if (at < 0) return undefined;
  let rows = 0;
  for (let depth = 1; depth > 0; ) {
    at++;
    if (at >= text.length) return undefined;
    if (text[at] === open) depth++;
    else if (text[at] === close) depth--;
    else if (text[at] === "\n") rows++;
  }
  return { rows, end: at };
}
