// Writes values as JSON and as Rego text, with an explicit stack: depth costs no call stack.

import { depth, pop, push, stackAt } from "./memory";
import {
  FALSE, NULL, TAG_ARRAY, TAG_INTEGER, TAG_NUMBER, TAG_OBJECT, TAG_SET, TAG_STRING, TRUE, integerOf, isString, lengthOf,
  pointerOf, tagOf,
} from "./word";
import { textAdvance, textByte, textBytes, textHex, textLiteral, textOpen, textRoom, textSlice, textString } from "./text";
import { writeInteger } from "./number";
import { countOf, keyAt, makeObject, objectPut, sortedItems, valueAt } from "./collection";
import { decodeAt, decodedWidth } from "./utf8";
import { isPrintable } from "./printable";

/** JSON as Go's encoder writes it: compact, keys sorted, sets as arrays, other keys as their JSON text. */
const JSON: u32 = 0;
/** Rego text as OPA prints it: `{"a": 1}`, `{1, 2}`, `set()`, strings quoted as Go does. */
const REGO: u32 = 1;
/** Rego text whose strings any JSON reader understands: what leaves the module. */
const EXCHANGE: u32 = 2;

/** The first number of the last `textJson` that JSON has no way to write, such as `to_number("01")`; 0 for none. */
export let unwritable: u64 = 0;

/** Appends the value to the open text as JSON. */
export function textJson(v: u64): void {
  unwritable = 0;
  write(v, JSON);
}

/** Appends what OPA says of the number that cannot be written. */
export function textUnwritable(): void {
  textLiteral('json: invalid number literal "');
  const p = pointerOf(unwritable);
  const isNegative = load<u8>(p) == 45;
  const first: u32 = load<u8>(p + (isNegative ? 1 : 0));
  if (first == 73) textLiteral(isNegative ? "-Inf" : "+Inf");
  else textSlice(unwritable);
  textByte(34);
}

/** Appends the value to the open text as Rego text. */
export function textRego(v: u64): void {
  write(v, REGO);
}

/** Appends the value to the open text as Rego text for another program. */
export function textExchange(v: u64): void {
  write(v, EXCHANGE);
}

const WRITTEN: u32 = 256;
const VALUE_NEXT: u32 = 128;

function write(v: u64, form: u32): void {
  const bottom = depth();
  writeOpening(v, form);
  while (depth() > bottom) {
    // A frame of 16 bytes: next item, items left, tag and flags.
    let frame = stackAt(depth());
    const left = load<u32>(frame, 4);
    const kind = load<u32>(frame, 8);
    const tag = kind & 15;
    if (left == 0) {
      pop(16);
      textByte(tag == TAG_ARRAY || (tag == TAG_SET && form == JSON) ? 93 : 125);
      continue;
    }
    const item = <usize>load<u32>(frame);
    if ((kind & VALUE_NEXT) != 0) {
      store<u32>(frame, <u32>item + 16);
      store<u32>(frame, left - 1, 4);
      store<u32>(frame, kind & ~VALUE_NEXT, 8);
      writeColon(form);
      writeOpening(load<u64>(item, 8), form);
      continue;
    }
    if ((kind & WRITTEN) != 0) {
      textByte(44);
      if (form != JSON) textByte(32);
      // The text may have grown into the stack, which moved then.
      frame = stackAt(depth());
    }
    const key = load<u64>(item);
    if (tag == TAG_OBJECT && tagOf(key) >= TAG_ARRAY) {
      // A collection as key: write it first and come back for the value.
      store<u32>(frame, kind | WRITTEN | VALUE_NEXT, 8);
      writeOpening(key, form);
      continue;
    }
    store<u32>(frame, kind | WRITTEN, 8);
    store<u32>(frame, left - 1, 4);
    if (tag == TAG_OBJECT) {
      store<u32>(frame, <u32>item + 16);
      writeScalar(key, form);
      writeColon(form);
      writeOpening(load<u64>(item, 8), form);
    } else {
      store<u32>(frame, <u32>item + 8);
      writeOpening(key, form);
    }
  }
}

@inline
function writeColon(form: u32): void {
  textByte(58);
  if (form != JSON) textByte(32);
}

// Writes a scalar, or the opening of a collection and pushes its frame.
function writeOpening(v: u64, form: u32): void {
  const tag = tagOf(v);
  if (tag < TAG_ARRAY) {
    writeScalar(v, form);
    return;
  }
  if (tag == TAG_SET && form != JSON && countOf(v) == 0) {
    textLiteral("set()");
    return;
  }
  if (tag == TAG_OBJECT && form == JSON) v = withStringKeys(v);
  const items = sortedItems(v);
  textByte(tag == TAG_ARRAY || (tag == TAG_SET && form == JSON) ? 91 : 123);
  const frame = push(16);
  store<u32>(frame, <u32>items);
  store<u32>(frame, countOf(v), 4);
  store<u32>(frame, tag, 8);
}

// JSON objects have strings as keys: others become their JSON text; of equal texts the later key in order wins.
function withStringKeys(object: u64): u64 {
  sortedItems(object);
  const count = countOf(object);
  let i: u32 = 0;
  // Strings sort behind null, booleans and numbers and before collections.
  if (count == 0 || (isString(keyAt(object, 0)) && isString(keyAt(object, count - 1)))) return object;
  const strings = makeObject(count);
  for (; i < count; i++) {
    let key = keyAt(object, i);
    if (!isString(key)) {
      const saved = textOpen();
      write(key, JSON);
      key = textString(saved);
    }
    objectPut(strings, key, valueAt(object, i));
  }
  return strings;
}

function writeScalar(v: u64, form: u32): void {
  const tag = tagOf(v);
  if (tag == TAG_STRING) {
    if (form == REGO) textQuoted(v);
    else writeJsonString(v, form == JSON);
  } else if (tag == TAG_INTEGER) {
    const to = textRoom(24);
    textAdvance(writeInteger(to, integerOf(v)));
  } else if (tag == TAG_NUMBER) {
    if (form == JSON) writeJsonNumber(v);
    else textSlice(v);
  } else if (v == TRUE) {
    textLiteral("true");
  } else if (v == FALSE) {
    textLiteral("false");
  } else if (v == NULL) {
    textLiteral("null");
  }
}

// Rego has numbers without a digit before the point (`.5`), and what `to_number` reads may be spelled in more ways.
function writeJsonNumber(v: u64): void {
  let p = pointerOf(v);
  const end = p + lengthOf(v);
  if (unwritable == 0 && !isJsonNumber(p, end)) unwritable = v;
  if (load<u8>(p) == 45) {
    textByte(45);
    p++;
  }
  if (load<u8>(p) == 46) textByte(48);
  textBytes(p, end - p);
}

function isJsonNumber(p: usize, end: usize): bool {
  if (load<u8>(p) == 45) p++;
  let digits = digitsFrom(p, end);
  if (digits == 0 || (digits > 1 && load<u8>(p) == 48)) return false;
  p += digits;
  if (p < end && load<u8>(p) == 46) {
    digits = digitsFrom(p + 1, end);
    if (digits == 0) return false;
    p += digits + 1;
  }
  if (p < end && (<u32>load<u8>(p) | 32) == 101) {
    p++;
    if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++;
    digits = digitsFrom(p, end);
    if (digits == 0) return false;
    p += digits;
  }
  return p == end;
}

function digitsFrom(p: usize, end: usize): usize {
  const from = p;
  while (p < end && <u32>load<u8>(p) - 48 <= 9) p++;
  return p - from;
}

// A high bit where a byte is a quote, a backslash, a control character, DEL, beyond ASCII, or one of & < >.
@inline
function special(w: u64): u64 {
  const quote = w ^ 0x2222222222222222;
  const escape = w ^ 0x5c5c5c5c5c5c5c5c;
  const and = w ^ 0x2626262626262626;
  const angle = (w & 0xfdfdfdfdfdfdfdfd) ^ 0x3c3c3c3c3c3c3c3c;
  const delete_ = w ^ 0x7f7f7f7f7f7f7f7f;
  const one: u64 = 0x0101010101010101;
  return ((w - 0x2020202020202020) | (quote - one) | (escape - one) | (and - one) | (angle - one) | (delete_ - one) | w) & 0x8080808080808080;
}

// How far the text from `p` can be copied as it is.
function plainUntil(p: usize, end: usize): usize {
  while (p < end) {
    const m = special(load<u64>(p));
    if (m != 0) {
      p += <usize>ctz(m) >> 3;
      return p < end ? p : end;
    }
    p += 8;
  }
  return end;
}

function writeJsonString(v: u64, html: bool): void {
  let p = pointerOf(v);
  const end = p + lengthOf(v);
  textByte(34);
  while (p < end) {
    const plain = plainUntil(p, end);
    if (plain > p) {
      textBytes(p, plain - p);
      p = plain;
      if (p >= end) break;
    }
    const c: u32 = load<u8>(p);
    if (c >= 0x80) {
      const point = decodeAt(p, end);
      if (decodedWidth == 1) {
        if (html) {
          textLiteral("\\ufffd");
        } else {
          textLiteral("\\x");
          textHex(c, 2);
        }
      } else if (html && (point | 1) == 0x2029) {
        textLiteral("\\u");
        textHex(point, 4);
      } else {
        textBytes(p, decodedWidth);
      }
      p += decodedWidth;
      continue;
    }
    p++;
    writeEscape(c, html);
  }
  textByte(34);
}

function writeEscape(c: u32, html: bool): void {
  let letter: u32 = 0;
  if (c == 34 || c == 92) letter = c;
  else if (c == 10) letter = 110;
  else if (c == 13) letter = 114;
  else if (c == 9) letter = 116;
  else if (c == 8) letter = 98;
  else if (c == 12) letter = 102;
  if (letter != 0) {
    textByte(92);
    textByte(letter);
  } else if (c < 32 || (html && (c == 38 || c == 60 || c == 62))) {
    textLiteral("\\u00");
    textHex(c, 2);
  } else {
    textByte(c);
  }
}

/** Appends the string as Go's strconv.Quote writes it. */
export function textQuoted(v: u64): void {
  let p = pointerOf(v);
  const end = p + lengthOf(v);
  textByte(34);
  while (p < end) {
    const plain = plainUntil(p, end);
    if (plain > p) {
      textBytes(p, plain - p);
      p = plain;
      if (p >= end) break;
    }
    const c: u32 = load<u8>(p);
    const point = decodeAt(p, end);
    if (c >= 0x80 && decodedWidth == 1) {
      textLiteral("\\x");
      textHex(c, 2);
    } else if (point == 7 || point == 11) {
      textByte(92);
      textByte(point == 7 ? 97 : 118);
    } else if (c < 0x80 && (c == 34 || c == 92 || (c >= 8 && c <= 13))) {
      writeEscape(c, false);
    } else if (isPrintable(point)) {
      textBytes(p, decodedWidth);
    } else if (point < 0x80) {
      textLiteral("\\x");
      textHex(point, 2);
    } else {
      textLiteral(point < 0x10000 ? "\\u" : "\\U");
      textHex(point, point < 0x10000 ? 4 : 8);
    }
    p += decodedWidth;
  }
  textByte(34);
}
