// Verbs of strings, and of everything that is handed on as its text.

import { lengthOf, pointerOf } from "../word";
import { textByte, textBytes, textLength, textLiteral } from "../text";
import { decodeAt, decodedWidth } from "../utf8";
import { digit } from "./digits";
import { minus, pad, padding, plus, precision, sharp, sharpV, space, width, zero } from "./layout";
import { canBackquote, textGoQuoted } from "./quotes";

/** False for a verb that strings do not have. */
export function formatString(s: u64, verb: u32): bool {
  const from = textLength();
  if (verb == 120 || verb == 88) {
    formatHexString(s, verb == 88);
    return true;
  }
  if (verb != 118 && verb != 115 && verb != 113) return false;
  let length = <usize>lengthOf(s);
  const p = pointerOf(s);
  if (precision >= 0) {
    let n = precision;
    let q = p;
    while (n > 0 && q < p + length) {
      decodeAt(q, p + length);
      q += decodedWidth;
      n--;
    }
    length = q - p;
  }
  if (verb == 113 || sharpV) {
    if ((sharp || sharpV) && verb == 113 && canBackquote(p, length)) {
      textByte(96);
      textBytes(p, length);
      textByte(96);
    } else {
      textGoQuoted(p, length, 34, plus);
    }
  } else {
    textBytes(p, length);
  }
  pad(from);
  return true;
}

function formatHexString(s: u64, upper: bool): void {
  let length = <i32>lengthOf(s);
  if (precision >= 0 && precision < length) length = precision;
  let columns = length << 1;
  if (columns <= 0) {
    padding(width, zero && !minus ? 48 : 32);
    return;
  }
  if (space) {
    if (sharp) columns <<= 1;
    columns += length - 1;
  } else if (sharp) {
    columns += 2;
  }
  if (width > columns && !minus) padding(width - columns, zero ? 48 : 32);
  if (sharp) textLiteral(upper ? "0X" : "0x");
  for (let i: i32 = 0; i < length; i++) {
    if (space && i > 0) {
      textByte(32);
      if (sharp) textLiteral(upper ? "0X" : "0x");
    }
    const c: u32 = load<u8>(pointerOf(s) + i);
    textByte(digit(c >> 4, upper));
    textByte(digit(c & 15, upper));
  }
  if (width > columns && minus) padding(width - columns, 32);
}
