// Quoted texts as Go writes them.

import { textByte, textBytes, textHex, textLiteral } from "../text";
import { stringView } from "../word";
import { decodeAt, decodedWidth } from "../utf8";
import { textQuoted } from "../json-write";
import { isPrintable } from "../printable";

/** The letters of the escapes from BEL to CR, `abtnvfr`, a byte each. */
const controlLetters: u64 = 0x0072_6676_6e74_6261;

/** Appends the text between quote characters; ASCII only for `%+q`. */
export function textGoQuoted(p: usize, length: usize, quote: u32, ascii: bool): void {
  if (!ascii && quote == 34) {
    textQuoted(stringView(p, length));
    return;
  }
  const end = p + length;
  textByte(quote);
  while (p < end) {
    const c = decodeAt(p, end);
    const w = decodedWidth;
    const first: u32 = load<u8>(p);
    if (c == 0xfffd && w == 1) {
      textLiteral("\\x");
      textHex(first, 2);
    } else if (c == quote || c == 92) {
      textByte(92);
      textByte(c);
    } else if (c >= 7 && c <= 13) {
      textByte(92);
      textByte(<u32>((controlLetters >> ((c - 7) * 8)) & 0xff));
    } else if (c < 0x80 ? isPrintable(c) : !ascii && isPrintable(c)) {
      textBytes(p, w);
    } else if (c < 32 || c == 127) {
      textLiteral("\\x");
      textHex(c, 2);
    } else {
      textLiteral(c < 0x10000 ? "\\u" : "\\U");
      textHex(c, c < 0x10000 ? 4 : 8);
    }
    p += w;
  }
  textByte(quote);
}

/** True for a text that can stand between backquotes. */
export function canBackquote(p: usize, length: usize): bool {
  const end = p + length;
  while (p < end) {
    const c = decodeAt(p, end);
    if ((c == 0xfffd && decodedWidth == 1) || c == 0xfeff || (c < 32 && c != 9) || c == 96 || c == 127) return false;
    p += decodedWidth;
  }
  return true;
}
