// The document that json.patch works on, as OPA keeps it: each collection remembers what it was at first and what was edited since.
// What is asked of an array is looked for in the first one, wherever its members have moved since then; so does OPA.

import { TAG_ARRAY, TAG_BOOLEAN, TAG_NULL, TAG_OBJECT, TAG_SET, UNDEFINED, alloc, integerOf, isInteger, isNumber, isString, lengthOf, pointerOf, smallInteger, tagOf } from "./value";
import { arrayAppend, arrayAt, countOf, keyAt, makeArray, makeObject, makeSet, objectGet, objectPut, setAdd, setGet, sortedItems, valueAt } from "./collection";
import { equal } from "./compare";
import { BUILTIN_ERROR, builtinError, closeError } from "./failure";
import { lastIntegral, plainInteger } from "./number";
import { stringIs } from "./bytes";
import { textByte, textLiteral, textOpen, textSlice } from "./text";
import { textRego } from "./json-write";

// A node: +0 the first value, UNDEFINED when it was removed; +8 what was edited, UNDEFINED for nothing: of objects and sets an object
// from keys to cells, of arrays the members that they have now, a number for the first value's member at that index or a cell.
// A cell is an array of its kind and a value or a node.
const SCALAR_REMOVED: i64 = 0;
const COLLECTION_REMOVED: i64 = 1;
const SCALAR: i64 = 2;
const NODE: i64 = 3;

export function newNode(value: u64): usize {
  const node = alloc(16);
  store<u64>(node, value);
  store<u64>(node, UNDEFINED, 8);
  return node;
}

function cell(kind: i64, content: u64): u64 {
  const made = makeArray(2);
  arrayAppend(made, smallInteger(kind));
  arrayAppend(made, content);
  return made;
}

function cellOf(value: u64): u64 {
  return isCollection(value) ? cell(NODE, smallInteger(<i64>newNode(value))) : cell(SCALAR, value);
}

function kindOf(one: u64): i64 {
  return integerOf(arrayAt(one, 0));
}

function nodeIn(one: u64): usize {
  const content = arrayAt(one, 1);
  return kindOf(one) == NODE ? <usize>integerOf(content) : newNode(content);
}

function isCollection(value: u64): bool {
  return tagOf(value) >= TAG_ARRAY;
}

function editedAt(node: usize, key: u64): u64 {
  const edited = load<u64>(node, 8);
  return edited == UNDEFINED ? UNDEFINED : objectGet(edited, key);
}

function edit(node: usize, key: u64, one: u64): void {
  if (load<u64>(node, 8) == UNDEFINED) store<u64>(node, makeObject(1), 8);
  objectPut(load<u64>(node, 8), key, one);
}

/** The members that an array has now. */
function members(node: usize): u64 {
  if (load<u64>(node, 8) == UNDEFINED) {
    const count = countOf(load<u64>(node));
    const made = makeArray(count);
    for (let i: u32 = 0; i < count; i++) arrayAppend(made, smallInteger(i));
    store<u64>(node, made, 8);
  }
  return load<u64>(node, 8);
}

/** Puts a cell at a place of an array that has it or ends there; UNDEFINED takes the member there away. */
function splice(node: usize, at: u32, one: u64): void {
  const now = members(node);
  const count = countOf(now);
  const made = makeArray(count + 1);
  for (let i: u32 = 0; i < count; i++) {
    if (i == at && one != UNDEFINED) arrayAppend(made, one);
    if (i != at || one != UNDEFINED) arrayAppend(made, arrayAt(now, i));
  }
  if (at == count) arrayAppend(made, one);
  store<u64>(node, made, 8);
}

/** A set forgets what its members were before a collection is looked for in it. */
function collapse(node: usize): void {
  store<u64>(node, render(node));
  store<u64>(node, UNDEFINED, 8);
}

/** The value that a node stands for now; UNDEFINED when it was removed. */
export function render(node: usize): u64 {
  const first = load<u64>(node);
  const edited = load<u64>(node, 8);
  if (first == UNDEFINED || edited == UNDEFINED) return first;
  const tag = tagOf(first);
  if (tag == TAG_ARRAY) {
    const made = makeArray(countOf(edited));
    for (let i: u32 = 0; i < countOf(edited); i++) {
      const one = arrayAt(edited, i);
      arrayAppend(made, isInteger(one) ? arrayAt(first, <u32>integerOf(one)) : render(nodeIn(one)));
    }
    return made;
  }
  const made = tag == TAG_OBJECT ? makeObject(countOf(first)) : makeSet(countOf(first));
  const items = sortedItems(first);
  for (let i: u32 = 0; i < countOf(first); i++) {
    const key = tag == TAG_OBJECT ? keyAt(first, i) : load<u64>(items + (<usize>i << 3));
    if (objectGet(edited, key) != UNDEFINED) continue;
    if (tag == TAG_OBJECT) objectPut(made, key, valueAt(first, i));
    else setAdd(made, key);
  }
  sortedItems(edited);
  for (let i: u32 = 0; i < countOf(edited); i++) {
    const one = valueAt(edited, i);
    if (kindOf(one) < SCALAR) continue;
    const value = render(nodeIn(one));
    if (tag == TAG_OBJECT) objectPut(made, keyAt(edited, i), value);
    else setAdd(made, value);
  }
  return made;
}

/** The node at the first `end` keys of a path; 0 after an error. */
export function unfold(node: usize, path: u64, end: u32): usize {
  for (let i: u32 = 0; i < end && node != 0; i++) node = child(node, arrayAt(path, i));
  return node;
}

function child(node: usize, key: u64): usize {
  const first = load<u64>(node);
  if (first == UNDEFINED) return failed(builtinError("nil value encountered where composite value was expected"));
  const tag = tagOf(first);
  if (tag == TAG_ARRAY) return member(node, first, key);
  if (tag != TAG_OBJECT && tag != TAG_SET) return failed(notComposite(key, first));
  if (tag == TAG_SET && isCollection(key)) collapse(node);
  const known = editedAt(node, key);
  if (known != UNDEFINED) {
    const kind = kindOf(known);
    if (kind == SCALAR_REMOVED) return failed(errorWith("cannot unfold the already deleted scalar node for key ", key, ""));
    if (kind == COLLECTION_REMOVED) return failed(errorWith("cannot unfold the already deleted composite node for key ", key, ""));
    return nodeIn(known);
  }
  const whole = load<u64>(node);
  const found = tag == TAG_OBJECT ? objectGet(whole, key) : setGet(whole, key);
  if (found == UNDEFINED) return failed(pathError(key, tag == TAG_OBJECT ? "object" : "set", whole));
  const one = cellOf(found);
  edit(node, key, one);
  return nodeIn(one);
}

function member(node: usize, first: u64, key: u64): usize {
  const now = members(node);
  const at = indexOf(countOf(now), key);
  if (!lastIndex) return 0;
  const known = at >= 0 && at < <i64>countOf(now) ? arrayAt(now, <u32>at) : UNDEFINED;
  if (known != UNDEFINED && !isInteger(known)) return nodeIn(known);
  if (at < 0 || at >= <i64>countOf(first)) return failed(pathError(smallInteger(at), "array", first));
  if (known == UNDEFINED) return failed(builtinError("index for array delete out of bounds"));
  const one = cellOf(arrayAt(first, <u32>at));
  splice(node, <u32>at, UNDEFINED);
  splice(node, <u32>at, one);
  return nodeIn(one);
}

/** Inserts below a node; false after an error. */
export function insertBelow(node: usize, key: u64, value: u64): bool {
  const first = load<u64>(node);
  if (first == UNDEFINED) return succeeded(builtinError("deleted node encountered during insert operation"));
  const tag = tagOf(first);
  if (tag == TAG_ARRAY) {
    const count = countOf(members(node));
    const at = indexOf(count, key);
    if (!lastIndex) return false;
    if (at < 0 || at > <i64>count) return succeeded(builtinError("index for array insertion out of bounds"));
    splice(node, <u32>at, cellOf(value));
    return true;
  }
  if (tag != TAG_OBJECT && tag != TAG_SET) return succeeded(notComposite(UNDEFINED, first));
  if (tag == TAG_SET) {
    if (!equal(key, value)) {
      const saved = textOpen();
      textLiteral("set key ");
      textRego(key);
      textLiteral(" does not equal value to be inserted ");
      textRego(value);
      return succeeded(closeError(BUILTIN_ERROR, saved));
    }
    if (isCollection(key)) collapse(node);
  }
  edit(node, key, cellOf(value));
  return true;
}

/** Removes below a node; false after an error. */
export function removeBelow(node: usize, key: u64): bool {
  const first = load<u64>(node);
  if (first == UNDEFINED) return succeeded(builtinError("deleted node encountered during delete operation"));
  const tag = tagOf(first);
  if (tag == TAG_ARRAY) {
    const count = countOf(members(node));
    const at = indexOf(count, key);
    if (!lastIndex) return false;
    if (at < 0 || at >= <i64>count) return succeeded(builtinError("index for array delete out of bounds"));
    splice(node, <u32>at, UNDEFINED);
    return true;
  }
  if (tag != TAG_OBJECT && tag != TAG_SET) return succeeded(notComposite(UNDEFINED, first));
  if (tag == TAG_SET && isCollection(key)) collapse(node);
  const known = editedAt(node, key);
  let isScalar = known != UNDEFINED && kindOf(known) == SCALAR;
  if (known == UNDEFINED) {
    const whole = load<u64>(node);
    const found = tag == TAG_OBJECT ? objectGet(whole, key) : setGet(whole, key);
    if (found == UNDEFINED) return succeeded(errorWith("cannot delete child key ", key, " that does not exist"));
    isScalar = !isCollection(found);
  } else if (kindOf(known) < SCALAR) {
    const before = kindOf(known) == SCALAR_REMOVED ? "cannot delete the already deleted scalar node for key " : "cannot delete the already deleted composite node for key ";
    return succeeded(errorWith(before, key, ""));
  }
  edit(node, key, cell(isScalar ? SCALAR_REMOVED : COLLECTION_REMOVED, UNDEFINED));
  return true;
}

/** Makes a node what it stands for; UNDEFINED removes it. */
export function replaceNode(node: usize, value: u64): void {
  store<u64>(node, value);
  store<u64>(node, UNDEFINED, 8);
}

// ---- errors

function failed(error: u64): usize {
  return <usize>error;
}

/** False, for an error that was noted. */
export function succeeded(error: u64): bool {
  return error != UNDEFINED;
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

// The index that a path segment means; `-` is one behind the last.
function indexOf(length: u32, key: u64): i64 {
  lastIndex = true;
  if (isNumber(key)) {
    const i = plainInteger(key);
    if (!lastIntegral) noIndex("invalid number type for indexing");
    return i;
  }
  if (!isString(key)) {
    noIndex("invalid type for indexing");
    return 0;
  }
  if (stringIs(key, "-")) return length;
  const i = writtenIndex(pointerOf(key), lengthOf(key));
  if (!lastWritten) noIndex("invalid string for indexing");
  else if (lengthOf(key) > 1 && load<u8>(pointerOf(key)) == 48) noIndex("leading zeros are not allowed in JSON paths");
  return i;
}

/** Whether the segment last given to `indexOf` means an index. */
let lastIndex: bool = false;

function noIndex(text: string): void {
  lastIndex = false;
  builtinError(text);
}

let lastWritten: bool = false;

// An integer as text: a sign, digits and behind a point zeros, 19 characters without the sign at most.
function writtenIndex(p: usize, length: u32): i64 {
  const end = p + length;
  const negative = length > 0 && load<u8>(p) == 45;
  if (negative || (length > 0 && load<u8>(p) == 43)) p++;
  lastWritten = p < end && end - p <= 19;
  let n: u64 = 0;
  let pastPoint = false;
  for (; p < end && lastWritten; p++) {
    const digit = <u32>load<u8>(p) - 48;
    if (!pastPoint && load<u8>(p) == 46) pastPoint = true;
    else if (pastPoint ? digit > 0 : digit > 9) lastWritten = false;
    else if (!pastPoint) n = n * 10 + digit;
  }
  if (<i64>n < 0) lastWritten = false;
  return negative ? -<i64>n : <i64>n;
}
