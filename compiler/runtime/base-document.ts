// Looking into base documents: the paths of OPA's store are texts, so a number finds the key that is its text, and a text finds
// an element of an array.

import { heap_base } from "./memory";
import {
  TAG_ARRAY, TAG_OBJECT, TAG_STRING, UNDEFINED, integerOf, isInteger, isNumber, lengthOf, pointerOf, slice, tagOf,
} from "./word";
import { arrayAt, beforeReplacing, countOf, lookup, objectGet } from "./collection";
import { writeInteger } from "./number";

// Where the documents that were loaded before this decision end.
let loadedEnd: usize = 0;

/** What lies between the constants and `end` was loaded as base documents. */
export function noteLoaded(end: usize): void {
  loadedEnd = end;
}

/**
 * `v[key]` in a ref into `data`. What a `with` has put there is no base document: it is looked up as any value. Where it has put something
 * below, what stood there otherwise is still found by its text.
 */
export function rt_base_lookup(v: u64, key: u64): u64 {
  const found = lookup(v, key);
  return found != UNDEFINED || tagOf(v) - TAG_ARRAY > 1 ? found : lookupByText(v, key);
}

// The digits of an inline integer.
const digits: usize = memory.data(24);

function lookupByText(v: u64, key: u64): u64 {
  const p = pointerOf(v);
  if (p < heap_base || p >= loadedEnd) {
    const before = beforeReplacing(v);
    return before == UNDEFINED ? UNDEFINED : lookupByText(before, key);
  }
  if (tagOf(v) == TAG_OBJECT) {
    if (!isNumber(key)) return UNDEFINED;
    if (!isInteger(key)) return objectGet(v, slice(pointerOf(key), lengthOf(key), TAG_STRING));
    return objectGet(v, slice(digits, writeInteger(digits, integerOf(key)), TAG_STRING));
  }
  if (tagOf(key) != TAG_STRING) return UNDEFINED;
  const at = indexOf(pointerOf(key), lengthOf(key));
  return at < <u64>countOf(v) ? arrayAt(v, <u32>at) : UNDEFINED;
}

const NO_INDEX: u64 = u64.MAX_VALUE;

// The index that a text spells: a sign, up to 19 digits, and a point with zeros, as OPA's Atoi reads it.
function indexOf(p: usize, length: u32): u64 {
  const end = p + length;
  const negative = length > 0 && load<u8>(p) == 45;
  if (length > 0 && (negative || load<u8>(p) == 43)) p++;
  if (p == end || end - p > 19) return NO_INDEX;
  let n: u64 = 0;
  let pastPoint = false;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (c == 46) {
      if (pastPoint) return NO_INDEX;
      pastPoint = true;
    } else if (c - 48 > 9 || (pastPoint && c != 48)) {
      return NO_INDEX;
    } else if (!pastPoint) {
      n = n * 10 + (c - 48);
    }
  }
  return negative && n > 0 ? NO_INDEX : n;
}
