// base64*, hex.*, json.marshal, json.unmarshal, json.is_valid, to_number, internal.template_string.

import { alloc } from "../memory";
import { EMPTY_STRING, FALSE, NULL, TAG_ARRAY, TAG_BOOLEAN, TAG_SET, TAG_STRING, TRUE, UNDEFINED, boolean, isNumber, isSet, isString, lengthOf, pointerOf, slice, smallInteger, tagOf } from "../word";
import { BUILTIN_ERROR, HALT_ERROR, builtinError, closeError, typeError } from "../failure";
import { arrayAt, countOf, setAt, sortedItems } from "../collection";
import { numberFromText } from "../number";
import { jsonFault } from "../json-fault";
import { parseJson, parsedEnd, refusedNumber } from "../json-read";
import { limitText, numberLimit } from "../number-limits";
import { textJson, textQuoted, textRego, textUnwritable, unwritable } from "../json-write";
import { isPrintable } from "../printable";
import { decodeAt, decodedWidth } from "../utf8";
import { textByte, textCodePoint, textHex, textLiteral, textOpen, textSlice, textString, textAdvance, textRoom, textClose } from "../text";
import { writeInteger } from "../number";
import { needArray, needString, operandError } from "../operands";

// ---- base64

function digit64(n: u32, url: bool): u32 {
  if (n < 26) return 65 + n;
  if (n < 52) return 71 + n;
  if (n < 62) return n - 4;
  return n == 62 ? (url ? 45 : 43) : url ? 95 : 47;
}

function value64(c: u32, url: bool): i32 {
  if (c - 65 < 26) return c - 65;
  if (c - 97 < 26) return c - 71;
  if (c - 48 < 10) return c + 4;
  if (c == <u32>(url ? 45 : 43)) return 62;
  return c == <u32>(url ? 95 : 47) ? 63 : -1;
}

function encode64(s: u64, url: bool, pad: bool): u64 {
  if (!needString(1, s)) return UNDEFINED;
  let p = pointerOf(s);
  const end = p + lengthOf(s);
  const saved = textOpen();
  while (p < end) {
    const left = <u32>(end - p);
    const a: u32 = load<u8>(p);
    const b: u32 = left > 1 ? <u32>load<u8>(p + 1) : 0;
    const c: u32 = left > 2 ? <u32>load<u8>(p + 2) : 0;
    textByte(digit64(a >> 2, url));
    textByte(digit64(((a & 3) << 4) | (b >> 4), url));
    if (left > 1) textByte(digit64(((b & 15) << 2) | (c >> 6), url));
    else if (pad) textByte(61);
    if (left > 2) textByte(digit64(c & 63, url));
    else if (pad) textByte(61);
    p += 3;
  }
  return textString(saved);
}

// Where the text is wrong.
let wrongAt: usize = 0;

function wrong(offset: usize): u64 {
  wrongAt = offset;
  return UNDEFINED;
}

function skipLineEnds(p: usize, end: usize): usize {
  while (p < end && (load<u8>(p) == 10 || load<u8>(p) == 13)) p++;
  return p;
}

// The bytes of a padded base64 text, or UNDEFINED without noting an error.
function decode64(s: u64, url: bool): u64 {
  const from = pointerOf(s);
  const end = from + lengthOf(s);
  const to = alloc(lengthOf(s));
  let out = to;
  let held: u32 = 0;
  let count: u32 = 0;
  for (let p = skipLineEnds(from, end); p < end; p = skipLineEnds(p + 1, end)) {
    const c: u32 = load<u8>(p);
    const v = value64(c, url);
    if (v >= 0) {
      held = (held << 6) | <u32>v;
      if (++count < 4) continue;
      store<u8>(out, <u8>(held >> 16));
      store<u8>(out + 1, <u8>(held >> 8));
      store<u8>(out + 2, <u8>held);
      out += 3;
      held = 0;
      count = 0;
      continue;
    }
    if (c != 61 || count < 2) return wrong(p - from);
    if (count == 2) {
      p = skipLineEnds(p + 1, end);
      if (p == end) return wrong(end - from);
      if (load<u8>(p) != 61) return wrong(p - 1 - from);
    }
    p = skipLineEnds(p + 1, end);
    if (p < end) return wrong(p - from);
    store<u8>(out++, <u8>(count == 2 ? held >> 4 : held >> 10));
    if (count == 3) store<u8>(out++, <u8>(held >> 2));
    return slice(to, out - to, TAG_STRING);
  }
  return count == 0 ? slice(to, out - to, TAG_STRING) : wrong(end - from - count);
}

function decodeOrError(s: u64, url: bool): u64 {
  const v = decode64(s, url);
  if (v != UNDEFINED) return v;
  const saved = textOpen();
  textLiteral("illegal base64 data at input byte ");
  textAdvance(writeInteger(textRoom(24), wrongAt));
  return closeError(BUILTIN_ERROR, saved);
}

export function builtin_base64_encode(s: u64): u64 {
  return encode64(s, false, true);
}

export function builtin_base64url_encode(s: u64): u64 {
  return encode64(s, true, true);
}

export function builtin_base64url_encode_no_pad(s: u64): u64 {
  return encode64(s, true, false);
}

export function builtin_base64_decode(s: u64): u64 {
  return needString(1, s) ? decodeOrError(s, false) : UNDEFINED;
}

export function builtin_base64_is_valid(s: u64): u64 {
  return boolean(isString(s) && decode64(s, false) != UNDEFINED);
}

/** With or without padding: text that does not end in it gets what it lacks. */
export function builtin_base64url_decode(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const n = lengthOf(s);
  const lacking = n > 0 && load<u8>(pointerOf(s) + n - 1) == 61 ? 0 : (4 - (n & 3)) & 3;
  if (lacking == 0) return decodeOrError(s, true);
  const saved = textOpen();
  if (lacking == 3) textLiteral("illegal base64url string: ");
  textSlice(s);
  if (lacking == 3) return closeError(BUILTIN_ERROR, saved);
  textLiteral(lacking == 2 ? "==" : "=");
  return decodeOrError(textString(saved), true);
}

// ---- hex

export function builtin_hex_encode(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const saved = textOpen();
  for (let p = pointerOf(s); p < pointerOf(s) + lengthOf(s); p++) {
    const c: u32 = load<u8>(p);
    textHex(c, 2);
  }
  return textString(saved);
}

function hexValue(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const lower = c | 32;
  return lower - 97 < 6 ? lower - 87 : 16;
}

export function builtin_hex_decode(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const from = pointerOf(s);
  const n = lengthOf(s);
  const to = alloc(n / 2 + 1);
  for (let i: u32 = 0; i < n; i++) {
    const v = hexValue(load<u8>(from + i));
    if (v > 15) return hexError(from + i, from + n);
    if ((i & 1) == 0) store<u8>(to + i / 2, <u8>(v << 4));
    else store<u8>(to + i / 2, load<u8>(to + i / 2) | <u8>v);
  }
  if ((n & 1) != 0) return builtinError("encoding/hex: odd length hex string");
  return slice(to, n / 2, TAG_STRING);
}

function hexError(p: usize, end: usize): u64 {
  const c: u32 = load<u8>(p);
  const saved = textOpen();
  textLiteral("encoding/hex: invalid byte: U+00");
  textByte(c >> 4 < 10 ? 48 + (c >> 4) : 55 + (c >> 4));
  textByte((c & 15) < 10 ? 48 + (c & 15) : 55 + (c & 15));
  if (isPrintable(c)) {
    textLiteral(" '");
    textCodePoint(c);
    textByte(39);
  }
  return closeError(BUILTIN_ERROR, saved);
}

// ---- JSON

export function builtin_json_marshal(v: u64): u64 {
  const saved = textOpen();
  textJson(v);
  return unwritable == 0 ? textString(saved) : unwritableError(saved);
}

/** The error for a number that JSON cannot write; gives the open text up. */
export function unwritableError(saved: usize): u64 {
  textClose(saved);
  const said = textOpen();
  textUnwritable();
  return closeError(BUILTIN_ERROR, said);
}

function isBlank(c: u32): bool {
  return c == 32 || c == 9 || c == 10 || c == 13;
}

/** The whole text as one JSON value, or UNDEFINED. */
function wholeJson(s: u64): u64 {
  const end = pointerOf(s) + lengthOf(s);
  const v = parseJson(pointerOf(s), lengthOf(s));
  if (v == UNDEFINED) return UNDEFINED;
  let p = parsedEnd;
  while (p < end && isBlank(load<u8>(p))) p++;
  return p == end ? v : UNDEFINED;
}

export function builtin_json_is_valid(s: u64): u64 {
  return boolean(isString(s) && wholeJson(s) != UNDEFINED);
}

export function builtin_json_unmarshal(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  let p = pointerOf(s);
  const end = p + lengthOf(s);
  while (p < end && isBlank(load<u8>(p))) p++;
  if (p == end) return builtinError("EOF");
  const v = parseJson(p, end - p);
  if (v == UNDEFINED) {
    const next = endOfLeadingZero(p, end);
    if (next == end) return jsonFault(p, end);
    readsOn(next, end);
    return UNDEFINED;
  }
  const refused = refusedNumber;
  p = parsedEnd;
  while (p < end && isBlank(load<u8>(p))) p++;
  if (p < end && !readsOn(p, end)) return UNDEFINED;
  return refused == 0 ? v : builtinError(limitText(refused));
}

// A zero with digits behind it is a number of its own: gives where it ends, else the end of the text.
function endOfLeadingZero(p: usize, end: usize): usize {
  const zero = load<u8>(p) == 45 ? p + 1 : p;
  return zero + 1 < end && load<u8>(zero) == 48 && <u32>load<u8>(zero + 1) - 48 < 10 ? zero + 1 : end;
}

// As OPA looks at what follows: only at the next token, and `null` is none.
function readsOn(p: usize, end: usize): bool {
  const c: u32 = load<u8>(p);
  const isOpening = c == 123 || c == 91;
  const v = isOpening ? UNDEFINED : parseJson(p, endOfLeadingZero(p, end) - p);
  if (v == NULL) return true;
  if (!isOpening && v == UNDEFINED) {
    jsonFault(p, end);
    return false;
  }
  const saved = textOpen();
  textLiteral("error: invalid character '");
  if (isOpening) textByte(c);
  else if (v == TRUE || v == FALSE) textLiteral(v == TRUE ? "%!s(bool=true)" : "%!s(bool=false)");
  else if (isString(v)) textSlice(v);
  else textJson(v);
  textLiteral("' after top-level value");
  closeError(BUILTIN_ERROR, saved);
  return false;
}

// ---- numbers from text

/** The end of what Go's ParseFloat takes for a number at `p`, or 0; underscores may stand between digits. */
function scanFloat(p: usize, end: usize): bool {
  if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++;
  let hex = false;
  if (p + 1 < end && load<u8>(p) == 48 && (<u32>load<u8>(p + 1) | 32) == 120) {
    hex = true;
    p += 2;
  }
  let digits = false;
  let point = false;
  let underscore = false;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (c == 95) {
      if (!digits && !hex) return false;
      if (underscore) return false;
      underscore = true;
      continue;
    }
    if (c == 46) {
      if (point || underscore) return false;
      point = true;
      continue;
    }
    if (!(c - 48 < 10 || (hex && (c | 32) - 97 < 6))) break;
    digits = true;
    underscore = false;
  }
  if (!digits || underscore) return false;
  if (p == end) return !hex;
  if ((<u32>load<u8>(p) | 32) != <u32>(hex ? 112 : 101)) return false;
  p++;
  if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++;
  digits = false;
  for (; p < end; p++) {
    const isDigit = <u32>load<u8>(p) - 48 <= 9;
    if (!isDigit && (load<u8>(p) != 95 || !digits)) return false;
    digits = isDigit;
  }
  return digits;
}

export function builtin_to_number(v: u64): u64 {
  if (v == NULL || v == FALSE) return smallInteger(0);
  if (v == TRUE) return smallInteger(1);
  if (isNumber(v)) return v;
  if (!isString(v)) return operandError(1, v, "one of {null, boolean, number, string}");
  let p = pointerOf(v);
  const end = p + lengthOf(v);
  if (scanFloat(p, end)) {
    if (beyondFloat64(p, end)) return parseError(v, "value out of range");
    const limit = lengthOf(v) > 6 ? numberLimit(p, lengthOf(v)) : 0;
    return limit == 0 ? numberFromText(p, lengthOf(v)) : builtinError(limitText(limit));
  }
  while (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++;
  if (isWord(p, end, "inf") || isWord(p, end, "infinity") || isWord(p, end, "nan")) return operandError(1, v, "valid number string");
  return parseError(v, "invalid syntax");
}

function isWord(p: usize, end: usize, word: string): bool {
  const w = changetype<usize>(word);
  if (end - p != <usize>word.length) return false;
  for (let i: usize = 0; i < <usize>word.length; i++) {
    if ((<u32>load<u8>(p + i) | 32) != <u32>load<u16>(w + (i << 1))) return false;
  }
  return true;
}

function parseError(v: u64, what: string): u64 {
  const saved = textOpen();
  textLiteral("strconv.ParseFloat: parsing ");
  textQuoted(v);
  textLiteral(": ");
  textLiteral(what);
  return closeError(BUILTIN_ERROR, saved);
}

// 1.7976931348623157e308 and half a unit more: the first number that has no float64.
function beyondFloat64(p: usize, end: usize): bool {
  takeApart(p, <u32>(end - p));
  if (partFrom == 0 || partExponent < 308) return false;
  if (partExponent > 308) return true;
  const limit: string = "17976931348623158079372897140530341507993413271003782693617377898044";
  const l = changetype<usize>(limit);
  let i: usize = 0;
  for (let q = partFrom; q < partTo && i < <usize>limit.length; q++) {
    const c: u32 = load<u8>(q);
    if (c - 48 > 9) continue;
    const d: u32 = load<u16>(l + (i << 1));
    if (c != d) return c > d;
    i++;
  }
  return i == <usize>limit.length;
}

import { partExponent, partFrom, partTo, takeApart } from "../number";

// ---- template strings

/** Parts are sets with the part's value, or empty where it is undefined. */
export function builtin_internal_template_string(parts: u64): u64 {
  if (!needArray(1, parts)) return UNDEFINED;
  const saved = textOpen();
  for (let i: u32 = 0; i < countOf(parts); i++) {
    const part = arrayAt(parts, i);
    if (!isSet(part)) {
      textPart(part);
      continue;
    }
    const n = countOf(part);
    if (n == 0) {
      textLiteral("<undefined>");
    } else if (n == 1) {
      sortedItems(part);
      textPart(setAt(part, 0));
    } else {
      textClose(saved);
      const message = textOpen();
      textLiteral("template-strings must not produce multiple outputs");
      return closeError(HALT_ERROR, message);
    }
  }
  return textString(saved);
}

function textPart(v: u64): void {
  if (isString(v)) textSlice(v);
  else textRego(v);
}
