// Byte strings: equality, order and hash, eight bytes at a time. Reads may pass the end by up to 7 bytes.

import { pointerOf, lengthOf } from "./word";

/** Both slices must have the same length. */
export function sameBytes(a: usize, b: usize, length: u32): bool {
  let left = length;
  // Most texts differ at once or are short.
  while (left > 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    left -= 8;
  }
  if (left == 0) return true;
  return (load<u64>(a) ^ load<u64>(b)) << ((8 - left) << 3) == 0;
}

/** -1, 0 or 1 by bytes, then by length. */
export function compareBytes(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const shared = aLength < bLength ? aLength : bLength;
  let i: u32 = 0;
  while (i < shared) {
    const x = load<u64>(a + i);
    const y = load<u64>(b + i);
    if (x != y) {
      // The first differing byte is the lowest one; it counts only if it lies within both texts.
      const bit = <u32>ctz(x ^ y) & 56;
      if (i + (bit >> 3) >= shared) break;
      return ((x >> bit) & 255) < ((y >> bit) & 255) ? -1 : 1;
    }
    i += 8;
  }
  if (aLength == bLength) return 0;
  return aLength < bLength ? -1 : 1;
}

@inline
export function mix(h: u64): u64 {
  h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15;
  return h ^ (h >> 29);
}

export function hashBytes(p: usize, length: u32): u64 {
  let h: u64 = 0x2545f4914f6cdd1d + length;
  let left = length;
  while (left > 8) {
    h = (h ^ load<u64>(p)) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
    p += 8;
    left -= 8;
  }
  if (left > 0) {
    h = (h ^ (load<u64>(p) << ((8 - left) << 3))) * 0x9e3779b97f4a7c15;
  }
  // The last bytes stand in the highest bits, which a product alone does not bring down.
  return mix(h);
}

/** True when the string equals the ASCII literal. */
export function stringIs(v: u64, text: string): bool {
  if (lengthOf(v) != <u32>text.length) return false;
  const p = pointerOf(v);
  const t = changetype<usize>(text);
  for (let i: u32 = 0; i < lengthOf(v); i++) {
    if (<u32>load<u8>(p + i) != <u32>load<u16>(t + (i << 1))) return false;
  }
  return true;
}
