// Changing documents at a path: in place for the host's data, by copying for `with`.

import { TAG_ARRAY, UNDEFINED, isObject, pointerOf, tagOf } from "./word";
import { arrayAt, beforeReplacing, copyObject, copyToReplace, countOf, itemsAt, lookup, makeObject, objectGet, objectPut } from "./collection";
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
  let before = document == base_document ? document : beforeReplacing(document);
  const root = copyOnTheWay(document, before);
  let node = root;
  for (let i: u32 = 0; i < count - 1; i++) {
    const key = load<u64>(keys + (<usize>i << 3));
    const old = objectGet(node, key);
    const stood = isObject(before) ? objectGet(before, key) : UNDEFINED;
    before = old == stood ? old : beforeReplacing(old);
    const next = copyOnTheWay(old, before);
    objectPut(node, key, next);
    node = next;
  }
  objectPut(node, load<u64>(keys + (<usize>(count - 1) << 3)), value);
  return root;
}

function copyOnTheWay(old: u64, before: u64): u64 {
  if (old == UNDEFINED || !isObject(old)) return makeObject(1);
  return before == UNDEFINED ? copyObject(old) : copyToReplace(old, before);
}

/** All base documents of this evaluation, where generated code says so: what is replaced in them is merged with what stood there. */
export let base_document: u64 = 0;

/** What OPA reads where something below is replaced: the new document merged with what stands there otherwise. */
export function rt_whole(document: u64): u64 {
  const before = beforeReplacing(document);
  return before == UNDEFINED ? document : rt_merge(document, before);
}

/** Merges two documents recursively; on a clash `a` wins. */
export function rt_merge(a: u64, b: u64): u64 {
  if (a == UNDEFINED) return b;
  if (a == b) return a;
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
