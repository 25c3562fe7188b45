// OPA's total order over values, equality and hash. Order walks nested values with an explicit stack, so depth costs no
// call stack; equality and hash recurse only a little way down.

import { depth, pop, push, stackAt, unwind } from "./memory";
import {
  TAG_ARRAY, TAG_BOOLEAN, TAG_INTEGER, TAG_NUMBER, TAG_OBJECT, TAG_SET, TAG_STRING, lengthOf, pointerOf, tagOf,
} from "./word";
import { compareBytes, hashBytes, mix, sameBytes } from "./bytes";
import { compareNumbers, hashInteger, hashNumber } from "./number";
import { countOf, objectGet, setHas, sortedItems } from "./collection";

@inline
function rank(tag: u32): u32 {
  return tag == TAG_NUMBER ? TAG_INTEGER : tag;
}

function compareScalars(a: u64, b: u64, tag: u32): i32 {
  if (tag == TAG_STRING) return compareBytes(pointerOf(a), lengthOf(a), pointerOf(b), lengthOf(b));
  if (tag == TAG_INTEGER) return compareNumbers(a, b);
  return a == b ? 0 : a < b ? -1 : 1;
}

/** -1, 0 or 1 in OPA's order: null, false, true, numbers, strings, arrays, objects, sets. */
export function compare(a: u64, b: u64): i32 {
  if (a == b) return 0;
  const x = rank(tagOf(a));
  const y = rank(tagOf(b));
  if (x != y) return x < y ? -1 : 1;
  if (x < TAG_ARRAY) return compareScalars(a, b, x);
  return compareNested(a, b);
}

// A frame of 24 bytes: both item pointers, words left in the shorter one, and the result when all of them are equal.
function compareNested(a: u64, b: u64): i32 {
  const bottom = depth();
  openFrame(a, b);
  while (depth() > bottom) {
    const frame = stackAt(depth());
    const left = load<u32>(frame, 8);
    if (left == 0) {
      const tie = load<i32>(frame, 12);
      pop(24);
      if (tie != 0) {
        unwind(bottom);
        return tie;
      }
      continue;
    }
    const p = load<u32>(frame);
    const q = load<u32>(frame, 4);
    store<u32>(frame, p + 8);
    store<u32>(frame, q + 8, 4);
    store<u32>(frame, left - 1, 8);
    const v = load<u64>(p);
    const w = load<u64>(q);
    if (v == w) continue;
    const x = rank(tagOf(v));
    const y = rank(tagOf(w));
    if (x == y && x >= TAG_ARRAY) {
      openFrame(v, w);
      continue;
    }
    const c: i32 = x != y ? (x < y ? -1 : 1) : compareScalars(v, w, x);
    if (c != 0) {
      unwind(bottom);
      return c;
    }
  }
  return 0;
}

function openFrame(a: u64, b: u64): void {
  const p = sortedItems(a);
  const q = sortedItems(b);
  const m = countOf(a);
  const n = countOf(b);
  const frame = push(24);
  store<u32>(frame, <u32>p);
  store<u32>(frame, <u32>q, 4);
  const shared = m < n ? m : n;
  store<u32>(frame, tagOf(a) == TAG_OBJECT ? shared << 1 : shared, 8);
  const tie: i32 = m == n ? 0 : m < n ? -1 : 1;
  store<i32>(frame, tie, 12);
}

/** Equality of values: by number, not by spelling. */
export function equal(a: u64, b: u64): bool {
  if (a == b) return true;
  if (tagOf(a) == TAG_STRING) return <u32>a == <u32>b && sameBytes(pointerOf(a), pointerOf(b), lengthOf(a));
  return equalWithin(a, b, 64);
}

function equalWithin(a: u64, b: u64, levels: u32): bool {
  const tag = tagOf(a);
  if (tag == TAG_STRING) {
    return <u32>a == <u32>b && sameBytes(pointerOf(a), pointerOf(b), lengthOf(a));
  }
  const other = tagOf(b);
  if (rank(tag) == TAG_INTEGER) {
    // Two inline integers that are not the same word differ.
    return (tag | other) != TAG_INTEGER && rank(other) == TAG_INTEGER && compareNumbers(a, b) == 0;
  }
  if (tag != other || tag <= TAG_BOOLEAN) return false;
  const count = countOf(a);
  if (count != countOf(b)) return false;
  if (levels == 0) return compareNested(a, b) == 0;
  const items = <usize>load<u32>(pointerOf(a), 4);
  if (tag == TAG_SET) {
    for (let i: u32 = 0; i < count; i++) {
      if (!setHas(b, load<u64>(items + (<usize>i << 3)))) return false;
    }
    return true;
  }
  if (tag == TAG_OBJECT) {
    for (let i: u32 = 0; i < count; i++) {
      const p = items + (<usize>i << 4);
      const w = objectGet(b, load<u64>(p));
      const v = load<u64>(p, 8);
      if (w == 0 || (v != w && !equalWithin(v, w, levels - 1))) return false;
    }
    return true;
  }
  const others = <usize>load<u32>(pointerOf(b), 4);
  for (let i: u32 = 0; i < count; i++) {
    const v = load<u64>(items + (<usize>i << 3));
    const w = load<u64>(others + (<usize>i << 3));
    if (v != w && !equalWithin(v, w, levels - 1)) return false;
  }
  return true;
}

/** Equal values have equal hashes; all 64 bits are mixed. */
export function hash(v: u64): u64 {
  return hashWithin(v, 16);
}

function hashWithin(v: u64, levels: u32): u64 {
  const tag = tagOf(v);
  if (tag == TAG_STRING) return hashBytes(pointerOf(v), lengthOf(v));
  if (tag == TAG_INTEGER) return hashInteger(v);
  if (tag == TAG_NUMBER) return hashNumber(v);
  if (tag < TAG_ARRAY) return mix(v);
  const count = countOf(v);
  let h: u64 = mix(tag + (<u64>count << 8));
  if (levels == 0) return h;
  const items = <usize>load<u32>(pointerOf(v), 4);
  if (tag == TAG_OBJECT) {
    for (let i: u32 = 0; i < count; i++) {
      const p = items + (<usize>i << 4);
      h += mix(hashWithin(load<u64>(p), levels - 1) + mix(hashWithin(load<u64>(p, 8), levels - 1)));
    }
  } else if (tag == TAG_SET) {
    for (let i: u32 = 0; i < count; i++) h += mix(hashWithin(load<u64>(items + (<usize>i << 3)), levels - 1));
  } else {
    for (let i: u32 = 0; i < count; i++) h = mix(h * 31 + hashWithin(load<u64>(items + (<usize>i << 3)), levels - 1));
  }
  return h;
}
