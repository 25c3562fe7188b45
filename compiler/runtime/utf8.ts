// UTF-8 as Go reads it: a byte that does not begin a valid sequence is one U+FFFD of width 1.

/** Bytes of the code point that the last `decodeAt` read. */
export let decodedWidth: u32 = 0;

/** The code point at `p` (before `end`), or 0xFFFD with `decodedWidth` 1 for an invalid byte. */
export function decodeAt(p: usize, end: usize): u32 {
  const a: u32 = load<u8>(p);
  decodedWidth = 1;
  if (a < 0x80) return a;
  const left = <u32>(end - p);
  if (a < 0xc2 || a > 0xf4 || left < 2) return 0xfffd;
  const b: u32 = load<u8>(p + 1);
  if ((b & 0xc0) != 0x80) return 0xfffd;
  if (a < 0xe0) {
    decodedWidth = 2;
    return ((a & 31) << 6) | (b & 63);
  }
  if (left < 3) return 0xfffd;
  const c: u32 = load<u8>(p + 2);
  if ((c & 0xc0) != 0x80) return 0xfffd;
  if (a < 0xf0) {
    if ((a == 0xe0 && b < 0xa0) || (a == 0xed && b >= 0xa0)) return 0xfffd;
    decodedWidth = 3;
    return ((a & 15) << 12) | ((b & 63) << 6) | (c & 63);
  }
  if (left < 4) return 0xfffd;
  const d: u32 = load<u8>(p + 3);
  if ((d & 0xc0) != 0x80 || (a == 0xf0 && b < 0x90) || (a == 0xf4 && b >= 0x90)) return 0xfffd;
  decodedWidth = 4;
  return ((a & 7) << 18) | ((b & 63) << 12) | ((c & 63) << 6) | (d & 63);
}

/** Code points in the text, invalid bytes counting one each. */
export function countCodePoints(p: usize, length: usize): u32 {
  const end = p + length;
  let n: u32 = 0;
  while (p < end) {
    if (load<u8>(p) < 0x80) {
      p++;
    } else {
      decodeAt(p, end);
      p += decodedWidth;
    }
    n++;
  }
  return n;
}
