// sprintf: Go's fmt rules for the four kinds of arguments that OPA hands on. Here the format is read; the verbs are in format/.

import { UNDEFINED, lengthOf, pointerOf } from "../word";
import { arrayAt, countOf } from "../collection";
import { decodeAt, decodedWidth } from "../utf8";
import { textByte, textBytes, textCodePoint, textLength, textLiteral, textOpen, textString, textTruncate } from "../text";
import { needArray, needString } from "../operands";
import { BIG, FLOAT, INT64, argMagnitude, argNegative, argText, classify, kind, textType } from "../format/argument";
import { formatFloatVerb } from "../format/floats";
import { formatBigVerb, formatIntegerVerb } from "../format/integers";
import { clearFlags, flagsOfValue, pad, precision, readFlags, setPrecision, setWidth } from "../format/layout";
import { formatString } from "../format/strings";
import { bitLength, lowU64 } from "../numbers/magnitude";

let p: usize = 0;
let end: usize = 0;
let argument: u32 = 0;
let count: u32 = 0;
let reordered: bool = false;
let goodIndex: bool = false;
let afterIndex: bool = false;
let numberFound: bool = false;

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

function formatOne(args: u64): void {
  clearFlags();
  goodIndex = true;
  p = readFlags(p, end);
  parseIndex();
  if (p < end && load<u8>(p) == 42) {
    p++;
    if (starArgument(args)) setWidth(starValue);
    else textLiteral("%!(BADWIDTH)");
    afterIndex = false;
  } else {
    const n = parseNumber();
    if (numberFound) {
      setWidth(n);
      if (afterIndex) goodIndex = false;
    }
  }
  // A point at the very end is a verb.
  if (p + 1 < end && load<u8>(p) == 46) {
    p++;
    if (afterIndex) goodIndex = false;
    parseIndex();
    if (p < end && load<u8>(p) == 42) {
      p++;
      if (starArgument(args) && starValue >= 0) setPrecision(starValue);
      else textLiteral("%!(BADPREC)");
      afterIndex = false;
    } else {
      const n = parseNumber();
      setPrecision(numberFound ? n : 0);
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
    // %w, which only errors have, is taken for %v.
    if (verb == 118 || verb == 119) flagsOfValue();
    printArgument(verb);
  }
}

function parseNumber(): i32 {
  numberFound = false;
  let n: i32 = 0;
  while (p < end && <u32>load<u8>(p) - 48 <= 9) {
    if (n > 1000000) {
      // Go does not look behind a number that is too large.
      p = end;
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
  classify(arrayAt(args, argument));
  argument++;
  // Not only tagged integers: -0 is a number with a spelling.
  if (kind != INT64) return false;
  const n = lowU64(argMagnitude);
  if (bitLength(argMagnitude) > 32 || n > 1000000) return false;
  starValue = argNegative ? -(<i32>n) : <i32>n;
  return true;
}

function printArgument(verb: u32): void {
  if (verb == 84) {
    const from = textLength();
    textType();
    if (precision >= 0 && textLength() - from > <usize>precision) textTruncate(from + <usize>precision);
    pad(from);
    return;
  }
  if (verb != 112) {
    if (kind == BIG) {
      formatBigVerb(verb);
      return;
    }
    if (kind == INT64 ? formatIntegerVerb(verb) : kind == FLOAT ? formatFloatVerb(verb) : formatString(argText, verb)) return;
  }
  textLiteral("%!");
  textCodePoint(verb);
  textByte(40);
  textType();
  textByte(61);
  printArgument(118);
  textByte(41);
}
