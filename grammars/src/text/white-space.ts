// White space as Go knows it: with U+0085, which JavaScript does not count, and without the byte-order mark, which it does.

const space = "[\\t-\\r \\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]";
const leading = new RegExp(`^${space}+`, "u");
const isSpace = new RegExp(`^${space}$`, "u");

export function trimStart(text: string): string {
  return text.replace(leading, "");
}

export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

export function trim(text: string): string {
  return trimStart(trimEnd(text));
}
