// Binary floating point as Go's big.Float has it: a magnitude times a power of two, rounded to the nearest (ties to even)
// at 64 bits unless an operand has more. Records of 16 bytes: magnitude, exponent of two, negative, precision.

import { alloc } from "../memory";
import { TAG_INTEGER, integerOf, lengthOf, pointerOf, tagOf } from "../word";
import { partExponent, partFrom, partNegative, partTo, takeApart, numberFromText } from "../number";
import {
  add, anyBelow, bitAt, bitLength, compareMagnitudes, digitsEnd, divide, fromDigits, fromU64, isZero, multiply, powerOfFive,
  remainder, shiftLeft, shiftRight, subtract, toDigits,
} from "./magnitude";

export function makeFloat(magnitude: usize, exponent: i32, negative: bool, precision: u32): usize {
  const f = alloc(16);
  store<u32>(f, <u32>magnitude);
  store<i32>(f, exponent, 4);
  store<u32>(f, negative ? 1 : 0, 8);
  store<u32>(f, precision, 12);
  return f;
}

@inline
export function magnitudeOf(f: usize): usize {
  return load<u32>(f);
}

@inline
export function exponentOf(f: usize): i32 {
  return load<i32>(f, 4);
}

@inline
export function isNegative(f: usize): bool {
  return load<u32>(f, 8) != 0;
}

@inline
function precisionOf(f: usize): u32 {
  return load<u32>(f, 12);
}

/** Rounds magnitude * 2^exponent; `inexact`: there is a rest below the lowest bit. */
function round(magnitude: usize, exponent: i32, negative: bool, precision: u32, inexact: bool): usize {
  const bits = bitLength(magnitude);
  if (bits <= precision) return makeFloat(magnitude, exponent, negative, precision);
  const drop = bits - precision;
  let kept = shiftRight(magnitude, drop);
  if (bitAt(magnitude, drop - 1) && (inexact || anyBelow(magnitude, drop - 1) || bitAt(kept, 0))) kept = add(kept, fromU64(1));
  return makeFloat(kept, exponent + <i32>drop, negative, precision);
}

// A power of five for scaling decimals, at 128 bits as Go takes it.
function scaledPower(n: u32, precision: u32): usize {
  if (n <= 27) return makeFloat(powerOfFive(n), 0, false, precision);
  let z = makeFloat(powerOfFive(27), 0, false, precision);
  let f = makeFloat(fromU64(5), 0, false, precision + 64);
  n -= 27;
  while (n > 0) {
    if ((n & 1) != 0) z = round(multiply(magnitudeOf(z), magnitudeOf(f)), exponentOf(z) + exponentOf(f), false, precision, false);
    f = round(multiply(magnitudeOf(f), magnitudeOf(f)), exponentOf(f) << 1, false, precision + 64, false);
    n >>= 1;
  }
  return z;
}

/** The float nearest to a number's text, as `new(big.Float).SetString` gives it. */
export function toFloat(v: u64): usize {
  if (tagOf(v) == TAG_INTEGER) {
    const n = integerOf(v);
    return makeFloat(fromU64(n < 0 ? 0 - <u64>n : <u64>n), 0, n < 0, 64);
  }
  const p = pointerOf(v);
  takeApart(p, lengthOf(v));
  if (partFrom == 0) return makeFloat(fromU64(0), 0, load<u8>(p) == 45, 64);
  const from = partFrom;
  const to = partTo;
  const negative = partNegative;
  let digits: i64 = 0;
  for (let q = from; q < to; q++) if (load<u8>(q) != 46) digits++;
  const scale = partExponent - digits + 1;
  const magnitude = fromDigits(from, to, 0);
  if (scale == 0) return round(magnitude, 0, negative, 64, false);
  if (scale > 0) {
    const power = scaledPower(<u32>scale, 128);
    return round(multiply(magnitude, magnitudeOf(power)), <i32>scale + exponentOf(power), negative, 64, false);
  }
  const power = scaledPower(<u32>-scale, 128);
  return quotient(magnitude, 0, magnitudeOf(power), exponentOf(power), <i32>scale, negative, 64);
}

// a * 2^aExponent / (b * 2^bExponent) * 2^more
function quotient(a: usize, aExponent: i32, b: usize, bExponent: i32, more: i32, negative: bool, precision: u32): usize {
  const wanted = <i32>precision + 2 + <i32>bitLength(b) - <i32>bitLength(a);
  const shift: u32 = wanted > 0 ? <u32>wanted : 0;
  const q = divide(shiftLeft(a, shift), b);
  // The two spare bits keep the halfway decision right once the rest is known to be there.
  return round(q, aExponent - bExponent + more - <i32>shift, negative, precision, !isZero(remainder));
}

@inline
function larger(a: u32, b: u32): u32 {
  return a > b ? a : b;
}

export function addFloats(a: usize, b: usize, negateB: bool): usize {
  const precision = larger(precisionOf(a), precisionOf(b));
  const bNegative = isNegative(b) != negateB;
  const exponent = exponentOf(a) < exponentOf(b) ? exponentOf(a) : exponentOf(b);
  if (isZero(magnitudeOf(a)) && isZero(magnitudeOf(b))) return makeFloat(magnitudeOf(a), 0, isNegative(a) && bNegative, precision);
  if (isZero(magnitudeOf(a))) return round(magnitudeOf(b), exponentOf(b), bNegative, precision, false);
  if (isZero(magnitudeOf(b))) return round(magnitudeOf(a), exponentOf(a), isNegative(a), precision, false);
  const x = shiftLeft(magnitudeOf(a), <u32>(exponentOf(a) - exponent));
  const y = shiftLeft(magnitudeOf(b), <u32>(exponentOf(b) - exponent));
  if (isNegative(a) == bNegative) return round(add(x, y), exponent, bNegative, precision, false);
  const c = compareMagnitudes(x, y);
  if (c == 0) return makeFloat(fromU64(0), 0, false, precision);
  return c > 0 ? round(subtract(x, y), exponent, isNegative(a), precision, false) : round(subtract(y, x), exponent, bNegative, precision, false);
}

/** Product at the given precision, 0 for the larger of the operands'. */
export function multiplyFloats(a: usize, b: usize, precision: u32): usize {
  if (precision == 0) precision = larger(precisionOf(a), precisionOf(b));
  return round(multiply(magnitudeOf(a), magnitudeOf(b)), exponentOf(a) + exponentOf(b), isNegative(a) != isNegative(b), precision, false);
}

/** Quotient of `a` and a `b` that is not 0. */
export function divideFloats(a: usize, b: usize): usize {
  const precision = larger(precisionOf(a), precisionOf(b));
  const negative = isNegative(a) != isNegative(b);
  if (isZero(magnitudeOf(a))) return makeFloat(magnitudeOf(a), 0, negative, precision);
  return quotient(magnitudeOf(a), exponentOf(a), magnitudeOf(b), exponentOf(b), 0, negative, precision);
}

/** The integer part as a magnitude; the sign is the float's. */
export function truncate(f: usize): usize {
  const e = exponentOf(f);
  return e >= 0 ? shiftLeft(magnitudeOf(f), <u32>e) : shiftRight(magnitudeOf(f), <u32>-e);
}

export function isWhole(f: usize): bool {
  const e = exponentOf(f);
  return e >= 0 || !anyBelow(magnitudeOf(f), <u32>-e);
}

/** The float of an integer, precise enough to hold all of it. */
export function wholeFloat(magnitude: usize, negative: bool): usize {
  return makeFloat(magnitude, 0, negative && !isZero(magnitude), larger(bitLength(magnitude), 64));
}

// ---- shortest decimal text

// Decimal digits of magnitude * 2^exponent and the power of ten of the first one.
export let decimalFrom: usize = 0;
export let decimalTo: usize = 0;
export let decimalPoint: i32 = 0;

export function decimalOf(magnitude: usize, exponent: i32): void {
  let m = magnitude;
  let scale: i32 = 0;
  if (exponent >= 0) {
    m = shiftLeft(m, <u32>exponent);
  } else {
    m = multiply(m, powerOfFive(<u32>-exponent));
    scale = exponent;
  }
  decimalFrom = toDigits(m);
  decimalTo = digitsEnd;
  decimalPoint = <i32>(decimalTo - decimalFrom) + scale;
  while (decimalTo > decimalFrom && load<u8>(decimalTo - 1) == 48) decimalTo--;
}

@inline
export function digitAt(from: usize, to: usize, i: i32): u32 {
  return i >= 0 && from + <usize>i < to ? <u32>load<u8>(from + <usize>i) : 48;
}

/** The number whose text is the shortest that reads back as the float, written as OPA writes it. */
export function floatNumber(f: usize): u64 {
  const negative = isNegative(f);
  if (isZero(magnitudeOf(f))) return spell(negative, 0, 0, 0, true);
  shortestDigits(f, false);
  return spell(negative, decimalFrom, decimalTo, decimalPoint, isWhole(f));
}

/**
 * Leaves in `decimalFrom`, `decimalTo`, `decimalPoint` the shortest digits that read back as the float (not 0). `float64`: the
 * lower neighbour of a power of two is nearer, as strconv has it and big.Float does not.
 */
export function shortestDigits(f: usize, float64: bool): void {
  // Half a unit in the last place on both sides.
  const bits = bitLength(magnitudeOf(f));
  const precision = precisionOf(f);
  const shift = <i32>precision + 1 - <i32>bits;
  const m = shift >= 0 ? shiftLeft(magnitudeOf(f), <u32>shift) : shiftRight(magnitudeOf(f), <u32>-shift);
  const e = exponentOf(f) - shift;
  const inclusive = !bitAt(m, 1);
  const power = float64 && !anyBelow(m, bitLength(m) - 1);
  if (power) decimalOf(subtract(shiftLeft(m, 1), fromU64(1)), e - 1);
  else decimalOf(subtract(m, fromU64(1)), e);
  const lowerFrom = decimalFrom;
  const lowerTo = decimalTo;
  decimalOf(add(m, fromU64(1)), e);
  const upperFrom = decimalFrom;
  const upperTo = decimalTo;
  decimalOf(m, e);
  const from = decimalFrom;
  let to = decimalTo;
  let point = decimalPoint;
  const lowerLength = <i32>(lowerTo - lowerFrom);
  const upperLength = <i32>(upperTo - upperFrom);
  const length = <i32>(to - from);
  for (let i: i32 = 0; i < length; i++) {
    // As Go: digits by their order, even where a bound has another number of digits before the point.
    const d = digitAt(from, to, i);
    const l = digitAt(lowerFrom, lowerTo, i);
    const u = digitAt(upperFrom, upperTo, i);
    const okDown = l != d || (inclusive && i + 1 == lowerLength);
    const okUp = d != u && (inclusive || d + 1 < u || i + 1 < upperLength);
    if (!okDown && !okUp) continue;
    if (i + 1 == length) break;
    const cut = from + <usize>i + 1;
    let up = okUp;
    if (okDown && okUp) {
      const next = digitAt(from, to, i + 1);
      const half = next == 53 && cut + 1 >= to;
      up = half ? (d & 1) != 0 : next >= 53;
    }
    to = cut;
    if (up) {
      let p = to;
      while (p > from && load<u8>(p - 1) == 57) p--;
      if (p == from) {
        store<u8>(from, 49);
        to = from + 1;
        point++;
      } else {
        store<u8>(p - 1, load<u8>(p - 1) + 1);
        to = p;
      }
    }
    while (to > from && load<u8>(to - 1) == 48) to--;
    break;
  }
  decimalFrom = from;
  decimalTo = to;
  decimalPoint = point;
}

/** Rounds the digits left by `decimalOf` to `count` of them, half to even. */
export function roundDigits(count: i32): void {
  const digits = <i32>(decimalTo - decimalFrom);
  if (count >= digits) return;
  if (count < 0) {
    decimalTo = decimalFrom;
    decimalPoint = 0;
    return;
  }
  const next = digitAt(decimalFrom, decimalTo, count);
  const half = next == 53 && count + 1 == digits;
  const up = half ? count > 0 && (digitAt(decimalFrom, decimalTo, count - 1) & 1) != 0 : next >= 53;
  let p = decimalFrom + <usize>count;
  if (up) {
    while (p > decimalFrom && load<u8>(p - 1) == 57) p--;
    if (p == decimalFrom) {
      store<u8>(p, 49);
      decimalTo = p + 1;
      decimalPoint++;
      return;
    }
    store<u8>(p - 1, load<u8>(p - 1) + 1);
  } else {
    while (p > decimalFrom && load<u8>(p - 1) == 48) p--;
    if (p == decimalFrom) decimalPoint = 0;
  }
  decimalTo = p;
}

/** The float64 nearest to a number, as a float of that precision; 0 when it is out of range. */
export function toFloat64(v: u64): usize {
  if (tagOf(v) == TAG_INTEGER) {
    const n = integerOf(v);
    return round(fromU64(n < 0 ? 0 - <u64>n : <u64>n), 0, n < 0, 53, false);
  }
  const p = pointerOf(v);
  takeApart(p, lengthOf(v));
  if (partFrom == 0) return makeFloat(fromU64(0), 0, load<u8>(p) == 45, 53);
  const negative = partNegative;
  if (partExponent > 310) return 0;
  if (partExponent < -330) return makeFloat(fromU64(0), 0, negative, 53);
  let digits: i64 = 0;
  for (let q = partFrom; q < partTo; q++) if (load<u8>(q) != 46) digits++;
  const scale = <i32>(partExponent - digits + 1);
  let m = fromDigits(partFrom, partTo, 0);
  let e = scale;
  let inexact = false;
  if (scale >= 0) {
    m = multiply(m, powerOfFive(<u32>scale));
  } else {
    const power = powerOfFive(<u32>-scale);
    const wanted = 66 + <i32>bitLength(power) - <i32>bitLength(m);
    const shift: u32 = wanted > 0 ? <u32>wanted : 0;
    m = divide(shiftLeft(m, shift), power);
    inexact = !isZero(remainder);
    e -= <i32>shift;
  }
  // Below 2^-1022 fewer bits are left.
  const top = <i32>bitLength(m) - 1 + e;
  const precision: i32 = top < -1022 ? 53 - (-1022 - top) : 53;
  if (precision < 0) return makeFloat(fromU64(0), 0, negative, 53);
  const f = round(m, e, negative, <u32>precision, inexact);
  store<u32>(f, precision > 0 ? <u32>precision : 1, 12);
  if (<i32>bitLength(magnitudeOf(f)) - 1 + exponentOf(f) >= 1024) return 0;
  return f;
}

// Plain digits for integers; others with an exponent when that is below -4 or above 5.
function spell(negative: bool, from: usize, to: usize, point: i32, whole: bool): u64 {
  const digits = <i32>(to - from);
  const room: i32 = digits + 32 + (whole && point > digits ? point - digits : 0);
  const out = alloc(room);
  let p = out;
  if (negative) {
    store<u8>(p, 45);
    p++;
  }
  const exponent = point - 1;
  if (digits == 0) {
    store<u8>(p, 48);
    p++;
  } else if (whole) {
    for (let i: i32 = 0; i < point; i++) store<u8>(p++, digitAt(from, to, i));
  } else if (exponent < -4 || exponent >= 6) {
    p = scientific(p, from, to, exponent);
  } else {
    if (point <= 0) {
      store<u8>(p++, 48);
    } else {
      for (let i: i32 = 0; i < point; i++) store<u8>(p++, digitAt(from, to, i));
    }
    store<u8>(p++, 46);
    for (let i: i32 = point; i < 0; i++) store<u8>(p++, 48);
    for (let i: i32 = point > 0 ? point : 0; i < digits; i++) store<u8>(p++, digitAt(from, to, i));
  }
  return numberFromText(out, <u32>(p - out));
}

function scientific(p: usize, from: usize, to: usize, exponent: i32): usize {
  store<u8>(p++, load<u8>(from));
  if (to - from > 1) {
    store<u8>(p++, 46);
    for (let q = from + 1; q < to; q++) store<u8>(p++, load<u8>(q));
  }
  store<u8>(p++, 101);
  store<u8>(p++, exponent < 0 ? 45 : 43);
  let e = exponent < 0 ? -exponent : exponent;
  if (e < 10) store<u8>(p++, 48);
  let width: i32 = 1;
  for (let t = e; t >= 10; t /= 10) width++;
  for (let i = width; i > 0; i--) {
    store<u8>(p + i - 1, <u8>(48 + (e % 10)));
    e /= 10;
  }
  return p + width;
}
