// sprintf: Go's fmt rules for the four kinds of arguments that OPA hands on: int64, big.Int, float64 and strings.

import { alloc, copyBytes } from "../memory";
import {
  TAG_ARRAY, TAG_INTEGER, TAG_STRING, UNDEFINED, integerOf, isNumber, isString, lengthOf, pointerOf, slice, stringView, tagOf,
} from "../word";
import { arrayAt, countOf } from "../collection";
import { decodeAt, decodedWidth, countCodePoints } from "../utf8";
import {
  textAdvance, textByte, textBytes, textClose, textCodePoint, textLength, textLiteral, textOpen, textRoom, textSlice, textStart,
  textString, textTruncate, writeCodePoint,
} from "../text";
import { textQuoted, textRego } from "../json-write";
import { isPrintable } from "../printable";
import { needArray, needString } from "../operands";
import { integerMagnitude, integerNegative, isWholeNumber } from "../numbers/integers";
import { bitAt, bitLength, digitsEnd, isZero, limb, limbs, lowU64, toDigits } from "../numbers/magnitude";
import {
  decimalFrom, decimalOf, decimalPoint, decimalTo, digitAt, exponentOf, isNegative, magnitudeOf, roundDigits, shortestDigits,
  toFloat64,
} from "../numbers/float";

// The kinds of arguments.
const INT64: u32 = 0;
const BIG: u32 = 1;
const FLOAT: u32 = 2;
const STRING: u32 = 3;

let kind: u32 = 0;
// The argument that `classify` looked at: a text, the magnitude and sign of an integer, or a float.
let argText: u64 = 0;
let argMagnitude: usize = 0;
let argNegative: bool = false;
let argFloat: usize = 0;

// Flags, width and precision of the verb at hand.
let sharp: bool = false;
let zero: bool = false;
let plus: bool = false;
let minus: bool = false;
let space: bool = false;
let sharpV: bool = false;
let plusV: bool = false;
let width: i32 = -1;
let precision: i32 = -1;

function classify(v: u64): void {
  if (isString(v)) {
    kind = STRING;
    argText = v;
    return;
  }
  if (!isNumber(v)) {
    kind = STRING;
    const saved = textOpen();
    textRego(v);
    argText = textString(saved);
    return;
  }
  if (tagOf(v) != TAG_INTEGER && hasPointOrExponent(v)) {
    argFloat = toFloat64(v);
    kind = argFloat == 0 ? STRING : FLOAT;
    argText = stringView(pointerOf(v), lengthOf(v));
    return;
  }
  argMagnitude = integerMagnitude(v);
  argNegative = integerNegative;
  const bits = bitLength(argMagnitude);
  kind = bits < 64 || (argNegative && bits == 64 && lowU64(argMagnitude) == 1 << 63) ? INT64 : BIG;
}

function hasPointOrExponent(v: u64): bool {
  for (let p = pointerOf(v); p < pointerOf(v) + lengthOf(v); p++) {
    const c: u32 = load<u8>(p);
    if (c == 46 || (c | 32) == 101) return true;
  }
  return false;
}

function textType(): void {
  if (kind == INT64) textLiteral("int64");
  else if (kind == BIG) textLiteral("*big.Int");
  else if (kind == FLOAT) textLiteral("float64");
  else textLiteral("string");
}

// ---- padding: what was written since `from` gets its width

function padding(count: i32, c: u32): void {
  for (; count > 0; count--) textByte(c);
}

function pad(from: usize): void {
  if (width <= 0) return;
  const bytes = textLength() - from;
  const missing = width - <i32>countCodePoints(textStart() + from, bytes);
  if (missing <= 0) return;
  if (minus) {
    padding(missing, 32);
    return;
  }
  textRoom(missing);
  const p = textStart() + from;
  memory.copy(p + missing, p, bytes);
  memory.fill(p, zero ? 48 : 32, missing);
  textAdvance(missing);
}

// ---- integers

function digit(n: u32, upper: bool): u32 {
  return n < 10 ? 48 + n : (upper ? 55 : 87) + n;
}

// Digits of a magnitude in base 2, 8, 10 or 16.
function textDigits(m: usize, base: u32, upper: bool): void {
  if (base == 10) {
    const p = toDigits(m);
    textBytes(p, digitsEnd - p);
    return;
  }
  const bits: u32 = base == 2 ? 1 : base == 8 ? 3 : 4;
  const length = bitLength(m);
  for (let i: u32 = length == 0 ? 1 : (length + bits - 1) / bits; i > 0; i--) {
    let d: u32 = 0;
    for (let j: u32 = bits; j > 0; j--) d = (d << 1) | (bitAt(m, (i - 1) * bits + j - 1) ? 1 : 0);
    textByte(digit(d, upper));
  }
}

function formatInteger(base: u32, verb: u32): void {
  if (precision == 0 && isZero(argMagnitude)) {
    padding(width, 32);
    return;
  }
  let digits = precision > 0 ? precision : 0;
  if (precision < 0 && zero && !minus && width > 0) {
    digits = width;
    if (argNegative || plus || space) digits--;
  }
  const from = textLength();
  if (argNegative) textByte(45);
  else if (plus) textByte(43);
  else if (space) textByte(32);
  const upper = verb == 88;
  const saved = textOpen();
  textDigits(argMagnitude, base, upper);
  const text = textString(saved);
  const missing = digits - <i32>lengthOf(text);
  if (verb == 79) textLiteral("0o");
  if (sharp) {
    if (base == 2) textLiteral("0b");
    else if (base == 8 && missing <= 0 && load<u8>(pointerOf(text)) != 48) textByte(48);
    else if (base == 16) textLiteral(upper ? "0X" : "0x");
  }
  padding(missing, 48);
  textSlice(text);
  const keptZero = zero;
  zero = false;
  pad(from);
  zero = keptZero;
}

// big.Int's own rules.
function formatBig(base: u32, verb: u32): void {
  const alternate = sharp || sharpV;
  const saved = textOpen();
  textDigits(argMagnitude, base, verb == 88);
  const text = textString(saved);
  const length = <i32>lengthOf(text);
  let zeros: i32 = precision > length ? precision - length : 0;
  const signed = argNegative || plus || plusV || space;
  let prefix: i32 = 0;
  if (verb == 79 || (alternate && (base == 2 || base == 16))) prefix = 2;
  else if (alternate && base == 8) prefix = 1;
  const total = (signed ? 1 : 0) + prefix + zeros + length;
  const missing: i32 = width > total ? width - total : 0;
  let right: i32 = 0;
  if (missing > 0) {
    if (minus) right = missing;
    else if (zero && precision < 0) zeros = missing;
    else padding(missing, 32);
  }
  if (argNegative) textByte(45);
  else if (plus || plusV) textByte(43);
  else if (space) textByte(32);
  if (verb == 79) textLiteral("0o");
  else if (alternate && base == 2) textLiteral("0b");
  else if (alternate && base == 8) textByte(48);
  else if (alternate && base == 16) textLiteral(verb == 88 ? "0X" : "0x");
  padding(zeros, 48);
  textSlice(text);
  padding(right, 32);
}

function codePointOf(): u32 {
  const n = lowU64(argMagnitude);
  return argNegative || n > 0x10ffff || (n >= 0xd800 && n < 0xe000) ? 0xfffd : <u32>n;
}

function formatUnicode(): void {
  const from = textLength();
  textLiteral("U+");
  const saved = textOpen();
  const twos: u64 = argNegative ? 0 - lowU64(argMagnitude) : lowU64(argMagnitude);
  let started = false;
  for (let shift: i32 = 60; shift >= 0; shift -= 4) {
    const d = <u32>(twos >> shift) & 15;
    if (d != 0 || shift == 0) started = true;
    if (started) textByte(digit(d, true));
  }
  const text = textString(saved);
  const least = precision > 4 ? precision : 4;
  padding(least - <i32>lengthOf(text), 48);
  textSlice(text);
  if (sharp && twos <= 0x10ffff && isPrintable(<u32>twos)) {
    textLiteral(" '");
    textCodePoint(<u32>twos);
    textByte(39);
  }
  const keptZero = zero;
  zero = false;
  pad(from);
  zero = keptZero;
}

function hex(n: u32, digits: u32): void {
  for (let i = digits; i > 0; i--) textByte(digit((n >> ((i - 1) << 2)) & 15, false));
}

// A quoted text with a quote character; ASCII only for %+q.
function textGoQuoted(p: usize, length: usize, quote: u32, ascii: bool): void {
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
      hex(first, 2);
    } else if (c == quote || c == 92) {
      textByte(92);
      textByte(c);
    } else if (c >= 7 && c <= 13) {
      textByte(92);
      const letters = changetype<usize>("abtnvfr");
      textByte(load<u16>(letters + (<usize>(c - 7) << 1)));
    } else if (c < 0x80 ? isPrintable(c) : !ascii && isPrintable(c)) {
      textBytes(p, w);
    } else if (c < 32 || c == 127) {
      textLiteral("\\x");
      hex(c, 2);
    } else {
      textLiteral(c < 0x10000 ? "\\u" : "\\U");
      hex(c, c < 0x10000 ? 4 : 8);
    }
    p += w;
  }
  textByte(quote);
}

function formatIntegerVerb(verb: u32): bool {
  if (verb == 118 || verb == 100) {
    formatInteger(10, verb);
  } else if (verb == 98) {
    formatInteger(2, verb);
  } else if (verb == 111 || verb == 79) {
    formatInteger(8, verb);
  } else if (verb == 120 || verb == 88) {
    formatInteger(16, verb);
  } else if (verb == 99) {
    const from = textLength();
    textCodePoint(codePointOf());
    pad(from);
  } else if (verb == 113) {
    const from = textLength();
    const p = alloc(4);
    textGoQuoted(p, writeCodePoint(p, codePointOf()), 39, plus);
    pad(from);
  } else if (verb == 85) {
    formatUnicode();
  } else {
    return false;
  }
  return true;
}

// ---- floats

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

// %e %f %g without sign; precision below 0: the shortest digits.
function textFloat(verb: u32, precision: i32): void {
  const f = argFloat;
  let p = precision;
  const lower = verb | 32;
  if (isZero(magnitudeOf(f))) {
    digitsOfZero();
  } else if (p < 0) {
    shortestDigits(f, true);
  } else {
    decimalOf(magnitudeOf(f), exponentOf(f));
    if (lower == 101) roundDigits(p + 1);
    else if (lower == 102) roundDigits(decimalPoint + p);
    else roundDigits(p == 0 ? 1 : p);
  }
  const from = zeroDigits ? 0 : decimalFrom;
  const to = zeroDigits ? 0 : decimalTo;
  const point = zeroDigits ? 0 : decimalPoint;
  zeroDigits = false;
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

let zeroDigits: bool = false;

function digitsOfZero(): void {
  zeroDigits = true;
}

// %b: mantissa and power of two; %x: hexadecimal mantissa.
function textBinaryFloat(verb: u32): void {
  const m = magnitudeOf(argFloat);
  let mantissa = lowU64(m);
  let e = exponentOf(argFloat);
  if (mantissa == 0) {
    textLiteral(verb == 98 ? "0p-1074" : verb == 88 ? "0X0P+00" : "0x0p+00");
    return;
  }
  const shift = <i32>clz(mantissa) - 11;
  mantissa = shift >= 0 ? mantissa << shift : mantissa >> -shift;
  e -= shift;
  if (verb == 98) {
    const saved = argMagnitude;
    textDecimal(mantissa);
    argMagnitude = saved;
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

function textDecimal(n: u64): void {
  let digits: u32 = 1;
  for (let t = n; t >= 10; t /= 10) digits++;
  const to = textRoom(24);
  for (let i = digits; i > 0; i--) {
    store<u8>(to + i - 1, <u8>(48 + (n % 10)));
    n /= 10;
  }
  textAdvance(digits);
}

function formatFloatVerb(verb: u32): bool {
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

// ---- strings

function formatString(s: u64, verb: u32): bool {
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

function canBackquote(p: usize, length: usize): bool {
  const end = p + length;
  while (p < end) {
    const c = decodeAt(p, end);
    if ((c == 0xfffd && decodedWidth == 1) || c == 0xfeff || (c < 32 && c != 9) || c == 96 || c == 127) return false;
    p += decodedWidth;
  }
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

// ---- verbs

function printArgument(verb: u32): void {
  if (verb == 84) {
    const from = textLength();
    textType();
    pad(from);
    return;
  }
  let known = false;
  if (verb == 112) known = false;
  else if (kind == INT64) known = formatIntegerVerb(verb);
  else if (kind == FLOAT) known = formatFloatVerb(verb);
  else if (kind == STRING) known = formatString(argText, verb);
  else known = formatBigVerb(verb);
  if (known) return;
  textLiteral("%!");
  textCodePoint(verb);
  textByte(40);
  textType();
  textByte(61);
  printArgument(118);
  textByte(41);
}

function formatBigVerb(verb: u32): bool {
  if (verb == 98) {
    formatBig(2, verb);
  } else if (verb == 111 || verb == 79) {
    formatBig(8, verb);
  } else if (verb == 100 || verb == 115 || verb == 118) {
    formatBig(10, verb);
  } else if (verb == 120 || verb == 88) {
    formatBig(16, verb);
  } else {
    textLiteral("%!");
    textCodePoint(verb);
    textLiteral("(big.Int=");
    if (argNegative) textByte(45);
    textDigits(argMagnitude, 10, false);
    textByte(41);
  }
  return true;
}

let p: usize = 0;
let end: usize = 0;
let argument: u32 = 0;
let count: u32 = 0;
let reordered: bool = false;
let goodIndex: bool = false;
let afterIndex: bool = false;
let numberFound: bool = false;

function parseNumber(): i32 {
  numberFound = false;
  let n: i32 = 0;
  while (p < end && <u32>load<u8>(p) - 48 <= 9) {
    if (n > 1000000) {
      numberFound = false;
      return 0;
    }
    n = n * 10 + (<i32>load<u8>(p) - 48);
    numberFound = true;
    p++;
  }
  return n;
}

// [n] in front of a verb, width or precision.
function parseIndex(): void {
  afterIndex = false;
  if (p >= end || load<u8>(p) != 91) return;
  reordered = true;
  let close = p + 1;
  while (close < end && load<u8>(close) != 93) close++;
  if (close >= end) {
    goodIndex = false;
    p++;
    return;
  }
  p++;
  const n = parseNumber();
  const whole = numberFound && p == close;
  p = close + 1;
  if (whole && n >= 1 && <u32>n <= count) {
    argument = <u32>n - 1;
    afterIndex = true;
  } else {
    goodIndex = false;
    afterIndex = whole;
  }
}

let starValue: i32 = 0;

// A width or precision from the arguments.
function starArgument(args: u64): bool {
  if (argument >= count) return false;
  const v = arrayAt(args, argument);
  argument++;
  if (tagOf(v) != TAG_INTEGER) return false;
  const n = integerOf(v);
  if (n > 1000000 || n < -1000000) return false;
  starValue = <i32>n;
  return true;
}

export function builtin_sprintf(format: u64, args: u64): u64 {
  if (!needString(1, format) || !needArray(2, args)) return UNDEFINED;
  p = pointerOf(format);
  end = p + lengthOf(format);
  argument = 0;
  count = countOf(args);
  reordered = false;
  const saved = textOpen();
  while (p < end) {
    let q = p;
    while (q < end && load<u8>(q) != 37) q++;
    if (q > p) textBytes(p, q - p);
    p = q;
    if (p >= end) break;
    p++;
    formatOne(args);
  }
  if (!reordered && argument < count) {
    clearFlags();
    textLiteral("%!(EXTRA ");
    for (let i = argument; i < count; i++) {
      if (i > argument) textLiteral(", ");
      classify(arrayAt(args, i));
      textType();
      textByte(61);
      printArgument(118);
    }
    textByte(41);
  }
  return textString(saved);
}

function clearFlags(): void {
  sharp = false;
  zero = false;
  plus = false;
  minus = false;
  space = false;
  sharpV = false;
  plusV = false;
  width = -1;
  precision = -1;
}

function formatOne(args: u64): void {
  clearFlags();
  goodIndex = true;
  while (p < end) {
    const c: u32 = load<u8>(p);
    if (c == 35) sharp = true;
    else if (c == 48) zero = true;
    else if (c == 43) plus = true;
    else if (c == 45) minus = true;
    else if (c == 32) space = true;
    else break;
    p++;
  }
  parseIndex();
  if (p < end && load<u8>(p) == 42) {
    p++;
    if (starArgument(args)) {
      width = starValue;
      if (width < 0) {
        width = -width;
        minus = true;
        zero = false;
      }
    } else {
      textLiteral("%!(BADWIDTH)");
    }
    afterIndex = false;
  } else {
    const n = parseNumber();
    if (numberFound) {
      width = n;
      if (afterIndex) goodIndex = false;
    }
  }
  if (p < end && load<u8>(p) == 46) {
    p++;
    if (afterIndex) goodIndex = false;
    parseIndex();
    if (p < end && load<u8>(p) == 42) {
      p++;
      if (starArgument(args) && starValue >= 0) precision = starValue;
      else textLiteral("%!(BADPREC)");
      afterIndex = false;
    } else {
      const n = parseNumber();
      precision = numberFound ? n : 0;
    }
  }
  if (!afterIndex) parseIndex();
  if (p >= end) {
    textLiteral("%!(NOVERB)");
    return;
  }
  const verb = decodeAt(p, end);
  p += decodedWidth;
  if (verb == 37) {
    textByte(37);
  } else if (!goodIndex) {
    textLiteral("%!");
    textCodePoint(verb);
    textLiteral("(BADINDEX)");
  } else if (argument >= count) {
    textLiteral("%!");
    textCodePoint(verb);
    textLiteral("(MISSING)");
  } else {
    classify(arrayAt(args, argument));
    argument++;
    if (verb == 118) {
      // %#v and %+v ask for other forms, which these kinds hardly have.
      sharpV = sharp;
      sharp = false;
      plusV = plus;
      plus = false;
    }
    printArgument(verb);
  }
}
