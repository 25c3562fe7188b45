// object.*, json.filter, json.remove.

import {
  FALSE, NULL, TAG_ARRAY, TAG_OBJECT, TAG_SET, TRUE, UNDEFINED, boolean, isObject, isString, lengthOf, pointerOf, smallInteger,
  stringView, tagOf,
} from "../word";
import { compare, equal } from "../compare";
import { closeError, TYPE_ERROR } from "../failure";
import {
  arrayAppend, arrayAt, copyObject, countOf, keyAt, lookup, makeArray, makeObject, makeSet, objectGet, objectPut, setAdd, setAt,
  setHas, sortedItems, valueAt,
} from "../collection";
import { elementError, needArray, needObject, operandError, textTypeName } from "../operands";
import { textAdvance, textByte, textBytes, textLiteral, textOpen, textRoom, textString } from "../text";
import { writeInteger } from "../number";

export function builtin_object_get(object: u64, key: u64, otherwise: u64): u64 {
  if (!needObject(1, object)) return UNDEFINED;
  if (tagOf(key) != TAG_ARRAY) {
    const found = objectGet(object, key);
    return found == UNDEFINED ? otherwise : found;
  }
  let node = object;
  for (let i: u32 = 0; i < countOf(key); i++) {
    node = lookup(node, arrayAt(key, i));
    if (node == UNDEFINED) return otherwise;
  }
  return node;
}

export function builtin_object_keys(object: u64): u64 {
  if (!needObject(1, object)) return UNDEFINED;
  sortedItems(object);
  const keys = makeSet(countOf(object));
  for (let i: u32 = 0; i < countOf(object); i++) setAdd(keys, keyAt(object, i));
  return keys;
}

// The right side wins, except that objects merge.
function mergeRight(a: u64, b: u64): u64 {
  const merged = copyObject(a);
  sortedItems(b);
  for (let i: u32 = 0; i < countOf(b); i++) {
    const key = keyAt(b, i);
    const value = valueAt(b, i);
    const old = objectGet(a, key);
    objectPut(merged, key, old != UNDEFINED && isObject(old) && isObject(value) ? mergeRight(old, value) : value);
  }
  return merged;
}

export function builtin_object_union(a: u64, b: u64): u64 {
  if (!needObject(1, a) || !needObject(2, b)) return UNDEFINED;
  if (countOf(a) == 0) return b;
  if (countOf(b) == 0) return a;
  return mergeRight(a, b);
}

export function builtin_object_union_n(objects: u64): u64 {
  if (!needArray(1, objects)) return UNDEFINED;
  let result = makeObject(0);
  for (let i: u32 = 0; i < countOf(objects); i++) {
    const object = arrayAt(objects, i);
    if (!isObject(object)) return elementError(1, objects, object, "object");
  }
  for (let i: u32 = 0; i < countOf(objects); i++) result = mergeRight(result, arrayAt(objects, i));
  return result;
}

function keySet(v: u64): u64 {
  const tag = tagOf(v);
  if (tag == TAG_SET) return v;
  if (tag == TAG_OBJECT) return builtin_object_keys(v);
  if (tag != TAG_ARRAY) return operandError(2, v, "one of {object, set, array}");
  const keys = makeSet(0);
  for (let i: u32 = 0; i < countOf(v); i++) setAdd(keys, arrayAt(v, i));
  return keys;
}

function pick(object: u64, keys: u64, wanted: bool): u64 {
  if (!needObject(1, object)) return UNDEFINED;
  const set = keySet(keys);
  if (set == UNDEFINED) return UNDEFINED;
  const result = makeObject(0);
  sortedItems(object);
  for (let i: u32 = 0; i < countOf(object); i++) {
    const key = keyAt(object, i);
    if (setHas(set, key) == wanted) objectPut(result, key, valueAt(object, i));
  }
  return result;
}

export function builtin_object_remove(object: u64, keys: u64): u64 {
  return pick(object, keys, false);
}

export function builtin_object_filter(object: u64, keys: u64): u64 {
  return pick(object, keys, true);
}

// ---- object.subset

function subset(a: u64, b: u64): bool {
  const x = tagOf(a);
  const y = tagOf(b);
  if (x == TAG_OBJECT && y == TAG_OBJECT) {
    sortedItems(b);
    for (let i: u32 = 0; i < countOf(b); i++) {
      const value = objectGet(a, keyAt(b, i));
      const wanted = valueAt(b, i);
      if (value == UNDEFINED) return false;
      const nested = tagOf(wanted);
      if (nested >= TAG_ARRAY && nested == tagOf(value)) {
        if (!subset(value, wanted)) return false;
      } else if (!equal(value, wanted)) {
        return false;
      }
    }
    return true;
  }
  if (x == TAG_SET && y == TAG_SET) {
    sortedItems(b);
    for (let i: u32 = 0; i < countOf(b); i++) if (!setHas(a, setAt(b, i))) return false;
    return true;
  }
  if (x == TAG_ARRAY && y == TAG_ARRAY) {
    const m = countOf(a);
    const n = countOf(b);
    for (let from: u32 = 0; from + n <= m; from++) {
      let i: u32 = 0;
      while (i < n && equal(arrayAt(a, from + i), arrayAt(b, i))) i++;
      if (i == n) return true;
    }
    return false;
  }
  // OPA counts the elements that are members: repeated elements count again, and an empty array has none to count.
  let missing = countOf(b);
  for (let i: u32 = 0; i < countOf(a); i++) {
    if (setHas(b, arrayAt(a, i))) missing--;
    if (missing == 0) return true;
  }
  return false;
}

export function builtin_object_subset(a: u64, b: u64): u64 {
  const x = tagOf(a);
  const y = tagOf(b);
  if (x < TAG_ARRAY || (x != y && !(x == TAG_ARRAY && y == TAG_SET))) {
    const saved = textOpen();
    textLiteral("both arguments object.subset must be of the same type or array and set");
    return closeError(TYPE_ERROR, saved);
  }
  return boolean(subset(a, b));
}

// ---- paths

// The segments of a path given as `a/b` with ~0 and ~1, or as an array; UNDEFINED for anything else.
export function pathSegments(path: u64): u64 {
  if (tagOf(path) == TAG_ARRAY) return path;
  if (!isString(path)) return UNDEFINED;
  const segments = makeArray(0);
  let p = pointerOf(path);
  const end = p + lengthOf(path);
  if (p == end) return segments;
  while (p < end && load<u8>(p) == 47) p++;
  while (true) {
    let q = p;
    let escaped = false;
    while (q < end && load<u8>(q) != 47) {
      if (load<u8>(q) == 126) escaped = true;
      q++;
    }
    arrayAppend(segments, escaped ? unescape(p, q) : stringView(p, q - p));
    if (q == end) return segments;
    p = q + 1;
  }
}

// ~1 first, then ~0, as two passes: `~01` becomes `~1`.
function unescape(p: usize, end: usize): u64 {
  const saved = textOpen();
  while (p < end) {
    const next: u32 = p + 1 < end ? <u32>load<u8>(p + 1) : 0;
    if (load<u8>(p) == 126 && (next == 48 || next == 49)) {
      textByte(next == 48 ? 126 : 47);
      p += 2;
    } else {
      textByte(load<u8>(p));
      p++;
    }
  }
  return textString(saved);
}

// A tree of the paths: null where one ends.
function pathTree(paths: u64): u64 {
  const tag = tagOf(paths);
  if (tag != TAG_ARRAY && tag != TAG_SET) return operandError(2, paths, "one of {set, array}");
  const items = sortedItems(paths);
  const root = makeObject(0);
  for (let i: u32 = 0; i < countOf(paths); i++) {
    const path = load<u64>(items + (<usize>i << 3));
    const segments = pathSegments(path);
    if (segments == UNDEFINED) {
      const saved = textOpen();
      textLiteral("operand 2 must be one of {set, array} containing string paths or array of path segments but got ");
      textTypeName(path);
      return closeError(TYPE_ERROR, saved);
    }
    addPath(root, segments);
  }
  return root;
}

function addPath(root: u64, segments: u64): void {
  const count = countOf(segments);
  if (count == 0) return;
  let node = root;
  for (let i: u32 = 0; i < count - 1; i++) {
    const key = arrayAt(segments, i);
    const child = objectGet(node, key);
    if (child == NULL) return;
    if (child == UNDEFINED) {
      const fresh = makeObject(0);
      objectPut(node, key, fresh);
      node = fresh;
    } else {
      node = child;
    }
  }
  objectPut(node, arrayAt(segments, count - 1), NULL);
}

function indexText(i: u32): u64 {
  const saved = textOpen();
  const to = textRoom(24);
  textAdvance(writeInteger(to, i));
  return textString(saved);
}

function filter(v: u64, tree: u64): u64 {
  if (tree == NULL || tagOf(v) < TAG_ARRAY) return v;
  const tag = tagOf(v);
  const items = sortedItems(v);
  const count = countOf(v);
  if (tag == TAG_ARRAY) {
    const result = makeArray(0);
    for (let i: u32 = 0; i < count; i++) {
      const below = objectGet(tree, indexText(i));
      if (below != UNDEFINED) arrayAppend(result, filter(arrayAt(v, i), below));
    }
    return result;
  }
  if (tag == TAG_SET) {
    const result = makeSet(0);
    for (let i: u32 = 0; i < count; i++) {
      const member = load<u64>(items + (<usize>i << 3));
      const below = objectGet(tree, member);
      if (below != UNDEFINED) setAdd(result, filter(member, below));
    }
    return result;
  }
  const result = makeObject(0);
  for (let i: u32 = 0; i < count; i++) {
    const below = objectGet(tree, keyAt(v, i));
    if (below != UNDEFINED) objectPut(result, keyAt(v, i), filter(valueAt(v, i), below));
  }
  return result;
}

// UNDEFINED where the tree ends: that is removed.
function prune(v: u64, tree: u64): u64 {
  if (tree == UNDEFINED) return v;
  if (tree == NULL) return UNDEFINED;
  const tag = tagOf(v);
  if (tag < TAG_ARRAY) return v;
  const items = sortedItems(v);
  const count = countOf(v);
  if (tag == TAG_ARRAY) {
    const result = makeArray(0);
    for (let i: u32 = 0; i < count; i++) {
      const left = prune(arrayAt(v, i), objectGet(tree, indexText(i)));
      if (left != UNDEFINED) arrayAppend(result, left);
    }
    return result;
  }
  if (tag == TAG_SET) {
    const result = makeSet(0);
    for (let i: u32 = 0; i < count; i++) {
      const member = load<u64>(items + (<usize>i << 3));
      const left = prune(member, objectGet(tree, member));
      if (left != UNDEFINED) setAdd(result, left);
    }
    return result;
  }
  const result = makeObject(0);
  for (let i: u32 = 0; i < count; i++) {
    const left = prune(valueAt(v, i), objectGet(tree, keyAt(v, i)));
    if (left != UNDEFINED) objectPut(result, keyAt(v, i), left);
  }
  return result;
}

export function builtin_json_filter(object: u64, paths: u64): u64 {
  if (!needObject(1, object)) return UNDEFINED;
  const tree = pathTree(paths);
  return tree == UNDEFINED ? UNDEFINED : filter(object, tree);
}

export function builtin_json_remove(object: u64, paths: u64): u64 {
  if (!needObject(1, object)) return UNDEFINED;
  const tree = pathTree(paths);
  return tree == UNDEFINED ? UNDEFINED : prune(object, tree);
}
