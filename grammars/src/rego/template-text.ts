// Where the text of a template string ends: at its quote or at a hole, and one that stays open with its line, as other strings do.

/** The end of the text that begins at a place, for any number of places of one text. */
export function templateTexts(text: string): (quote: string, start: number) => number {
  let lastBackquote: number | undefined;
  return (quote, start) => {
    lastBackquote ??= text.lastIndexOf("`");
    const inLine = quote === '"' || lastBackquote < start;
    let at = start;
    while (at < text.length) {
      const char = text[at]!;
      if (char === quote || char === "{" || (char === "\n" && inLine)) break;
      at += char === "\\" ? 2 : 1;
    }
    return Math.min(at, text.length);
  };
}
