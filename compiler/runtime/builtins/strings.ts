// String builtins except sprintf. Offsets and counts are in code points, searching is on bytes.

import { alloc, copyBytes, heap_ptr } from "../memory";
import {
  EMPTY_STRING, TAG_ARRAY, TAG_OBJECT, TAG_SET, TAG_STRING, TRUE, UNDEFINED, boolean, isNumber, isString, lengthOf, pointerOf,
  slice, smallInteger, stringView, tagOf, TAG_INTEGER,
} from "../word";
import { compareBytes, sameBytes } from "../bytes";
import { builtinError, typeError } from "../failure";
import { arrayAppend, arrayAt, countOf, keyAt, makeArray, sortedItems, valueAt } from "../collection";
import { plainInteger, lastIntegral } from "../number";
import { toLower, toUpper } from "../case-mapping";
import { countCodePoints, decodeAt, decodedWidth } from "../utf8";
import { textByte, textBytes, textClose, textCodePoint, textOpen, textSlice, textString } from "../text";
import { elementError, needNumber, needObject, needString, needStrings, notInteger, operandError } from "../operands";
import { toFloat, truncate, isNegative } from "../numbers/float";
import { bitAt, bitLength, digitsEnd, isZero, toDigits } from "../numbers/magnitude";
import { integerMagnitude, integerNegative, isWholeNumber } from "../numbers/integers";

/** Where the needle begins in `p`..`end`, or 0. An empty needle is found at once. */
function findBytes(p: usize, end: usize, needle: usize, length: u32): usize {
  if (length == 0) return p;
  if (end - p < length || end < p) return 0;
  const last = end - length;
  const first: u32 = load<u8>(needle);
  for (; p <= last; p++) {
    if (<u32>load<u8>(p) == first && sameBytes(p, needle, length)) return p;
  }
  return 0;
}

@inline
function endOf(v: u64): usize {
  return pointerOf(v) + lengthOf(v);
}

function startsWith(s: u64, prefix: u64): bool {
  return lengthOf(s) >= lengthOf(prefix) && sameBytes(pointerOf(s), pointerOf(prefix), lengthOf(prefix));
}

function endsWith(s: u64, suffix: u64): bool {
  return lengthOf(s) >= lengthOf(suffix) && sameBytes(endOf(s) - lengthOf(suffix), pointerOf(suffix), lengthOf(suffix));
}

function needStrings2(a: u64, b: u64): bool {
  return needString(1, a) && needString(2, b);
}

export function builtin_contains(s: u64, part: u64): u64 {
  if (!needStrings2(s, part)) return UNDEFINED;
  return boolean(findBytes(pointerOf(s), endOf(s), pointerOf(part), lengthOf(part)) != 0 || lengthOf(part) == 0);
}

export function builtin_startswith(s: u64, prefix: u64): u64 {
  return needStrings2(s, prefix) ? boolean(startsWith(s, prefix)) : UNDEFINED;
}

export function builtin_endswith(s: u64, suffix: u64): u64 {
  return needStrings2(s, suffix) ? boolean(endsWith(s, suffix)) : UNDEFINED;
}

function anyAffix(strings: u64, affixes: u64, suffix: bool): u64 {
  if (isString(strings) && isString(affixes)) return boolean(suffix ? endsWith(strings, affixes) : startsWith(strings, affixes));
  if (!isString(strings)) {
    if (tagOf(strings) != TAG_ARRAY && tagOf(strings) != TAG_SET) return operandError(1, strings, "one of {string, set, array}");
    if (!needStrings(1, strings)) return UNDEFINED;
  }
  if (!isString(affixes)) {
    if (tagOf(affixes) != TAG_ARRAY && tagOf(affixes) != TAG_SET) return operandError(2, affixes, "one of {string, set, array}");
    if (!needStrings(2, affixes)) return UNDEFINED;
  }
  const m: u32 = isString(strings) ? 1 : countOf(strings);
  const n: u32 = isString(affixes) ? 1 : countOf(affixes);
  for (let i: u32 = 0; i < m; i++) {
    const s = isString(strings) ? strings : arrayAt(strings, i);
    for (let j: u32 = 0; j < n; j++) {
      const affix = isString(affixes) ? affixes : arrayAt(affixes, j);
      if (suffix ? endsWith(s, affix) : startsWith(s, affix)) return TRUE;
    }
  }
  return boolean(false);
}

export function builtin_strings_any_prefix_match(strings: u64, prefixes: u64): u64 {
  return anyAffix(strings, prefixes, false);
}

export function builtin_strings_any_suffix_match(strings: u64, suffixes: u64): u64 {
  return anyAffix(strings, suffixes, true);
}

export function builtin_concat(separator: u64, list: u64): u64 {
  if (!needString(1, separator)) return UNDEFINED;
  const tag = tagOf(list);
  if (tag != TAG_ARRAY && tag != TAG_SET) return operandError(2, list, "one of {set, array}");
  if (!needStrings(2, list)) return UNDEFINED;
  const count = countOf(list);
  if (count == 0) return EMPTY_STRING;
  if (count == 1) return arrayAt(list, 0);
  const saved = textOpen();
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) textSlice(separator);
    textSlice(arrayAt(list, i));
  }
  return textString(saved);
}

export function builtin_indexof(s: u64, part: u64): u64 {
  if (!needStrings2(s, part)) return UNDEFINED;
  if (lengthOf(part) == 0) return builtinError("empty search character");
  const p = pointerOf(s);
  const found = findBytes(p, endOf(s), pointerOf(part), lengthOf(part));
  return smallInteger(found == 0 ? -1 : <i64>countCodePoints(p, found - p));
}

export function builtin_indexof_n(s: u64, part: u64): u64 {
  if (!needStrings2(s, part)) return UNDEFINED;
  if (lengthOf(part) == 0) return builtinError("empty search character");
  const result = makeArray(0);
  let p = pointerOf(s);
  let index: i64 = 0;
  const end = endOf(s);
  while (true) {
    const found = findBytes(p, end, pointerOf(part), lengthOf(part));
    if (found == 0) return result;
    index += <i64>countCodePoints(p, found - p);
    arrayAppend(result, smallInteger(index));
    decodeAt(found, end);
    p = found + decodedWidth;
    index++;
  }
}

export function builtin_strings_count(s: u64, part: u64): u64 {
  if (!needStrings2(s, part)) return UNDEFINED;
  if (lengthOf(part) == 0) return smallInteger(<i64>countCodePoints(pointerOf(s), lengthOf(s)) + 1);
  let n: i64 = 0;
  let p = pointerOf(s);
  while (true) {
    p = findBytes(p, endOf(s), pointerOf(part), lengthOf(part));
    if (p == 0) return smallInteger(n);
    n++;
    p += lengthOf(part);
  }
}

// ---- parts

/** The place `count` code points behind `p`, or `end`. */
function skipCodePoints(p: usize, end: usize, count: i64): usize {
  for (; count > 0 && p < end; count--) {
    if (load<u8>(p) < 0x80) {
      p++;
    } else {
      decodeAt(p, end);
      p += decodedWidth;
    }
  }
  return p;
}

export function builtin_substring(s: u64, offset: u64, length: u64): u64 {
  if (!needString(1, s) || !needNumber(2, offset)) return UNDEFINED;
  const from = plainInteger(offset);
  if (!lastIntegral) return notInteger(2);
  if (!needNumber(3, length)) return UNDEFINED;
  const count = plainInteger(length);
  if (!lastIntegral) return notInteger(3);
  if (from < 0) return builtinError("negative offset");
  const end = endOf(s);
  const start = skipCodePoints(pointerOf(s), end, from);
  const stop = count < 0 ? end : skipCodePoints(start, end, count);
  return stringView(start, stop - start);
}

export function builtin_split(s: u64, separator: u64): u64 {
  if (!needStrings2(s, separator)) return UNDEFINED;
  const result = makeArray(0);
  splitInto(result, s, separator, -1);
  return result;
}

// At most `limit` parts (the last one holds the rest), all of them for -1.
function splitInto(result: u64, s: u64, separator: u64, limit: i64): void {
  if (limit == 0) return;
  let p = pointerOf(s);
  const end = endOf(s);
  const width = lengthOf(separator);
  if (width == 0) {
    while (p < end) {
      decodeAt(p, end);
      const w: usize = limit >= 0 && <i64>countOf(result) == limit - 1 ? end - p : decodedWidth;
      arrayAppend(result, stringView(p, w));
      p += w;
    }
    return;
  }
  while (limit < 0 || <i64>countOf(result) < limit - 1) {
    const found = findBytes(p, end, pointerOf(separator), width);
    if (found == 0) break;
    arrayAppend(result, stringView(p, found - p));
    p = found + width;
  }
  arrayAppend(result, stringView(p, end - p));
}

/** The first `n` parts, or for a negative `n` the last `-n`. */
export function builtin_strings_split_n(s: u64, separator: u64, n: u64): u64 {
  if (!needStrings2(s, separator) || !needNumber(3, n)) return UNDEFINED;
  const wanted = plainInteger(n);
  if (!lastIntegral) return notInteger(3);
  const parts = makeArray(0);
  splitInto(parts, s, separator, wanted >= 0 && wanted < i64.MAX_VALUE ? wanted + 1 : -1);
  const count = <i64>countOf(parts);
  let from: i64 = 0;
  let to: i64 = count;
  if (wanted >= 0) to = wanted < count ? wanted : count;
  else if (count + wanted > 0) from = count + wanted;
  const result = makeArray(<u32>(to - from));
  for (let i = from; i < to; i++) arrayAppend(result, arrayAt(parts, <u32>i));
  return result;
}

export function builtin_strings_reverse(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const length = lengthOf(s);
  const to = alloc(length);
  let p = pointerOf(s);
  const end = endOf(s);
  let out = to + length;
  while (p < end) {
    decodeAt(p, end);
    const w = decodedWidth;
    out -= w;
    copyBytes(out, p, w);
    p += w;
  }
  return slice(to, length, TAG_STRING);
}

// ---- replacing

export function builtin_replace(s: u64, old: u64, fresh: u64): u64 {
  if (!needStrings2(s, old) || !needString(3, fresh)) return UNDEFINED;
  let p = pointerOf(s);
  const end = endOf(s);
  const saved = textOpen();
  if (lengthOf(old) == 0) {
    // Between all bytes, even within a character.
    for (; p < end; p++) {
      textSlice(fresh);
      textByte(load<u8>(p));
    }
    textSlice(fresh);
    return textString(saved);
  }
  while (true) {
    const found = findBytes(p, end, pointerOf(old), lengthOf(old));
    if (found == 0) break;
    textBytes(p, found - p);
    textSlice(fresh);
    p = found + lengthOf(old);
  }
  textBytes(p, end - p);
  return textString(saved);
}

/** All patterns in one pass; at each place the first one in key order that fits. */
export function builtin_strings_replace_n(patterns: u64, s: u64): u64 {
  if (!needObject(1, patterns) || !needString(2, s)) return UNDEFINED;
  sortedItems(patterns);
  const count = countOf(patterns);
  for (let i: u32 = 0; i < count; i++) {
    if (!isString(keyAt(patterns, i))) return typeError("operand 1 non-string key found in pattern object");
    if (!isString(valueAt(patterns, i))) return typeError("operand 1 non-string value found in pattern object");
  }
  const saved = textOpen();
  let p = pointerOf(s);
  const end = endOf(s);
  let wasEmpty = false;
  while (p <= end) {
    let matched = false;
    for (let i: u32 = 0; i < count; i++) {
      const key = keyAt(patterns, i);
      const length = lengthOf(key);
      if (length == 0 ? wasEmpty : end - p < length || !sameBytes(p, pointerOf(key), length)) continue;
      textSlice(valueAt(patterns, i));
      p += length;
      wasEmpty = length == 0;
      matched = true;
      break;
    }
    if (!matched) {
      wasEmpty = false;
      if (p < end) textByte(load<u8>(p));
      p++;
    }
  }
  return textString(saved);
}

// ---- trimming

function inCutset(c: u32, cutset: u64): bool {
  let p = pointerOf(cutset);
  const end = endOf(cutset);
  while (p < end) {
    if (decodeAt(p, end) == c) return true;
    p += decodedWidth;
  }
  return false;
}

function trimLeft(s: u64, cutset: u64): u64 {
  let p = pointerOf(s);
  const end = endOf(s);
  while (p < end) {
    const c = decodeAt(p, end);
    const w = decodedWidth;
    if (!inCutset(c, cutset)) break;
    p += w;
  }
  return stringView(p, end - p);
}

// Where the last code point before `end` begins.
function lastCodePoint(from: usize, end: usize): usize {
  let p = end - 1;
  while (p > from && end - p < 4 && (<u32>load<u8>(p) & 0xc0) == 0x80) p--;
  decodeAt(p, end);
  return p + decodedWidth == end ? p : end - 1;
}

function trimRight(s: u64, cutset: u64): u64 {
  const from = pointerOf(s);
  let end = endOf(s);
  while (end > from) {
    const p = lastCodePoint(from, end);
    if (!inCutset(decodeAt(p, end), cutset)) break;
    end = p;
  }
  return stringView(from, end - from);
}

export function builtin_trim(s: u64, cutset: u64): u64 {
  return needStrings2(s, cutset) ? trimRight(trimLeft(s, cutset), cutset) : UNDEFINED;
}

export function builtin_trim_left(s: u64, cutset: u64): u64 {
  return needStrings2(s, cutset) ? trimLeft(s, cutset) : UNDEFINED;
}

export function builtin_trim_right(s: u64, cutset: u64): u64 {
  return needStrings2(s, cutset) ? trimRight(s, cutset) : UNDEFINED;
}

export function builtin_trim_prefix(s: u64, prefix: u64): u64 {
  if (!needStrings2(s, prefix)) return UNDEFINED;
  const n = lengthOf(prefix);
  return startsWith(s, prefix) ? stringView(pointerOf(s) + n, lengthOf(s) - n) : s;
}

export function builtin_trim_suffix(s: u64, suffix: u64): u64 {
  if (!needStrings2(s, suffix)) return UNDEFINED;
  return endsWith(s, suffix) ? stringView(pointerOf(s), lengthOf(s) - lengthOf(suffix)) : s;
}

/** White space as Go's unicode.IsSpace has it. */
export function isSpace(c: u32): bool {
  if (c < 0x80) return c == 32 || c - 9 <= 4;
  return c == 0x85 || c == 0xa0 || c == 0x1680 || c - 0x2000 <= 10 || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

export function builtin_trim_space(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  let p = pointerOf(s);
  let end = endOf(s);
  while (p < end && isSpace(decodeAt(p, end))) {
    decodeAt(p, end);
    p += decodedWidth;
  }
  while (end > p) {
    const last = lastCodePoint(p, end);
    if (!isSpace(decodeAt(last, end))) break;
    end = last;
  }
  return stringView(p, end - p);
}

// ---- case

function mapCase(s: u64, upper: bool): u64 {
  let p = pointerOf(s);
  const end = endOf(s);
  const saved = textOpen();
  let changed = false;
  while (p < end) {
    const c = decodeAt(p, end);
    const w = decodedWidth;
    const m = upper ? toUpper(c) : toLower(c);
    if (m != c || (c == 0xfffd && w == 1)) changed = true;
    textCodePoint(m);
    p += w;
  }
  if (changed) return textString(saved);
  textClose(saved);
  return s;
}

export function builtin_lower(s: u64): u64 {
  return needString(1, s) ? mapCase(s, false) : UNDEFINED;
}

export function builtin_upper(s: u64): u64 {
  return needString(1, s) ? mapCase(s, true) : UNDEFINED;
}

// ---- numbers as text

export function builtin_format_int(n: u64, base: u64): u64 {
  if (!needNumber(1, n) || !needNumber(2, base)) return UNDEFINED;
  // The spelling counts: only these four.
  const b = tagOf(base) == TAG_INTEGER ? <u32>(<i64>base >> 4) : 0;
  let bits: u32 = 0;
  if (b == 2) bits = 1;
  else if (b == 8) bits = 3;
  else if (b == 16) bits = 4;
  else if (b != 10) return typeError("operand 2 must be one of {2, 8, 10, 16}");
  let negative: bool;
  let magnitude: usize;
  if (isDigits(n)) {
    magnitude = integerMagnitude(n);
    negative = integerNegative;
  } else {
    const f = toFloat(n);
    magnitude = truncate(f);
    negative = isNegative(f);
  }
  const saved = textOpen();
  if (negative && !isZero(magnitude)) textByte(45);
  if (bits == 0) {
    const from = toDigits(magnitude);
    textBytes(from, digitsEnd - from);
    return textString(saved);
  }
  const length = bitLength(magnitude);
  let i = length == 0 ? 1 : (length + bits - 1) / bits;
  for (; i > 0; i--) {
    let d: u32 = 0;
    for (let j: u32 = bits; j > 0; j--) d = (d << 1) | (bitAt(magnitude, (i - 1) * bits + j - 1) ? 1 : 0);
    textByte(d < 10 ? 48 + d : 87 + d);
  }
  return textString(saved);
}

// Only digits and a sign: exact; other spellings go through a float.
function isDigits(n: u64): bool {
  if (tagOf(n) == TAG_INTEGER) return true;
  const p = pointerOf(n);
  for (let i: u32 = 0; i < lengthOf(n); i++) {
    const c: u32 = load<u8>(p + i);
    if (c - 48 > 9 && !(i == 0 && (c == 45 || c == 43))) return false;
  }
  return true;
}
