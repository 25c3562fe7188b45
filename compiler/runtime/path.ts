// Changing documents at a path: in place for the host's data, by copying for `with`.

import { TAG_ARRAY, UNDEFINED, isObject, pointerOf, tagOf } from "./word";
import { arrayAt, copyObject, countOf, itemsAt, lookup, makeObject, objectGet, objectPut } from "./collection";
import { equal } from "./compare";

const OK: u32 = 0;
const INVALID_TYPE: u32 = 2;
const INVALID_PATH: u32 = 3;

/** Puts `value` at `path` of the boxed document, creating objects on the way; an empty path replaces the document. */
export function addPath(data: usize, path: u64, value: u64): u32 {
  if (tagOf(path) != TAG_ARRAY || data == 0) return INVALID_PATH;
  const count = countOf(path);
  if (count == 0) {
    if (!isObject(value)) return INVALID_TYPE;
    store<u64>(data, value);
    return OK;
  }
  let node = load<u64>(data);
  for (let i: u32 = 0; i < count - 1; i++) {
    const key = arrayAt(path, i);
    let next = lookup(node, key);
    if (next == UNDEFINED) {
      if (!isObject(node)) return INVALID_PATH;
      next = makeObject();
      objectPut(node, key, next);
    }
    node = next;
  }
  if (!isObject(node)) return INVALID_PATH;
  objectPut(node, arrayAt(path, count - 1), value);
  return OK;
}

/** Removes what is at `path`; nothing there is fine. */
export function removePath(data: usize, path: u64): u32 {
  if (tagOf(path) != TAG_ARRAY || data == 0) return INVALID_PATH;
  const count = countOf(path);
  if (count == 0) {
    store<u64>(data, makeObject());
    return OK;
  }
  let node = load<u64>(data);
  for (let i: u32 = 0; i < count - 1; i++) {
    node = lookup(node, arrayAt(path, i));
    if (node == UNDEFINED) return OK;
  }
  if (!isObject(node)) return INVALID_TYPE;
  const key = arrayAt(path, count - 1);
  if (objectGet(node, key) == UNDEFINED) return OK;
  const smaller = copyWithout(node, key);
  // The header is shared by whoever holds the object, so the copy takes its place.
  memory.copy(pointerOf(node), pointerOf(smaller), 16);
  return OK;
}

function copyWithout(object: u64, key: u64): u64 {
  const count = countOf(object);
  const items = itemsAt(pointerOf(object));
  const copy = makeObject(count);
  for (let i: u32 = 0; i < count; i++) {
    const p = items + (<usize>i << 4);
    const value = load<u64>(p, 8);
    if (equal(load<u64>(p), key)) continue;
    objectPut(copy, load<u64>(p), value);
  }
  return copy;
}

/**
 * The document with `value` at the path of `count` keys at `keys`; what lies beside the path is shared. Anything on the way
 * that is not an object is replaced by one.
 */
export function rt_with(document: u64, keys: usize, count: u32, value: u64): u64 {
  if (count == 0) return value;
  const root = isObject(document) ? copyObject(document) : makeObject(1);
  let node = root;
  for (let i: u32 = 0; i < count - 1; i++) {
    const key = load<u64>(keys + (<usize>i << 3));
    const old = objectGet(node, key);
    const next = old != UNDEFINED && isObject(old) ? copyObject(old) : makeObject(1);
    objectPut(node, key, next);
    node = next;
  }
  objectPut(node, load<u64>(keys + (<usize>(count - 1) << 3)), value);
  return root;
}

/** Merges two documents recursively; on a clash `a` wins. */
export function rt_merge(a: u64, b: u64): u64 {
  if (a == UNDEFINED) return b;
  if (b == UNDEFINED || !isObject(a) || !isObject(b)) return a;
  const merged = copyObject(a);
  const count = countOf(b);
  const items = itemsAt(pointerOf(b));
  for (let i: u32 = 0; i < count; i++) {
    const p = items + (<usize>i << 4);
    const key = load<u64>(p);
    objectPut(merged, key, rt_merge(objectGet(a, key), load<u64>(p, 8)));
  }
  return merged;
}
