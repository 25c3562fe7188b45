// json.patch: RFC 6902 as OPA has it, on objects, arrays and sets. Every operation makes a new document that shares what it
// did not touch.

import { TAG_ARRAY, TAG_BOOLEAN, TAG_INTEGER, TAG_NULL, TAG_OBJECT, TAG_SET, UNDEFINED, isNumber, isObject, isString, lengthOf, pointerOf, tagOf } from "../word";
import { arrayAppend, arrayAt, copyObject, countOf, keyAt, makeArray, makeObject, makeSet, objectGet, objectPut, setAdd, setGet, setHas, sortedItems, valueAt } from "../collection";
import { compare, equal } from "../compare";
import { BUILTIN_ERROR, TYPE_ERROR, builtinError, closeError } from "../failure";
import { integralValue, lastIntegral, numberView, plainInteger } from "../number";
import { stringIs } from "../bytes";
import { stringCopy } from "../value";
import { textByte, textLiteral, textOpen, textSlice, textString } from "../text";
import { textRego } from "../json-write";
import { needArray, textTypeName } from "../operands";
import { pathSegments } from "./objects";

function literal(s: string): u64 {
  const saved = textOpen();
  textLiteral(s);
  return textString(saved);
}

function errorWith(before: string, v: u64, after: string): u64 {
  const saved = textOpen();
  textLiteral(before);
  textRego(v);
  textLiteral(after);
  return closeError(BUILTIN_ERROR, saved);
}

function pathError(key: u64, kind: string, v: u64): u64 {
  const saved = textOpen();
  textLiteral("path ");
  // A string that is all of a ref stands there without quotes.
  if (tagOf(v) == TAG_SET && isString(key)) textSlice(key);
  else textRego(key);
  textLiteral(" does not exist in ");
  textLiteral(kind);
  textLiteral(" term ");
  textRego(v);
  return closeError(BUILTIN_ERROR, saved);
}

// Something stands where a collection should; `key`: what was looked for in it.
function notComposite(key: u64, v: u64): u64 {
  const saved = textOpen();
  textLiteral("expected composite type");
  if (key != UNDEFINED) {
    textLiteral(" for path ");
    textRego(key);
  }
  textLiteral(", found value: ");
  textRego(v);
  const tag = tagOf(v);
  textLiteral(" (type: ast.");
  textLiteral(tag == TAG_NULL ? "Null" : tag == TAG_BOOLEAN ? "Boolean" : isString(v) ? "String" : "Number");
  textByte(41);
  return closeError(BUILTIN_ERROR, saved);
}

// The index that a path segment means, or -1 after an error; `-` is one behind the last.
function indexOf(length: u32, key: u64): i64 {
  if (isNumber(key)) {
    const i = plainInteger(key);
    if (lastIntegral) return i < 0 ? outOfBounds() : i;
    builtinError("invalid number type for indexing");
    return -1;
  }
  if (!isString(key)) {
    builtinError("invalid type for indexing");
    return -1;
  }
  if (stringIs(key, "-")) return length;
  const p = pointerOf(key);
  const n = lengthOf(key);
  let digits = n > 0;
  for (let i: u32 = 0; i < n; i++) if (<u32>load<u8>(p + i) - 48 > 9 && !(i == 0 && n > 1 && load<u8>(p) == 45)) digits = false;
  if (!digits) {
    builtinError("invalid string for indexing");
    return -1;
  }
  if (n > 1 && load<u8>(p) == 48) {
    builtinError("leading zeros are not allowed in JSON paths");
    return -1;
  }
  const i = integralValue(numberView(p, n));
  return i < 0 ? outOfBounds() : i;
}

function outOfBounds(): i64 {
  builtinError("index for array insertion out of bounds");
  return -1;
}

// What is under a segment; UNDEFINED after an error.
function child(v: u64, key: u64): u64 {
  const tag = tagOf(v);
  if (tag == TAG_OBJECT) {
    const found = objectGet(v, key);
    return found == UNDEFINED ? pathError(key, "object", v) : found;
  }
  if (tag == TAG_SET) {
    const found = setGet(v, key);
    return found == UNDEFINED ? pathError(key, "set", v) : found;
  }
  if (tag == TAG_ARRAY) {
    const i = indexOf(countOf(v), key);
    if (i < 0) return UNDEFINED;
    return i < <i64>countOf(v) ? arrayAt(v, <u32>i) : pathError(key, "array", v);
  }
  return notComposite(key, v);
}

// The collection with another child under a segment that exists.
function withChild(v: u64, key: u64, value: u64): u64 {
  const tag = tagOf(v);
  if (tag == TAG_OBJECT) {
    const copy = copyObject(v);
    objectPut(copy, key, value);
    return copy;
  }
  if (tag == TAG_SET) {
    const copy = withoutMember(v, key);
    setAdd(copy, value);
    return copy;
  }
  const at = <u32>indexOf(countOf(v), key);
  const copy = makeArray(countOf(v));
  for (let i: u32 = 0; i < countOf(v); i++) arrayAppend(copy, i == at ? value : arrayAt(v, i));
  return copy;
}

function withoutMember(set: u64, member: u64): u64 {
  const items = sortedItems(set);
  const copy = makeSet(countOf(set));
  for (let i: u32 = 0; i < countOf(set); i++) {
    const m = load<u64>(items + (<usize>i << 3));
    if (!equal(m, member)) setAdd(copy, m);
  }
  return copy;
}

function valueAtPath(document: u64, path: u64): u64 {
  let v = document;
  for (let i: u32 = 0; i < countOf(path) && v != UNDEFINED; i++) v = child(v, arrayAt(path, i));
  return v;
}

function insertAt(v: u64, path: u64, from: u32, value: u64): u64 {
  const left = countOf(path) - from;
  if (left == 0) return value;
  const key = arrayAt(path, from);
  if (left > 1) {
    const inner = child(v, key);
    if (inner == UNDEFINED) return UNDEFINED;
    const changed = insertAt(inner, path, from + 1, value);
    return changed == UNDEFINED ? UNDEFINED : withChild(v, key, changed);
  }
  const tag = tagOf(v);
  if (tag == TAG_OBJECT) return withChild(v, key, value);
  if (tag == TAG_SET) {
    if (!equal(key, value)) {
      const saved = textOpen();
      textLiteral("set key ");
      textRego(key);
      textLiteral(" does not equal value to be inserted ");
      textRego(value);
      return closeError(BUILTIN_ERROR, saved);
    }
    const copy = withoutMember(v, value);
    setAdd(copy, value);
    return copy;
  }
  if (tag != TAG_ARRAY) return notComposite(UNDEFINED, v);
  const at = indexOf(countOf(v), key);
  if (at < 0) return UNDEFINED;
  if (at > <i64>countOf(v)) return builtinError("index for array insertion out of bounds");
  const copy = makeArray(countOf(v) + 1);
  for (let i: u32 = 0; i < countOf(v); i++) {
    if (<i64>i == at) arrayAppend(copy, value);
    arrayAppend(copy, arrayAt(v, i));
  }
  if (at == <i64>countOf(v)) arrayAppend(copy, value);
  return copy;
}

function removeAt(v: u64, path: u64, from: u32): u64 {
  const key = arrayAt(path, from);
  if (countOf(path) - from > 1) {
    const inner = child(v, key);
    if (inner == UNDEFINED) return UNDEFINED;
    const changed = removeAt(inner, path, from + 1);
    return changed == UNDEFINED ? UNDEFINED : withChild(v, key, changed);
  }
  const tag = tagOf(v);
  if (tag == TAG_OBJECT) {
    if (objectGet(v, key) == UNDEFINED) return errorWith("cannot delete child key ", key, " that does not exist");
    const copy = makeObject(countOf(v));
    sortedItems(v);
    for (let i: u32 = 0; i < countOf(v); i++) if (!equal(keyAt(v, i), key)) objectPut(copy, keyAt(v, i), valueAt(v, i));
    return copy;
  }
  if (tag == TAG_SET) {
    return setHas(v, key) ? withoutMember(v, key) : errorWith("cannot delete child key ", key, " that does not exist");
  }
  if (tag != TAG_ARRAY) return notComposite(UNDEFINED, v);
  const at = indexOf(countOf(v), key);
  if (at < 0) return UNDEFINED;
  if (at >= <i64>countOf(v)) return builtinError("index for array delete out of bounds");
  const copy = makeArray(countOf(v));
  for (let i: u32 = 0; i < countOf(v); i++) if (<i64>i != at) arrayAppend(copy, arrayAt(v, i));
  return copy;
}

// ---- operations

function pathOf(v: u64): u64 {
  const segments = pathSegments(v);
  if (segments != UNDEFINED) return segments;
  const saved = textOpen();
  textLiteral("operand 2 must be one of {set, array} containing string paths or array of path segments but got ");
  textTypeName(v);
  return closeError(TYPE_ERROR, saved);
}

// The document was removed as a whole; an insertion at its root brings one back.
let gone: bool = false;

function removePath(document: u64, path: u64): u64 {
  if (gone) return builtinError("deleted node encountered during delete operation");
  if (countOf(path) > 0) return removeAt(document, path, 0);
  gone = true;
  return document;
}

function insertPath(document: u64, path: u64, value: u64): u64 {
  if (gone && countOf(path) > 0) return builtinError("nil value encountered where composite value was expected");
  gone = false;
  return insertAt(document, path, 0, value);
}

function attribute(operation: u64, name: string): u64 {
  const v = objectGet(operation, literal(name));
  if (v != UNDEFINED) return v;
  const saved = textOpen();
  textLiteral("missing required attribute '");
  textLiteral(name);
  textByte(39);
  return closeError(BUILTIN_ERROR, saved);
}

function apply(document: u64, operation: u64): u64 {
  if (!isObject(operation)) return builtinError("must be an array of JSON-Patch objects, but at least one element is not an object");
  const pathValue = attribute(operation, "path");
  if (pathValue == UNDEFINED) return UNDEFINED;
  const name = attribute(operation, "op");
  if (name == UNDEFINED) return UNDEFINED;
  if (!isString(name)) {
    const saved = textOpen();
    textLiteral("attribute 'op' must be a string but found: ");
    textTypeName(name);
    return closeError(BUILTIN_ERROR, saved);
  }
  const path = pathOf(pathValue);
  if (path == UNDEFINED) return UNDEFINED;
  if (stringIs(name, "remove")) return removePath(document, path);
  if (stringIs(name, "add") || stringIs(name, "replace")) {
    let rest = document;
    if (stringIs(name, "replace")) rest = removePath(document, path);
    if (rest == UNDEFINED) return UNDEFINED;
    const value = attribute(operation, "value");
    return value == UNDEFINED ? UNDEFINED : insertPath(rest, path, value);
  }
  if (stringIs(name, "move") || stringIs(name, "copy")) {
    const fromValue = attribute(operation, "from");
    if (fromValue == UNDEFINED) return UNDEFINED;
    const from = pathOf(fromValue);
    if (from == UNDEFINED) return UNDEFINED;
    const moved = gone ? builtinError("nil value encountered where composite value was expected") : valueAtPath(document, from);
    if (moved == UNDEFINED) return UNDEFINED;
    const rest = stringIs(name, "move") ? removePath(document, from) : document;
    return rest == UNDEFINED ? UNDEFINED : insertPath(rest, path, moved);
  }
  if (stringIs(name, "test")) {
    const found = gone ? builtinError("nil value encountered where composite value was expected") : valueAtPath(document, path);
    if (found == UNDEFINED) return UNDEFINED;
    const value = attribute(operation, "value");
    if (value == UNDEFINED || equal(found, value)) return value == UNDEFINED ? UNDEFINED : document;
    const saved = textOpen();
    textLiteral("value from EditTree != patch value.\n\nExpected: ");
    textRego(value);
    textLiteral("\n\nFound: ");
    textRego(found);
    return closeError(BUILTIN_ERROR, saved);
  }
  const saved = textOpen();
  textLiteral("unrecognized op: '");
  textSlice(name);
  textByte(39);
  return closeError(BUILTIN_ERROR, saved);
}

export function builtin_json_patch(document: u64, operations: u64): u64 {
  if (!needArray(2, operations)) return UNDEFINED;
  gone = false;
  let result = document;
  for (let i: u32 = 0; i < countOf(operations); i++) {
    result = apply(result, arrayAt(operations, i));
    if (result == UNDEFINED) return UNDEFINED;
  }
  return gone ? UNDEFINED : result;
}
