// Texts that live longer than the one that they are cut from.

/** In V8 a longer slice is no copy but a view, which keeps all of the text that it is of. */
const longestCopy = 12;

/** `text.slice(start, end)` that does not keep the rest of the text. */
export function ownText(text: string, start: number, end: number): string {
  const slice = text.slice(start, end);
  return slice.length > longestCopy ? ` ${slice}`.slice(1) : slice;
}
