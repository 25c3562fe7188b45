// Building strings: one open text at a time grows at the top of the arena; `textOpen` saves an outer one.

import { alloc, copyBytes, extendInPlace } from "./memory";
import { stringView, lengthOf, pointerOf } from "./word";

let start: usize = 0;
let position: usize = 0;
let end: usize = 0;

/** Begins a text; gives what `textClose` or `textString` needs to go back to the text that was open before. */
export function textOpen(): usize {
  const saved = alloc(12);
  store<u32>(saved, <u32>start);
  store<u32>(saved, <u32>position, 4);
  store<u32>(saved, <u32>end, 8);
  start = alloc(64);
  position = start;
  end = start + 64;
  return saved;
}

/** Makes room for `size` more bytes and gives the place to write; follow with `textAdvance`. */
export function textRoom(size: usize): usize {
  if (position + size > end) {
    const used = position - start;
    let capacity = (end - start) << 1;
    while (capacity < used + size) capacity <<= 1;
    if (!extendInPlace(start, end, start + capacity)) {
      const to = alloc(capacity);
      copyBytes(to, start, used);
      start = to;
      position = to + used;
    }
    end = start + capacity;
  }
  return position;
}

@inline
export function textAdvance(size: usize): void {
  position += size;
}

export function textByte(c: u32): void {
  store<u8>(textRoom(1), <u8>c);
  position++;
}

export function textBytes(from: usize, length: usize): void {
  copyBytes(textRoom(length), from, length);
  position += length;
}

/** Appends the bytes of a string, or the spelling of a number that is held as text. */
export function textSlice(v: u64): void {
  textBytes(pointerOf(v), lengthOf(v));
}

/** Appends an ASCII literal. */
export function textLiteral(s: string): void {
  const from = changetype<usize>(s);
  const length = <usize>s.length;
  const to = textRoom(length);
  for (let i: usize = 0; i < length; i++) store<u8>(to + i, load<u16>(from + (i << 1)));
  position += length;
}

/** Appends the lowest `digits` hexadecimal digits of `n`, 8 at most. */
export function textHex(n: u32, digits: u32): void {
  const to = textRoom(8);
  for (let i: u32 = 0; i < digits; i++) {
    const digit = (n >> ((digits - 1 - i) << 2)) & 15;
    store<u8>(to + i, <u8>(digit < 10 ? 48 + digit : 87 + digit));
  }
  textAdvance(digits);
}

/** Appends a code point as UTF-8. */
export function textCodePoint(c: u32): void {
  const to = textRoom(4);
  position += writeCodePoint(to, c);
}

/** Writes a code point as UTF-8 (1 to 4 bytes); gives the count. */
export function writeCodePoint(to: usize, c: u32): u32 {
  if (c < 0x80) {
    store<u8>(to, <u8>c);
    return 1;
  }
  if (c < 0x800) {
    store<u8>(to, <u8>(0xc0 | (c >> 6)));
    store<u8>(to + 1, <u8>(0x80 | (c & 63)));
    return 2;
  }
  if (c < 0x10000) {
    store<u8>(to, <u8>(0xe0 | (c >> 12)));
    store<u8>(to + 1, <u8>(0x80 | ((c >> 6) & 63)));
    store<u8>(to + 2, <u8>(0x80 | (c & 63)));
    return 3;
  }
  store<u8>(to, <u8>(0xf0 | (c >> 18)));
  store<u8>(to + 1, <u8>(0x80 | ((c >> 12) & 63)));
  store<u8>(to + 2, <u8>(0x80 | ((c >> 6) & 63)));
  store<u8>(to + 3, <u8>(0x80 | (c & 63)));
  return 4;
}

/** Bytes of the open text so far. */
export function textLength(): usize {
  return position - start;
}

/** Where the open text begins; it may move with the next append. */
export function textStart(): usize {
  return start;
}

/** Drops the end of the open text. */
export function textTruncate(length: usize): void {
  position = start + length;
}

/** Ends the text without making a string (its bytes stay at `textStart()` read before). */
export function textClose(saved: usize): void {
  start = load<u32>(saved);
  position = load<u32>(saved, 4);
  end = load<u32>(saved, 8);
}

/** Ends the text and gives it as a string value. */
export function textString(saved: usize): u64 {
  extendInPlace(start, end, position);
  const v = stringView(start, position - start);
  textClose(saved);
  return v;
}

/** Ends the text, adds a NUL and gives its address. */
export function textAddress(saved: usize): usize {
  textByte(0);
  extendInPlace(start, end, position);
  const p = start;
  textClose(saved);
  return p;
}
