// units.parse and units.parse_bytes: amounts with SI and binary suffixes, calculated exactly.

import { alloc, heap_ptr } from "../memory";
import { TAG_NUMBER, UNDEFINED, lengthOf, pointerOf, slice } from "../word";
import { BUILTIN_ERROR, builtinError, closeError } from "../failure";
import { numberFromText, partExponent, partFrom, partNegative, partTo, takeApart } from "../number";
import { textByte, textBytes, textLiteral, textOpen, textSlice, textString } from "../text";
import { toLower } from "../case-mapping";
import { decodeAt, decodedWidth } from "../utf8";
import { stringIs } from "../bytes";
import { stringView } from "../word";
import { textCodePoint } from "../text";
import { needString } from "../operands";
import { add, digitsEnd, divide, fromDigits, fromU64, isZero, multiply, powerOfFive, remainder, shiftLeft, toDigits } from "../numbers/magnitude";
import { integerNumber } from "../numbers/integers";
import { isNegative, makeFloat, multiplyFloats, toFloat, truncate } from "../numbers/float";

const MILLI: u64 = 0xffffffffffffffff;

// Without quotes, in lower case when asked for.
function cleaned(s: u64, lower: bool): u64 {
  const saved = textOpen();
  let p = pointerOf(s);
  const end = p + lengthOf(s);
  while (p < end) {
    const c = decodeAt(p, end);
    const w = decodedWidth;
    if (c != 34) {
      if (lower) textCodePoint(toLower(c));
      else textBytes(p, w);
    }
    p += w;
  }
  return textString(saved);
}

function hasSpace(s: u64): bool {
  for (let p = pointerOf(s); p < pointerOf(s) + lengthOf(s); p++) if (load<u8>(p) == 32) return true;
  return false;
}

@inline
function isDigit(c: u32): bool {
  return c - 48 <= 9;
}

// Where the number ends and the unit begins; -1 when the exponent has too many digits.
function numberLength(s: u64): i32 {
  const p = pointerOf(s);
  const n = <i32>lengthOf(s);
  for (let i: i32 = 0; i < n; i++) {
    const c: u32 = load<u8>(p + i);
    const exponent = (c | 32) == 101;
    if (!isDigit(c) && c != 46 && !exponent && c != 43 && c != 45) return i;
    if (!exponent) continue;
    const next: u32 = i + 1 < n ? <u32>load<u8>(p + i + 1) : 0;
    if (!isDigit(next) && next != 43 && next != 45) return i;
    if (next == 43 || next == 45) i++;
    let digits: i32 = 0;
    while (i + 1 + digits < n && isDigit(load<u8>(p + i + 1 + digits))) digits++;
    if (digits > 6) return -1;
  }
  return n;
}

// sign, digits with a point, exponent
function isAmount(p: usize, end: usize): bool {
  if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++;
  let digits = false;
  let point = false;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (c == 46 && !point) point = true;
    else if (isDigit(c)) digits = true;
    else break;
  }
  if (!digits) return false;
  if (p == end) return true;
  if ((<u32>load<u8>(p) | 32) != 101) return false;
  p++;
  if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++;
  if (p == end) return false;
  for (; p < end; p++) if (!isDigit(load<u8>(p))) return false;
  return true;
}

function power(base: u64, exponent: u32): u64 {
  let n: u64 = 1;
  for (let i: u32 = 0; i < exponent; i++) n *= base;
  return n;
}

function rank(c: u32): u32 {
  if (c == 107) return 1;
  if (c == 109) return 2;
  if (c == 103) return 3;
  if (c == 116) return 4;
  if (c == 112) return 5;
  return c == 101 ? 6 : 0;
}

// The factor of a unit with `kb` and `kib` beside `k` and `ki`, in lower case; 0 for none.
function byteUnit(unit: u64): u64 {
  const n = lengthOf(unit);
  if (n == 0) return 1;
  const p = pointerOf(unit);
  const r = rank(load<u8>(p));
  if (r == 0) return 0;
  const second: u32 = n > 1 ? <u32>load<u8>(p + 1) : 0;
  if (n == 1 || (n == 2 && second == 98)) return power(1000, r);
  if (second == 105 && (n == 2 || (n == 3 && load<u8>(p + 2) == 98))) return power(1024, r);
  return 0;
}

// As written except that only the first letter's case counts: m is a thousandth, M a million.
function siUnit(unit: u64): u64 {
  const n = lengthOf(unit);
  if (n == 0) return 1;
  const first: u32 = load<u8>(pointerOf(unit));
  if (n == 1 && first == 109) return MILLI;
  const r = first < 0x80 ? rank(first | 32) : 0;
  if (r == 0 || n > 2) return 0;
  if (n == 1) return power(1000, r);
  return load<u8>(pointerOf(unit) + 1) == 105 ? power(1024, r) : 0;
}

function unitError(before: string, unit: u64): u64 {
  const saved = textOpen();
  textLiteral(before);
  textSlice(unit);
  textLiteral(" not recognized");
  return closeError(BUILTIN_ERROR, saved);
}

export function builtin_units_parse_bytes(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const text = cleaned(s, true);
  if (hasSpace(text)) return builtinError("units.parse_bytes: spaces not allowed in resource strings");
  const n = numberLength(text);
  if (n < 0) return builtinError("units.parse_bytes: exponent too large");
  if (n == 0) return builtinError("units.parse_bytes: no byte amount provided");
  const p = pointerOf(text);
  const unit = stringView(p + n, lengthOf(text) - n);
  const factor = byteUnit(unit);
  if (factor == 0) return unitError("units.parse_bytes: byte unit ", unit);
  if (!isAmount(p, p + n)) return builtinError("units.parse_bytes: could not parse byte amount to a number");
  const mark = heap_ptr;
  const total = multiplyFloats(toFloat(slice(p, n, TAG_NUMBER)), makeFloat(fromU64(factor), 0, false, 64), 64);
  return integerNumber(truncate(total), isNegative(total), mark);
}

export function builtin_units_parse(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const text = cleaned(s, false);
  if (hasSpace(text)) return builtinError("units.parse: spaces not allowed in resource strings");
  const n = numberLength(text);
  if (n < 0) return builtinError("units.parse: exponent too large");
  if (n == 0) return builtinError("units.parse: no amount provided");
  const p = pointerOf(text);
  const unit = loweredTail(stringView(p + n, lengthOf(text) - n));
  const factor = siUnit(unit);
  if (factor == 0) return unitError("units.parse: unit ", unit);
  if (!isAmount(p, p + n)) return builtinError("units.parse: could not parse amount to a number");
  return exactProduct(p, n, factor);
}

function loweredTail(unit: u64): u64 {
  if (lengthOf(unit) < 2) return unit;
  const saved = textOpen();
  const p = pointerOf(unit);
  textByte(load<u8>(p));
  textSlice(cleaned(stringView(p + 1, lengthOf(unit) - 1), true));
  return textString(saved);
}

// An integer as it is, anything else with ten digits behind the point, rounded half away from zero.
function exactProduct(p: usize, length: u32, factor: u64): u64 {
  const mark = heap_ptr;
  takeApart(p, length);
  if (partFrom == 0) return integerNumber(fromU64(0), false, mark);
  const negative = partNegative;
  let digits: i64 = 0;
  for (let q = partFrom; q < partTo; q++) if (load<u8>(q) != 46) digits++;
  const scale = partExponent - digits + 1;
  let numerator = fromDigits(partFrom, partTo, 0);
  let denominator = fromU64(1);
  // 0.001 is the float64 of that text: 1152921504606847 / 2^60.
  numerator = multiply(numerator, fromU64(factor == MILLI ? 1152921504606847 : factor));
  if (factor == MILLI) denominator = shiftLeft(denominator, 60);
  if (scale > 0) numerator = shiftLeft(multiply(numerator, powerOfFive(<u32>scale)), <u32>scale);
  else if (scale < 0) denominator = shiftLeft(multiply(denominator, powerOfFive(<u32>-scale)), <u32>-scale);
  const whole = divide(numerator, denominator);
  if (isZero(remainder)) return integerNumber(whole, negative, mark);
  const ten = fromU64(10000000000);
  const doubled = multiply(multiply(numerator, ten), fromU64(2));
  const rounded = divide(add(doubled, denominator), multiply(denominator, fromU64(2)));
  let from = toDigits(rounded);
  const to = digitsEnd;
  const count = <i32>(to - from);
  const out = alloc(<usize>count + 16);
  let o = out;
  if (negative) store<u8>(o++, 45);
  if (count <= 10) store<u8>(o++, 48);
  for (let i: i32 = 0; i < count - 10; i++) store<u8>(o++, load<u8>(from++));
  store<u8>(o++, 46);
  for (let i: i32 = count; i < 10; i++) store<u8>(o++, 48);
  while (from < to) store<u8>(o++, load<u8>(from++));
  return numberFromText(out, <u32>(o - out));
}
