// Numbers as values: integers inline or as digits, everything else as its decimal text. Order and hash are exact:
// they read the texts as decimal fractions and never go through floating point.

import { alloc, copyBytes } from "./memory";
import { INTEGER_MAX, INTEGER_MIN, TAG_NUMBER, integerOf, isInteger, lengthOf, pointerOf, slice, smallInteger, tagOf, TAG_INTEGER } from "./word";
import { compareBytes, mix } from "./bytes";
import { respell, respelledFrom, respelledLength } from "./numbers/respelling";

/** A number from any i64. */
export function integer(n: i64): u64 {
  if (n >= INTEGER_MIN && n <= INTEGER_MAX) return smallInteger(n);
  const p = alloc(24);
  const length = writeInteger(p, n);
  return slice(p, length, TAG_NUMBER);
}

function writeDigits(to: usize, count: u32, n: u32): void {
  for (let i: u32 = count; i > 0; i--) {
    const rest = n / 10;
    store<u8>(to + i - 1, <u8>(48 + n - rest * 10));
    n = rest;
  }
}

/** Writes the decimal digits of `n` (at most 20 bytes); gives their count. */
export function writeInteger(to: usize, n: i64): u32 {
  let u: u64 = n < 0 ? 0 - <u64>n : <u64>n;
  let p = to;
  if (n < 0) {
    store<u8>(p, 45);
    p++;
  }
  let digits: u32 = 1;
  for (let t: u64 = 10; digits < 20 && u >= t; t *= 10) digits++;
  // 32 bits divide faster than 64: nine digits at a time.
  let i: u32 = digits;
  while (i > 9) {
    const rest = u / 1000000000;
    writeDigits(p + i - 9, 9, <u32>(u - rest * 1000000000));
    u = rest;
    i -= 9;
  }
  writeDigits(p, i, <u32>u);
  return <u32>(p - to) + digits;
}

/** Not zero once there was a number that has other spellings than that of its value: `1.0`, `1e2`, `-0`. It stays with loaded data. */
export const unusual_spellings: usize = memory.data(4);

// An exponent, a zero behind the point or at its end, a sign before zero: others have one spelling for each value.
function noteSpelling(p: usize, length: u32): void {
  let point = false;
  for (let i: u32 = 0; i < length; i++) {
    const c: u32 = load<u8>(p + i);
    if (c == 46) point = true;
    else if ((c | 32) == 101) {
      store<u32>(unusual_spellings, 1);
      return;
    }
  }
  const last: u32 = length == 0 ? 0 : <u32>load<u8>(p + length - 1);
  if (last == 48 && (point || length == 2)) store<u32>(unusual_spellings, 1);
}

/** A number from its decimal text, which must be a valid number; the text is viewed, not copied, and must stay. */
export function numberView(p: usize, length: u32): u64 {
  if (length > 0 && length <= 19) {
    let i: u32 = 0;
    const negative = load<u8>(p) == 45;
    if (negative) i++;
    const first: u32 = load<u8>(p + i);
    // Leading zeros and -0 are spellings to keep.
    if (i < length && (first != 48 || (length == 1))) {
      let n: i64 = 0;
      while (i < length) {
        const d = <u32>load<u8>(p + i) - 48;
        if (d > 9) break;
        n = n * 10 + d;
        i++;
      }
      if (i == length) {
        if (negative) n = -n;
        if (n >= INTEGER_MIN && n <= INTEGER_MAX) return smallInteger(n);
      }
    }
  }
  if (load<u32>(unusual_spellings) == 0) noteSpelling(p, length);
  return slice(p, length, TAG_NUMBER);
}

/** As `numberView`, with a copy of the text when it has to be kept. */
export function numberFromText(p: usize, length: u32): u64 {
  const v = numberView(p, length);
  if (isInteger(v)) return v;
  const to = alloc(length);
  copyBytes(to, p, length);
  return slice(to, length, TAG_NUMBER);
}

// A text taken apart: sign, significant digits without leading and trailing zeros (they may still hold the point) and
// the power of ten of the first one. The last call's result stays here.
export let partFrom: usize = 0;
export let partTo: usize = 0;
export let partExponent: i64 = 0;
export let partNegative: bool = false;

export function takeApart(p: usize, length: u32): void {
  const start = p;
  const end = p + length;
  let first: u32 = load<u8>(p);
  partNegative = first == 45;
  if (first == 45 || first == 43) p++;
  partFrom = 0;
  partTo = 0;
  let digits: i64 = 0;
  let firstDigit: i64 = 0;
  let beforePoint: i64 = -1;
  let q = p;
  for (; q < end; q++) {
    const c: u32 = load<u8>(q);
    if (c == 46) {
      beforePoint = digits;
    } else if (c - 48 <= 9) {
      if (c != 48) {
        if (partFrom == 0) {
          partFrom = q;
          firstDigit = digits;
        }
        partTo = q + 1;
      }
      digits++;
    } else if (c == 95 || (c | 32) == 120) {
      respell(start, length);
      takeApart(respelledFrom, respelledLength);
      return;
    } else {
      break;
    }
  }
  if (beforePoint < 0) beforePoint = digits;
  if (partFrom == 0) {
    partNegative = false;
    partExponent = 0;
    return;
  }
  let written: i64 = 0;
  if (q < end) {
    q++;
    const sign: u32 = q < end ? <u32>load<u8>(q) : 0;
    if (sign == 45 || sign == 43) q++;
    for (; q < end; q++) {
      const d = <u32>load<u8>(q) - 48;
      // An underscore, as in what `to_number` reads.
      if (d == 47) continue;
      if (d > 9) break;
      if (written < 1000000000000) written = written * 10 + d;
    }
    if (sign == 45) written = -written;
  }
  partExponent = beforePoint - 1 - firstDigit + written;
}

function compareDigits(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  while (a < aEnd && b < bEnd) {
    const x: u32 = load<u8>(a);
    if (x == 46) {
      a++;
      continue;
    }
    const y: u32 = load<u8>(b);
    if (y == 46) {
      b++;
      continue;
    }
    if (x != y) return x < y ? -1 : 1;
    a++;
    b++;
  }
  if (a < aEnd) return 1;
  return b < bEnd ? -1 : 0;
}

// Digits alone, the first one no zero.
function isPlain(p: usize, length: u32): bool {
  if (load<u8>(p) == 48) return false;
  let left: i32 = length;
  for (; left > 0; left -= 8) {
    let w = load<u64>(p);
    if (left < 8) w = (w << (<u64>(8 - left) << 3)) | (<u64>0x3030303030303030 >> (<u64>left << 3));
    // Six more than a digit stays below the next sixteen.
    if (((w & 0xf0f0f0f0f0f0f0f0) ^ 0x3030303030303030) != 0 || (((w + 0x0606060606060606) ^ w) & 0xf0f0f0f0f0f0f0f0) != 0) return false;
    p += 8;
  }
  return true;
}

function compareTexts(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  if (isPlain(a, aLength) && isPlain(b, bLength)) {
    return aLength == bLength ? compareBytes(a, aLength, b, bLength) : aLength < bLength ? -1 : 1;
  }
  takeApart(a, aLength);
  const aFrom = partFrom;
  const aTo = partTo;
  const aExponent = partExponent;
  const aNegative = partNegative;
  takeApart(b, bLength);
  if (aFrom == 0) return partFrom == 0 ? 0 : partNegative ? 1 : -1;
  if (partFrom == 0) return aNegative ? -1 : 1;
  if (aNegative != partNegative) return aNegative ? -1 : 1;
  const larger: i32 = aNegative ? -1 : 1;
  if (aExponent != partExponent) return aExponent < partExponent ? -larger : larger;
  const c = compareDigits(aFrom, aTo, partFrom, partTo);
  return c == 0 ? 0 : c < 0 ? -larger : larger;
}

// Room for the digits of an inline integer while it is compared with a text.
const digitsOfInteger: usize = memory.data(24);

/** -1, 0 or 1 by numeric value, whatever the spelling. */
export function compareNumbers(a: u64, b: u64): i32 {
  if (isInteger(a)) {
    if (isInteger(b)) {
      const x = integerOf(a);
      const y = integerOf(b);
      return x == y ? 0 : x < y ? -1 : 1;
    }
    const length = writeInteger(digitsOfInteger, integerOf(a));
    return compareTexts(digitsOfInteger, length, pointerOf(b), lengthOf(b));
  }
  if (isInteger(b)) return -compareNumbers(b, a);
  return compareTexts(pointerOf(a), lengthOf(a), pointerOf(b), lengthOf(b));
}

/** The i64 that a number denotes in any spelling (`5`, `5.0`, `5e0`), flagged by `lastIntegral`. */
export function integralValue(v: u64): i64 {
  lastIntegral = true;
  if (tagOf(v) == TAG_INTEGER) return integerOf(v);
  takeApart(pointerOf(v), lengthOf(v));
  if (partFrom == 0) return 0;
  if (partExponent >= 0 && partExponent <= 18) {
    let n: u64 = 0;
    let place = partExponent;
    for (let p = partFrom; p < partTo; p++) {
      const d = <u32>load<u8>(p) - 48;
      if (d > 9) continue;
      if (place < 0) {
        lastIntegral = false;
        return 0;
      }
      n = n * 10 + d;
      place--;
    }
    for (; place >= 0; place--) n *= 10;
    if (n <= <u64>i64.MAX_VALUE) return partNegative ? -<i64>n : <i64>n;
  }
  lastIntegral = false;
  return 0;
}

// The one i64 whose magnitude is none.
function leastInteger(v: u64): i64 {
  const p = pointerOf(v);
  if (lengthOf(v) != 20 || load<u8>(p) != 45) return 0;
  let n: u64 = 0;
  for (let i: usize = 1; i < 20; i++) {
    const d = <u32>load<u8>(p + i) - 48;
    if (d > 9) return 0;
    n = n * 10 + d;
  }
  lastIntegral = n == <u64>1 << 63;
  return lastIntegral ? i64.MIN_VALUE : 0;
}

/** The i64 of a number that is spelled by digits and a point, in 19 characters at most: what OPA takes for an index or a count. */
export function plainInteger(v: u64): i64 {
  const n = integralValue(v);
  if (!lastIntegral) return leastInteger(v);
  if (tagOf(v) == TAG_INTEGER) return n;
  let p = pointerOf(v);
  const end = p + lengthOf(v);
  if (load<u8>(p) == 45 || load<u8>(p) == 43) p++;
  if (end - p > 19) lastIntegral = false;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (c - 48 > 9 && c != 46) lastIntegral = false;
  }
  return n;
}

/** Whether the number last given to `integralValue` or `plainInteger` is an integer that fits in 64 bits. */
export let lastIntegral: bool = false;

@inline
export function hashInteger(v: u64): u64 {
  return mix(<u64>integerOf(v) + 0x51ed270b);
}

export function hashNumber(v: u64): u64 {
  const n = integralValue(v);
  if (lastIntegral) return mix(<u64>n + 0x51ed270b);
  takeApart(pointerOf(v), lengthOf(v));
  let h: u64 = <u64>partExponent + (partNegative ? 0x77 : 0);
  for (let p = partFrom; p < partTo; p++) {
    const c: u32 = load<u8>(p);
    if (c != 46) h = h * 31 + c;
  }
  return mix(h);
}
