// Arrays, objects and sets. A header of 16 bytes, items apart:
//
//   +0 count   +4 items   +8 capacity (28 bits) | REPLACED | WRITTEN | STALE | SORTED   +12 index, 0 when there is none
//   +16 what stood there before (REPLACED)
//
// An item is a word (array, set) or a key and a value (object). Objects and sets hold each key once, in any order; they are
// sorted in place when somebody looks in order. Beyond LINEAR keys a hash index finds them: a mask, then slots of 32 bits
// with 8 bits of hash and 24 of item number + 1 (all 32 for the number in very large collections).

import { NO_MEMORY, abortWith, alloc, copyBytes, extendInPlace, heap_ptr, release } from "./memory";
import { TAG_ARRAY, TAG_INTEGER, TAG_OBJECT, TAG_SET, TAG_STRING, UNDEFINED, integerOf, isNumber, lengthOf, pointerOf, slice, tagOf } from "./word";
import { compare, equal, hash } from "./compare";
import { plainInteger, lastIntegral } from "./number";
import { sortItems } from "./sort";
import { hashBytes, sameBytes } from "./bytes";

const LINEAR: u32 = 8;
const SORTED: u32 = 0x80000000;
const STALE: u32 = 0x40000000;
const WRITTEN: u32 = 0x20000000;
const REPLACED: u32 = 0x10000000;
const CAPACITY: u32 = 0x0fffffff;
const WIDE: u32 = 0xffffff;

@inline
export function countAt(header: usize): u32 {
  return load<u32>(header);
}

@inline
export function itemsAt(header: usize): usize {
  return load<u32>(header, 4);
}

/** Elements of an array or set, keys of an object. */
@inline
export function countOf(v: u64): u32 {
  return load<u32>(pointerOf(v));
}

/** Bytes per item. */
@inline
export function strideOf(v: u64): u32 {
  return tagOf(v) == TAG_OBJECT ? 16 : 8;
}

// The bytes of so many items; more than any memory has counts as all of it.
@inline
function sizeOf(capacity: u32, stride: u32): usize {
  const size = <u64>capacity * stride;
  return size > 0xffffff00 ? 0xffffff00 : <usize>size;
}

function makeCollection(tag: u32, capacity: u32, stride: u32): u64 {
  if (capacity > CAPACITY) abortWith(NO_MEMORY);
  const p = alloc(16);
  const items = capacity > 0 ? alloc(sizeOf(capacity, stride)) : 0;
  store<u64>(p, <u64>items << 32);
  store<u64>(p, capacity | SORTED, 8);
  return slice(p, 0, tag);
}

// ---- arrays

/** An empty array with room for `capacity` elements; it grows as needed. */
export function makeArray(capacity: u32): u64 {
  return makeCollection(TAG_ARRAY, capacity, 8);
}

/** Appends to an array that was made here and is not shared yet. */
export function arrayAppend(array: u64, value: u64): void {
  const p = pointerOf(array);
  const count = load<u32>(p);
  if (count >= (load<u32>(p, 8) & CAPACITY)) growItems(p, 8);
  store<u64>(itemsAt(p) + (<usize>count << 3), value);
  store<u32>(p, count + 1);
}

/** The element at `i`, which must exist. */
@inline
export function arrayAt(array: u64, i: u32): u64 {
  return load<u64>(itemsAt(pointerOf(array)) + (<usize>i << 3));
}

@inline
export function arraySet(array: u64, i: u32, value: u64): void {
  store<u64>(itemsAt(pointerOf(array)) + (<usize>i << 3), value);
}

function growItems(p: usize, stride: u32): void {
  const capacity = load<u32>(p, 8) & CAPACITY;
  const flags = load<u32>(p, 8) & ~CAPACITY;
  const items = itemsAt(p);
  if (capacity == CAPACITY) abortWith(NO_MEMORY);
  const wanted: u32 = capacity < 4 ? 4 : min(capacity << 1, CAPACITY);
  const oldEnd = items + <usize>capacity * stride;
  const size = sizeOf(wanted, stride);
  if (capacity == 0 || items + size < items || !extendInPlace(items, oldEnd, items + size)) {
    const to = alloc(size);
    copyBytes(to, items, <usize>load<u32>(p) * stride);
    store<u32>(p, <u32>to, 4);
  }
  store<u32>(p, wanted | flags, 8);
}

// ---- keys of objects and sets

/** An empty object. */
export function makeObject(capacity: u32 = 0): u64 {
  return makeCollection(TAG_OBJECT, capacity, 16);
}

/** An empty set. */
export function makeSet(capacity: u32 = 0): u64 {
  return makeCollection(TAG_SET, capacity, 8);
}

// The item that holds the key, or 0.
function findItem(header: usize, key: u64, stride: u32): usize {
  if (tagOf(key) == TAG_STRING) return findString(header, key, stride);
  const count = load<u32>(header);
  const items = itemsAt(header);
  if (count <= LINEAR) {
    const end = items + <usize>count * stride;
    for (let p = items; p < end; p += stride) {
      const other = load<u64>(p);
      if (other == key) return p;
      if (equal(other, key)) return p;
    }
    return 0;
  }
  return findIndexed(header, key, hash(key), stride);
}

// Strings are the common keys: another word of the same length and type is compared byte by byte.
function findString(header: usize, key: u64, stride: u32): usize {
  const count = load<u32>(header);
  if (count > LINEAR) return findStringIndexed(header, key, hashBytes(pointerOf(key), lengthOf(key)), stride);
  let p = itemsAt(header);
  const end = p + <usize>count * stride;
  for (; p < end; p += stride) {
    const other = load<u64>(p);
    if (<u32>other == <u32>key && (other == key || sameBytes(pointerOf(other), pointerOf(key), lengthOf(key)))) return p;
  }
  return 0;
}

function findStringIndexed(header: usize, key: u64, h: u64, stride: u32): usize {
  const flags = load<u32>(header, 8);
  let index = <usize>load<u32>(header, 12);
  if (index == 0 || (flags & STALE) != 0) index = buildIndex(header, stride);
  const mask = load<u32>(index);
  const items = itemsAt(header) - stride;
  // Wide indexes have no mark: every entry passes and all its bits are the number.
  const wide = (flags & CAPACITY) >= WIDE;
  const mark: u32 = wide ? 0 : <u32>(h >> 56) << 24;
  const markBits: u32 = wide ? 0 : 0xff000000;
  let slot = <u32>h & mask;
  while (true) {
    const entry = load<u32>(index + (<usize>slot << 2), 4);
    if (entry == 0) return 0;
    if ((entry & markBits) == mark) {
      const p = items + <usize>(entry & ~markBits) * stride;
      const other = load<u64>(p);
      if (<u32>other == <u32>key && (other == key || sameBytes(pointerOf(other), pointerOf(key), lengthOf(key)))) return p;
    }
    slot = (slot + 1) & mask;
  }
}

function findIndexed(header: usize, key: u64, h: u64, stride: u32): usize {
  let index = <usize>load<u32>(header, 12);
  if (index == 0 || (load<u32>(header, 8) & STALE) != 0) index = buildIndex(header, stride);
  const mask = load<u32>(index);
  const items = itemsAt(header);
  const wide = (load<u32>(header, 8) & CAPACITY) >= WIDE;
  const mark = <u32>(h >> 56) << 24;
  let slot = <u32>h & mask;
  while (true) {
    const entry = load<u32>(index + (<usize>slot << 2), 4);
    if (entry == 0) return 0;
    if (wide || (entry & 0xff000000) == mark) {
      const p = items + <usize>((wide ? entry : entry & WIDE) - 1) * stride;
      const other = load<u64>(p);
      if (other == key || (<u32>other == <u32>key || tagOf(other) != TAG_STRING) && equal(other, key)) return p;
    }
    slot = (slot + 1) & mask;
  }
}

function enterIndex(index: usize, h: u64, number: u32, wide: bool): void {
  const mask = load<u32>(index);
  let slot = <u32>h & mask;
  while (load<u32>(index + (<usize>slot << 2), 4) != 0) slot = (slot + 1) & mask;
  store<u32>(index + (<usize>slot << 2), wide ? number + 1 : (number + 1) | (<u32>(h >> 56) << 24), 4);
}

/** Bytes of the index that serves `capacity` keys. */
function indexBytes(capacity: u32): usize {
  let slots: u32 = 16;
  while (slots < capacity + (capacity >> 1)) slots <<= 1;
  return (<usize>slots << 2) + 8;
}

/** Builds or rebuilds the index, in its reserved place when there is one. */
function buildIndex(header: usize, stride: u32): usize {
  const count = load<u32>(header);
  const flags = load<u32>(header, 8);
  const capacity = flags & CAPACITY;
  const bytes = indexBytes(capacity);
  let index = <usize>load<u32>(header, 12);
  const mask = <u32>((bytes - 8) >> 2) - 1;
  if (index == 0 || load<u32>(index) != mask) {
    index = alloc(bytes);
    store<u32>(header, <u32>index, 12);
    store<u32>(index, mask);
  }
  memory.fill(index + 4, 0, bytes - 4);
  const items = itemsAt(header);
  const wide = capacity >= WIDE;
  for (let i: u32 = 0; i < count; i++) enterIndex(index, hash(load<u64>(items + <usize>i * stride)), i, wide);
  store<u32>(header, flags & ~STALE, 8);
  return index;
}

// Takes the room of an index that the first look-up builds: data keep theirs when the arena goes away.
function reserveIndex(header: usize, capacity: u32): void {
  const bytes = indexBytes(capacity);
  const index = alloc(bytes);
  store<u32>(index, <u32>((bytes - 8) >> 2) - 1);
  store<u32>(header, <u32>index, 12);
  store<u32>(header, load<u32>(header, 8) | STALE, 8);
}

// Adds a key that is known to be absent; gives its item.
function appendKey(header: usize, key: u64, h: u64, stride: u32): usize {
  const count = load<u32>(header);
  let flags = load<u32>(header, 8);
  if (count >= (flags & CAPACITY)) {
    growItems(header, stride);
    flags = load<u32>(header, 8);
    if (count >= LINEAR) flags |= STALE;
  }
  const items = itemsAt(header);
  const p = items + <usize>count * stride;
  if (count > 0 && (flags & SORTED) != 0 && compare(load<u64>(p - stride), key) > 0) flags &= ~SORTED;
  store<u32>(header, flags, 8);
  store<u64>(p, key);
  store<u32>(header, count + 1);
  const index = <usize>load<u32>(header, 12);
  if (index != 0 && (flags & STALE) == 0) enterIndex(index, count < LINEAR ? hash(key) : h, count, (flags & CAPACITY) >= WIDE);
  return p;
}

function findOrAppend(header: usize, key: u64, stride: u32): usize {
  const count = load<u32>(header);
  if (count < LINEAR) {
    const p = findItem(header, key, stride);
    if (p != 0) return p;
    wasAbsent = true;
    return appendKey(header, key, 0, stride);
  }
  const h = hash(key);
  const p = tagOf(key) == TAG_STRING ? findStringIndexed(header, key, h, stride) : findIndexed(header, key, h, stride);
  if (p != 0) return p;
  wasAbsent = true;
  return appendKey(header, key, h, stride);
}

let wasAbsent: bool = false;

/** Adds to a set that is not shared yet; the first spelling of equal members stays. */
export function setAdd(set: u64, value: u64): void {
  findOrAppend(pointerOf(set), value, 8);
}

/** Adds to a set and says whether the value was new. */
export function setAddNew(set: u64, value: u64): bool {
  wasAbsent = false;
  findOrAppend(pointerOf(set), value, 8);
  return wasAbsent;
}

export function setHas(set: u64, value: u64): bool {
  return findItem(pointerOf(set), value, 8) != 0;
}

/** The member equal to `value` in the set's own spelling, or UNDEFINED. */
export function setGet(set: u64, value: u64): u64 {
  const p = findItem(pointerOf(set), value, 8);
  return p == 0 ? UNDEFINED : load<u64>(p);
}

/** Sets a key of an object that is not shared yet; the first spelling of the key and the last value stay. */
export function objectPut(object: u64, key: u64, value: u64): void {
  store<u64>(findOrAppend(pointerOf(object), key, 16), value, 8);
}

/** Puts a new key and gives UNDEFINED, or leaves a present key alone and gives its value. */
export function objectPutNew(object: u64, key: u64, value: u64): u64 {
  wasAbsent = false;
  const p = findOrAppend(pointerOf(object), key, 16);
  if (!wasAbsent) return load<u64>(p, 8);
  store<u64>(p, value, 8);
  return UNDEFINED;
}

/** A copy of an object that may be changed: its items are its own, the values are shared. */
export function copyObject(object: u64): u64 {
  const p = pointerOf(object);
  const count = load<u32>(p);
  const copy = makeCollection(TAG_OBJECT, count + 1, 16);
  const to = pointerOf(copy);
  copyBytes(itemsAt(to), itemsAt(p), <usize>count << 4);
  store<u32>(to, count);
  store<u32>(to, (count + 1) | (load<u32>(p, 8) & SORTED), 8);
  return copy;
}

/** The same, as a document in which something is replaced that `before` has otherwise. */
export function copyToReplace(object: u64, before: u64): u64 {
  const from = pointerOf(copyObject(object));
  const to = alloc(24);
  copyBytes(to, from, 16);
  store<u32>(to, load<u32>(to, 8) | REPLACED, 8);
  store<u64>(to, before, 16);
  return slice(to, 0, TAG_OBJECT);
}

/** What stood there before something in it was replaced; UNDEFINED where nothing was. */
export function beforeReplacing(v: u64): u64 {
  if (tagOf(v) != TAG_OBJECT) return UNDEFINED;
  const p = pointerOf(v);
  return (load<u32>(p, 8) & REPLACED) == 0 ? UNDEFINED : load<u64>(p, 16);
}

/** The value under `key`, or UNDEFINED. */
export function objectGet(object: u64, key: u64): u64 {
  const p = findItem(pointerOf(object), key, 16);
  return p == 0 ? UNDEFINED : load<u64>(p, 8);
}

/** Rego's `v[key]`: element, value, or the key itself where it is a member; UNDEFINED for anything missing and for scalars. */
export function lookup(v: u64, key: u64): u64 {
  const tag = tagOf(v);
  if (tag == TAG_OBJECT) return objectGet(v, key);
  if (tag == TAG_ARRAY) {
    if (tagOf(key) == TAG_INTEGER) {
      const n = <u64>integerOf(key);
      return n < <u64>countOf(v) ? arrayAt(v, <u32>n) : UNDEFINED;
    }
    if (!isNumber(key)) return UNDEFINED;
    const i = plainInteger(key);
    if (!lastIntegral || <u64>i >= <u64>countOf(v)) return UNDEFINED;
    return arrayAt(v, <u32>i);
  }
  return tag == TAG_SET && setHas(v, key) ? key : UNDEFINED;
}

/** `lookup` for a string whose hash is known. */
export function lookupString(v: u64, key: u64, h: u64): u64 {
  const tag = tagOf(v);
  const header = pointerOf(v);
  if (tag == TAG_OBJECT) {
    const p = load<u32>(header) > LINEAR ? findStringIndexed(header, key, h, 16) : findString(header, key, 16);
    return p == 0 ? UNDEFINED : load<u64>(p, 8);
  }
  return tag == TAG_SET && setHas(v, key) ? key : UNDEFINED;
}

// ---- order

/** Brings the items of an object or set into key order, in place. */
function ensureSorted(header: usize, stride: u32): void {
  const flags = load<u32>(header, 8);
  if ((flags & SORTED) != 0) return;
  const count = load<u32>(header);
  const mark = heap_ptr;
  sortItems(itemsAt(header), count, stride);
  release(mark);
  store<u32>(header, load<u32>(header, 12) == 0 ? flags | SORTED : flags | SORTED | STALE, 8);
}

/** The items of any collection in order: elements, members or key and value pairs; see `strideOf`, `countOf`. */
export function sortedItems(v: u64): usize {
  const p = pointerOf(v);
  if (tagOf(v) != TAG_ARRAY) ensureSorted(p, strideOf(v));
  return itemsAt(p);
}

/** Member `i` of a set in order; call `sortedItems(set)` first. */
@inline
export function setAt(set: u64, i: u32): u64 {
  return load<u64>(itemsAt(pointerOf(set)) + (<usize>i << 3));
}

/** Key `i` of an object in order; call `sortedItems(object)` first. */
@inline
export function keyAt(object: u64, i: u32): u64 {
  return load<u64>(itemsAt(pointerOf(object)) + (<usize>i << 4));
}

/** The value under `keyAt(object, i)`. */
@inline
export function valueAt(object: u64, i: u32): u64 {
  return load<u64>(itemsAt(pointerOf(object)) + (<usize>i << 4), 8);
}

// ---- sets as they were written

/** The same set, with an order of its own for who goes through its members: behind its header, with the set as it is otherwise. */
export function setWithOrder(set: u64, order: u64): u64 {
  sortedItems(set);
  const from = pointerOf(set);
  const p = alloc(32);
  store<u64>(p, load<u64>(from));
  store<u64>(p, load<u64>(from, 8), 8);
  store<u32>(p, load<u32>(from, 8) | WRITTEN, 8);
  store<u64>(p, order, 16);
  store<u64>(p, set, 24);
  return slice(p, 0, TAG_SET);
}

@inline
function isWritten(v: u64): bool {
  return tagOf(v) == TAG_SET && (load<u32>(pointerOf(v), 8) & WRITTEN) != 0;
}

/** What is gone through for a collection: itself, or the array that is its order. */
@inline
export function inOrder(v: u64): u64 {
  return isWritten(v) ? load<u64>(pointerOf(v), 16) : v;
}

/** A value without an order of its own. */
@inline
export function withoutOrder(v: u64): u64 {
  return isWritten(v) ? load<u64>(pointerOf(v), 24) : v;
}

// ---- for the readers

/**
 * Turns `count` items, in place, into a collection: removes repeated keys (the last value, the first spelling), notes
 * whether they are sorted and builds the index, so that nothing needs the arena later.
 */
export function closeKeys(tag: u32, items: usize, count: u32): u64 {
  const stride: u32 = tag == TAG_OBJECT ? 16 : 8;
  const header = alloc(16);
  store<u64>(header, <u64>items << 32 | count);
  store<u64>(header, count, 8);
  let sorted = true;
  for (let i: u32 = 1; i < count; i++) {
    const p = items + <usize>i * stride;
    if (compare(load<u64>(p - stride), load<u64>(p)) >= 0) {
      sorted = false;
      break;
    }
  }
  if (sorted) {
    store<u32>(header, count | SORTED, 8);
    if (count > LINEAR) reserveIndex(header, count);
    return slice(header, 0, tag);
  }
  // Insert one by one into the same place: an item is written at or before where it is read.
  store<u32>(header, 0);
  if (count > LINEAR) buildIndex(header, stride);
  for (let i: u32 = 0; i < count; i++) {
    const from = items + <usize>i * stride;
    const key = load<u64>(from);
    const value = stride == 16 ? load<u64>(from, 8) : 0;
    const to = findOrAppend(header, key, stride);
    if (stride == 16) store<u64>(to, value, 8);
  }
  return slice(header, 0, tag);
}

/** An array of `count` words that stay where they are. */
export function closeArray(items: usize, count: u32): u64 {
  if (count > CAPACITY) abortWith(NO_MEMORY);
  const header = alloc(16);
  store<u64>(header, <u64>items << 32 | count);
  store<u64>(header, count | SORTED, 8);
  return slice(header, 0, TAG_ARRAY);
}
