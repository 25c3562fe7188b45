// count, sum, product, max, min, sort, any, all.

import { FALSE, TAG_ARRAY, TAG_INTEGER, TAG_OBJECT, TAG_SET, TRUE, UNDEFINED, boolean, integerOf, isNumber, isString, lengthOf, pointerOf, smallInteger, tagOf } from "../word";
import { compare, equal } from "../compare";
import { closeArray, countOf, setHas, sortedItems } from "../collection";
import { alloc, copyBytes, heap_ptr, release } from "../memory";
import { integer } from "../number";
import { sortItems } from "../sort";
import { countCodePoints } from "../utf8";
import { elementError, operandError } from "../operands";
import { addTo, fromU64, limbs, makeSum, moveDown, multiply, trim, widened } from "../numbers/magnitude";
import { addFloats, makeFloat, multiplyFloats, toFloat } from "../numbers/float";
import { integerMagnitude, integerNegative, integerNumber, isWholeNumber } from "../numbers/integers";
import { keepFloat, signedSum } from "./arithmetic";

export function builtin_count(v: u64): u64 {
  if (isString(v)) return smallInteger(countCodePoints(pointerOf(v), lengthOf(v)));
  if (tagOf(v) < TAG_ARRAY) return operandError(1, v, "one of {array, object, set, string}");
  return smallInteger(countOf(v));
}

@inline
function isList(v: u64): bool {
  return tagOf(v) == TAG_ARRAY || tagOf(v) == TAG_SET;
}

export function builtin_sum(v: u64): u64 {
  if (!isList(v)) return operandError(1, v, "one of {set, array}");
  const items = sortedItems(v);
  const count = countOf(v);
  let total: i64 = 0;
  let i: u32 = 0;
  for (; i < count; i++) {
    const x = load<u64>(items + (<usize>i << 3));
    // 2^59 twice added cannot pass 2^63 while the total is below 2^62.
    if (tagOf(x) != TAG_INTEGER || total > 1 << 62 || total < -(1 << 62)) break;
    total += integerOf(x);
  }
  if (i == count) return integer(total);
  if (!allWhole(items, count)) return floatSum(v, items, count);
  return exactSum(total, items + (<usize>i << 3), items + (<usize>count << 3));
}

// Positive and negative integers are added up apart, so that only the end is written as digits.
function exactSum(total: i64, items: usize, end: usize): u64 {
  const mark = heap_ptr;
  let positive = makeSum(2);
  let negative = makeSum(2);
  let own = heap_ptr;
  addTo(total < 0 ? negative : positive, fromU64(total < 0 ? 0 - <u64>total : <u64>total));
  for (let p = items; p < end; p += 8) {
    const m = integerMagnitude(load<u64>(p));
    if (limbs(m) >= limbs(positive)) {
      positive = widened(positive, limbs(m) << 1);
      negative = widened(negative, limbs(m) << 1);
      own = heap_ptr;
    }
    addTo(integerNegative ? negative : positive, m);
    release(own);
  }
  return signedSum(trim(positive), false, trim(negative), true, mark);
}

function allWhole(items: usize, count: u32): bool {
  for (let i: u32 = 0; i < count; i++) {
    const x = load<u64>(items + (<usize>i << 3));
    if (!isNumber(x) || !isWholeNumber(x)) return false;
  }
  return true;
}

function floatSum(v: u64, items: usize, count: u32): u64 {
  const mark = heap_ptr;
  let total = makeFloat(fromU64(0), 0, false, 64);
  for (let i: u32 = 0; i < count; i++) {
    const x = load<u64>(items + (<usize>i << 3));
    if (!isNumber(x)) return elementError(1, v, x, "number");
    total = addFloats(total, toFloat(x), false);
  }
  return keepFloat(total, mark);
}

export function builtin_product(v: u64): u64 {
  if (!isList(v)) return operandError(1, v, "one of {set, array}");
  const items = sortedItems(v);
  const count = countOf(v);
  const mark = heap_ptr;
  if (allWhole(items, count)) {
    let product = fromU64(1);
    let negative = false;
    for (let i: u32 = 0; i < count; i++) {
      product = moveDown(multiply(product, integerMagnitude(load<u64>(items + (<usize>i << 3)))), mark);
      if (integerNegative) negative = !negative;
    }
    return integerNumber(product, negative, mark);
  }
  // The first factor is a float64 in OPA, whose precision the product keeps.
  let product = makeFloat(fromU64(1), 0, false, 53);
  for (let i: u32 = 0; i < count; i++) {
    const x = load<u64>(items + (<usize>i << 3));
    if (!isNumber(x)) return elementError(1, v, x, "number");
    product = multiplyFloats(product, toFloat(x), 53);
  }
  return keepFloat(product, mark);
}

/** Of equal elements of an array the last one. */
export function builtin_max(v: u64): u64 {
  if (!isList(v)) return operandError(1, v, "one of {set, array}");
  const items = sortedItems(v);
  const count = countOf(v);
  if (count == 0) return UNDEFINED;
  if (tagOf(v) == TAG_SET) return load<u64>(items + (<usize>(count - 1) << 3));
  let best = load<u64>(items);
  for (let i: u32 = 1; i < count; i++) {
    const x = load<u64>(items + (<usize>i << 3));
    if (compare(best, x) <= 0) best = x;
  }
  return best;
}

export function builtin_min(v: u64): u64 {
  if (!isList(v)) return operandError(1, v, "one of {set, array}");
  const items = sortedItems(v);
  const count = countOf(v);
  if (count == 0) return UNDEFINED;
  let best = load<u64>(items);
  if (tagOf(v) == TAG_SET) return best;
  for (let i: u32 = 1; i < count; i++) {
    const x = load<u64>(items + (<usize>i << 3));
    if (compare(best, x) >= 0) best = x;
  }
  return best;
}

export function builtin_sort(v: u64): u64 {
  if (!isList(v)) return operandError(1, v, "one of {set, array}");
  const count = countOf(v);
  const from = sortedItems(v);
  const bytes = <usize>count << 3;
  const items = alloc(bytes);
  copyBytes(items, from, bytes);
  if (tagOf(v) == TAG_ARRAY) sortItems(items, count, 8);
  return closeArray(items, count);
}

export function builtin_any(v: u64): u64 {
  if (!isList(v)) return operandError(1, v, "one of {array, set}");
  const items = sortedItems(v);
  for (let i: u32 = 0; i < countOf(v); i++) if (load<u64>(items + (<usize>i << 3)) == TRUE) return TRUE;
  return FALSE;
}

export function builtin_all(v: u64): u64 {
  if (!isList(v)) return operandError(1, v, "one of {array, set}");
  const items = sortedItems(v);
  for (let i: u32 = 0; i < countOf(v); i++) if (load<u64>(items + (<usize>i << 3)) != TRUE) return FALSE;
  return TRUE;
}
