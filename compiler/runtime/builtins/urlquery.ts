// urlquery.*: query strings as Go's net/url escapes and reads them.

import { UNDEFINED, isString, lengthOf, pointerOf, stringView, tagOf, TAG_ARRAY, TAG_SET, TAG_OBJECT } from "../word";
import { BUILTIN_ERROR, builtinError, closeError, typeError } from "../failure";
import { arrayAppend, arrayAt, countOf, keyAt, makeArray, makeObject, objectGet, objectPut, sortedItems, valueAt } from "../collection";
import { textByte, textBytes, textClose, textLiteral, textOpen, textString } from "../text";
import { textJson, textQuoted } from "../json-write";
import { needString, operandError } from "../operands";

function isPlain(c: u32): bool {
  return c - 48 <= 9 || (c | 32) - 97 <= 25 || c == 45 || c == 95 || c == 46 || c == 126;
}

function textEscaped(s: u64): void {
  for (let p = pointerOf(s); p < pointerOf(s) + lengthOf(s); p++) {
    const c: u32 = load<u8>(p);
    if (isPlain(c)) {
      textByte(c);
    } else if (c == 32) {
      textByte(43);
    } else {
      textByte(37);
      textByte(c >> 4 < 10 ? 48 + (c >> 4) : 55 + (c >> 4));
      textByte((c & 15) < 10 ? 48 + (c & 15) : 55 + (c & 15));
    }
  }
}

export function builtin_urlquery_encode(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const saved = textOpen();
  textEscaped(s);
  return textString(saved);
}

function hexValue(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const lower = c | 32;
  return lower - 97 < 6 ? lower - 87 : 16;
}

function unescape(p: usize, end: usize): u64 {
  const saved = textOpen();
  while (p < end) {
    const c: u32 = load<u8>(p);
    if (c == 37) {
      const high: u32 = p + 1 < end ? hexValue(load<u8>(p + 1)) : 16;
      const low: u32 = p + 2 < end ? hexValue(load<u8>(p + 2)) : 16;
      if (high > 15 || low > 15) {
        textClose(saved);
        const message = textOpen();
        textLiteral("invalid URL escape ");
        textQuoted(stringView(p, end - p < 3 ? end - p : 3));
        return closeError(BUILTIN_ERROR, message);
      }
      textByte((high << 4) | low);
      p += 3;
    } else {
      textByte(c == 43 ? 32 : c);
      p++;
    }
  }
  return textString(saved);
}

export function builtin_urlquery_decode(s: u64): u64 {
  return needString(1, s) ? unescape(pointerOf(s), pointerOf(s) + lengthOf(s)) : UNDEFINED;
}

function keyText(key: u64): u64 {
  if (isString(key)) return key;
  const saved = textOpen();
  textJson(key);
  return textString(saved);
}

export function builtin_urlquery_encode_object(object: u64): u64 {
  if (tagOf(object) != TAG_OBJECT) return operandError(1, object, "object");
  // Keys in the order of their texts.
  const byText = makeObject(0);
  sortedItems(object);
  for (let i: u32 = 0; i < countOf(object); i++) objectPut(byText, keyText(keyAt(object, i)), valueAt(object, i));
  sortedItems(byText);
  const saved = textOpen();
  let any = false;
  for (let i: u32 = 0; i < countOf(byText); i++) {
    const value = valueAt(byText, i);
    const list = tagOf(value) == TAG_ARRAY || tagOf(value) == TAG_SET;
    const count: u32 = list ? countOf(value) : 1;
    if (list) sortedItems(value);
    for (let j: u32 = 0; j < count; j++) {
      const text = list ? arrayAt(value, j) : value;
      if (!isString(text)) {
        textClose(saved);
        return typeError("operand 1 values must be string, array[string], or set[string]");
      }
      if (any) textByte(38);
      any = true;
      textEscaped(keyAt(byText, i));
      textByte(61);
      textEscaped(text);
    }
  }
  return textString(saved);
}

export function builtin_urlquery_decode_object(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const result = makeObject(0);
  let p = pointerOf(s);
  const end = p + lengthOf(s);
  while (p < end) {
    let stop = p;
    while (stop < end && load<u8>(stop) != 38) stop++;
    let equals = stop;
    for (let q = p; q < stop; q++) {
      if (load<u8>(q) == 59) return builtinError("invalid semicolon separator in query");
      if (load<u8>(q) == 61 && equals == stop) equals = q;
    }
    if (stop > p) {
      const key = unescape(p, equals);
      if (key == UNDEFINED) return UNDEFINED;
      const value = unescape(equals < stop ? equals + 1 : stop, stop);
      if (value == UNDEFINED) return UNDEFINED;
      let values = objectGet(result, key);
      if (values == UNDEFINED) {
        values = makeArray(1);
        objectPut(result, key, values);
      }
      arrayAppend(values, value);
    }
    p = stop + 1;
  }
  return result;
}
