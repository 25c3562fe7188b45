// Text that is longer than a string can be: written in portions.

/** Characters that are written at once. */
const portion = 1 << 20;

/** Writes what is added, a portion at a time; `end` writes the rest. */
export function inPortions(write: (text: string) => void): { readonly add: (piece: string) => void; readonly end: () => void } {
  let text = "";
  const end = (): void => {
    write(text);
    text = "";
  };
  const add = (piece: string): void => {
    text += piece;
    if (text.length >= portion) end();
  };
  return { add, end };
}
