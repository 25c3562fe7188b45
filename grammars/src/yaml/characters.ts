// The character classes of YAML, by character; the empty text stands for the end.
import { byteLength } from "../text/broken-bytes.ts";

export function isBreak(char: string): boolean {
  return char === "\n" || char === "\r" || char === "\u0085" || char === "\u2028" || char === "\u2029";
}

export function isBlank(char: string): boolean {
  return char === " " || char === "\t";
}

/** A blank, a line break or the end. */
export function endsWord(char: string): boolean {
  return char === "" || isBlank(char) || isBreak(char);
}

export function isWordCharacter(char: string): boolean {
  return /^[0-9A-Za-z_-]$/u.test(char);
}

/** What is no blank, no break, no half of an astral character and none of `others`: most of any scalar. */
const textBut = (others: string) => {
  const codes = new Set([...others].map((char) => char.charCodeAt(0)));
  return (code: number): boolean =>
    code < 0x7f ? code > 0x20 && !codes.has(code) : code > 0x85 && code < 0xd800 && code !== 0x2028 && code !== 0x2029;
};
/** What neither ends a plain scalar nor may end one. */
export const isPlainText = textBut("#:,?[]{}");
/** What stands for itself between quotes of both kinds. */
export const isQuotedText = textBut("'\"\\");

const refused = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/u;

/** Why the text cannot be read at all: control characters, or bytes that are no UTF-8 (lone low surrogates here). */
export function characterFault(text: string): string | undefined {
  const broken = /\p{Surrogate}/u.exec(text);
  const control = refused.exec(text);
  if (broken !== null && (control === null || broken.index < control.index)) {
    const byte = broken[0].charCodeAt(0) - 0xdc00;
    if (byte < 0xc0 || byte >= 0xf8) return "yaml: invalid leading UTF-8 octet";
    const width = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return byteLength(text.slice(broken.index, broken.index + width)) < width
      ? "yaml: incomplete UTF-8 octet sequence"
      : "yaml: invalid trailing UTF-8 octet";
  }
  return control === null ? undefined : "yaml: control characters are not allowed";
}
