// count, sum, product, max, min, sort, any, all.

import { heap_ptr } from "../memory";
import { FALSE, TAG_ARRAY, TAG_INTEGER, TAG_OBJECT, TAG_SET, TRUE, UNDEFINED, boolean, integerOf, isNumber, isString, lengthOf, pointerOf, smallInteger, tagOf } from "../word";
import { compare, equal } from "../compare";
import { closeArray, countOf, setHas, sortedItems } from "../collection";
import { alloc, copyBytes } from "../memory";
import { integer } from "../number";
import { sortItems } from "../sort";
import { countCodePoints } from "../utf8";
import { elementError, operandError } from "../operands";
import { fromU64 } from "../numbers/magnitude";
import { addFloats, makeFloat, multiplyFloats, toFloat } from "../numbers/float";
import { isWholeNumber } from "../numbers/integers";
import { builtin_mul, builtin_plus, keepFloat } from "./arithmetic";

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
  let exact = integer(total);
  for (; i < count; i++) exact = builtin_plus(exact, load<u64>(items + (<usize>i << 3)));
  return exact;
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
  if (allWhole(items, count)) {
    let exact = smallInteger(1);
    for (let i: u32 = 0; i < count; i++) exact = builtin_mul(exact, load<u64>(items + (<usize>i << 3)));
    return exact;
  }
  const mark = heap_ptr;
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
