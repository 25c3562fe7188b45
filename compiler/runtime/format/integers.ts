// Verbs of integers: those that fit into int64 by fmt's rules, others by those of big.Int.

import { alloc } from "../memory";
import { lengthOf, pointerOf } from "../word";
import { textByte, textCodePoint, textLength, textLiteral, textOpen, textSlice, textString, writeCodePoint } from "../text";
import { isPrintable } from "../printable";
import { fromU64, isZero, limb, limbs, lowU64 } from "../numbers/magnitude";
import { argMagnitude, argNegative } from "./argument";
import { digit, textDigits } from "./digits";
import { minus, pad, padBlank, padding, plus, plusV, precision, sharp, sharpV, space, width, zero } from "./layout";
import { textGoQuoted } from "./quotes";

/** False for a verb that int64 does not have. */
export function formatIntegerVerb(verb: u32): bool {
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
  padBlank(from);
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
  padBlank(from);
}

/** Tells itself of verbs that big.Int does not have. */
export function formatBigVerb(verb: u32): void {
  if (verb == 98) {
    formatBig(2, verb);
  } else if (verb == 111 || verb == 79) {
    formatBig(8, verb);
  } else if (verb == 100 || verb == 115 || verb == 118) {
    formatBig(10, verb);
  } else if (verb == 120 || verb == 88) {
    formatBig(16, verb);
  } else if (verb == 119) {
    printBigStruct();
  } else {
    textLiteral("%!");
    textCodePoint(verb);
    textLiteral("(big.Int=");
    if (argNegative) textByte(45);
    textDigits(argMagnitude, 10, false);
    textByte(41);
  }
}

/** `%w` is for errors: what is none is shown as it lies in Go's memory, in words of 64 bits. */
function printBigStruct(): void {
  textLiteral("%!w(*big.Int=&{");
  textLiteral(argNegative ? "true [" : "false [");
  const count = limbs(argMagnitude);
  for (let i: u32 = 0; i < count; i += 2) {
    if (i > 0) textByte(32);
    const high: u64 = i + 1 < count ? limb(argMagnitude, i + 1) : 0;
    textDigits(fromU64((high << 32) | limb(argMagnitude, i)), 10, false);
  }
  textLiteral("]})");
}

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
