// Verbs of float64.

import { alloc, copyBytes } from "../memory";
import { textAdvance, textByte, textBytes, textLength, textLiteral, textRoom, textStart, textTruncate } from "../text";
import { isZero, lowU64 } from "../numbers/magnitude";
import {
  decimalFrom, decimalOf, decimalPoint, decimalTo, digitAt, exponentOf, isNegative, magnitudeOf, roundDigits, shortestDigits,
} from "../numbers/float";
import { argFloat } from "./argument";
import { digit, textDecimal } from "./digits";
import { minus, pad, padding, plus, precision, sharp, space, width, zero } from "./layout";

/** False for a verb that float64 does not have. */
export function formatFloatVerb(verb: u32): bool {
  let standard: i32 = -1;
  let form = verb;
  if (verb == 118) {
    form = 103;
  } else if (verb == 102 || verb == 70 || verb == 101 || verb == 69) {
    standard = 6;
    if (verb == 70) form = 102;
  } else if (verb != 98 && verb != 103 && verb != 71 && verb != 120 && verb != 88) {
    return false;
  }
  const p = precision >= 0 ? precision : standard;
  const from = textLength();
  const negative = isNegative(argFloat);
  const signed = negative || plus || space;
  if (signed) textByte(negative ? 45 : plus ? 43 : 32);
  const number = textLength();
  if (form == 98 || (form | 32) == 120) textBinaryFloat(form);
  else textFloat(form, p);
  if (sharp && form != 98) keepPoint(number, form, p);
  const length = <i32>(textLength() - from);
  if (signed && zero && !minus && width > length) {
    // Zeros go between sign and digits.
    const missing = width - length;
    textRoom(missing);
    const at = textStart() + number;
    memory.copy(at + missing, at, length - 1);
    memory.fill(at, 48, missing);
    textAdvance(missing);
    return true;
  }
  pad(from);
  return true;
}

// %e %f %g without sign; precision below 0: the shortest digits.
function textFloat(verb: u32, precision: i32): void {
  const f = argFloat;
  let p = precision;
  const lower = verb | 32;
  // Zero has no digits.
  const none = isZero(magnitudeOf(f));
  if (none) {
    // Nothing to round.
  } else if (p < 0) {
    shortestDigits(f, true);
  } else {
    decimalOf(magnitudeOf(f), exponentOf(f));
    if (lower == 101) roundDigits(p + 1);
    else if (lower == 102) roundDigits(decimalPoint + p);
    else roundDigits(p == 0 ? 1 : p);
  }
  const from: usize = none ? 0 : decimalFrom;
  const to: usize = none ? 0 : decimalTo;
  const point = none ? 0 : decimalPoint;
  const count = <i32>(to - from);
  const shortest = p < 0;
  if (lower == 101) {
    textExponent(from, to, point, shortest ? (count > 0 ? count - 1 : 0) : p, verb);
  } else if (lower == 102) {
    textFixed(from, to, point, shortest ? (count > point ? count - point : 0) : p);
  } else {
    if (shortest) p = count > 0 ? count : 1;
    else if (p == 0) p = 1;
    let limit = p;
    if (limit > count && count >= point) limit = count;
    if (shortest) limit = 6;
    const e = point - 1;
    if (count > 0 && (e < -4 || e >= limit)) {
      if (p > count) p = count;
      textExponent(from, to, point, p - 1, verb == 71 ? 69 : 101);
    } else {
      if (p > point) p = count;
      textFixed(from, to, point, p > point ? p - point : 0);
    }
  }
}

function textExponent(from: usize, to: usize, point: i32, digits: i32, letter: u32): void {
  textByte(digitAt(from, to, 0));
  if (digits > 0) {
    textByte(46);
    for (let i: i32 = 1; i <= digits; i++) textByte(digitAt(from, to, i));
  }
  textByte(letter);
  let e = from == to ? 0 : point - 1;
  textByte(e < 0 ? 45 : 43);
  if (e < 0) e = -e;
  if (e >= 100) textByte(48 + <u32>e / 100);
  textByte(48 + (<u32>e / 10) % 10);
  textByte(48 + (<u32>e % 10));
}

function textFixed(from: usize, to: usize, point: i32, digits: i32): void {
  if (point > 0) for (let i: i32 = 0; i < point; i++) textByte(digitAt(from, to, i));
  else textByte(48);
  if (digits > 0) {
    textByte(46);
    for (let i: i32 = 0; i < digits; i++) textByte(point + i < 0 ? 48 : digitAt(from, to, point + i));
  }
}

// %b: mantissa and power of two; %x: hexadecimal mantissa.
function textBinaryFloat(verb: u32): void {
  const m = magnitudeOf(argFloat);
  let mantissa = lowU64(m);
  let e = exponentOf(argFloat);
  if (mantissa == 0) {
    if (verb == 98) {
      textLiteral("0p-1074");
      return;
    }
    textLiteral(verb == 88 ? "0X0" : "0x0");
    if (precision > 0) textByte(46);
    padding(precision, 48);
    textLiteral(verb == 88 ? "P+00" : "p+00");
    return;
  }
  const shift = <i32>clz(mantissa) - 11;
  mantissa = shift >= 0 ? mantissa << shift : mantissa >> -shift;
  e -= shift;
  if (verb == 98) {
    textDecimal(mantissa);
    textByte(112);
    textByte(e < 0 ? 45 : 43);
    textDecimal(<u64>(e < 0 ? -e : e));
    return;
  }
  const upper = verb == 88;
  let digits: i32 = 13;
  let fraction = mantissa & 0xfffffffffffff;
  let one: u32 = 1;
  e += 52;
  if (precision >= 0 && precision < 13) {
    const drop = <u64>(52 - (precision << 2));
    const half: u64 = <u64>1 << (drop - 1);
    const rest = mantissa & ((<u64>1 << drop) - 1);
    mantissa >>= drop;
    if (rest > half || (rest == half && (mantissa & 1) != 0)) mantissa++;
    mantissa <<= drop;
    if (mantissa >> 53 != 0) {
      mantissa >>= 1;
      e++;
    }
    fraction = mantissa & 0xfffffffffffff;
    digits = precision;
  } else if (precision >= 0) {
    digits = precision;
  } else {
    while (digits > 0 && ((fraction >> <u64>(52 - (digits << 2))) & 15) == 0) digits--;
  }
  textLiteral(upper ? "0X" : "0x");
  textByte(48 + one);
  if (digits > 0) {
    textByte(46);
    for (let i: i32 = 1; i <= digits; i++) textByte(i > 13 ? 48 : digit(<u32>(fraction >> <u64>(52 - (i << 2))) & 15, upper));
  }
  textByte(upper ? 80 : 112);
  textByte(e < 0 ? 45 : 43);
  const a = e < 0 ? -e : e;
  if (a < 10) textByte(48);
  textDecimal(<u64>a);
}

// The sharp flag: a point in any case, and for %g trailing zeros up to the precision.
function keepPoint(number: usize, form: u32, p: i32): void {
  let digits: i32 = 0;
  if (form == 103 || form == 71 || form == 120) digits = p < 0 ? 6 : p;
  const start = textStart() + number;
  const end = textStart() + textLength();
  let point = false;
  let nonZero = false;
  let tail = end;
  for (let q = start; q < end; q++) {
    const c: u32 = load<u8>(q);
    if (c == 46) {
      point = true;
    } else if (c == 112 || c == 80 || ((c | 32) == 101 && (form | 32) != 120)) {
      tail = q;
      break;
    } else {
      if (c != 48) nonZero = true;
      if (nonZero) digits--;
    }
  }
  const rest = alloc(end - tail);
  copyBytes(rest, tail, end - tail);
  const restLength = end - tail;
  if (!point && tail - start == 1 && load<u8>(start) == 48) digits--;
  textTruncate(textLength() - restLength);
  if (!point) textByte(46);
  padding(digits, 48);
  textBytes(rest, restLength);
}
