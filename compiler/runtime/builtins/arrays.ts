// array.*, numbers.range*, graph.reachable and walk's companions on lists.

import { alloc, copyBytes } from "../memory";
import { TAG_ARRAY, TAG_INTEGER, TAG_SET, UNDEFINED, integerOf, isArray, isNumber, isSet, smallInteger, tagOf } from "../word";
import { arrayAppend, arrayAt, closeArray, countOf, makeArray, sortedItems } from "../collection";
import { integer, integralValue, lastIntegral, plainInteger } from "../number";
import { builtinError, typeError } from "../failure";
import { needArray, needNumber, notInteger, operandError } from "../operands";
import { isWholeNumber } from "../numbers/integers";
import { compareNumbers } from "../number";
import { spendFuel } from "../generated-code";
import { builtin_plus } from "./arithmetic";

export function builtin_array_concat(a: u64, b: u64): u64 {
  if (!needArray(1, a) || !needArray(2, b)) return UNDEFINED;
  const m = countOf(a);
  const n = countOf(b);
  const items = alloc(<usize>(m + n) << 3);
  copyBytes(items, sortedItems(a), <usize>m << 3);
  copyBytes(items + (<usize>m << 3), sortedItems(b), <usize>n << 3);
  return closeArray(items, m + n);
}

/** One level; sets stay. */
export function builtin_array_flatten(a: u64): u64 {
  if (!needArray(1, a)) return UNDEFINED;
  const result = makeArray(countOf(a));
  for (let i: u32 = 0; i < countOf(a); i++) {
    const x = arrayAt(a, i);
    if (!isArray(x)) {
      arrayAppend(result, x);
      continue;
    }
    for (let j: u32 = 0; j < countOf(x); j++) arrayAppend(result, arrayAt(x, j));
  }
  return result;
}

export function builtin_array_reverse(a: u64): u64 {
  if (!needArray(1, a)) return UNDEFINED;
  const n = countOf(a);
  const result = makeArray(n);
  for (let i = n; i > 0; i--) arrayAppend(result, arrayAt(a, i - 1));
  return result;
}

/** Elements `from` up to but without `to`, both brought into the array. */
export function builtin_array_slice(a: u64, from: u64, to: u64): u64 {
  if (!needArray(1, a) || !needNumber(2, from)) return UNDEFINED;
  let i = plainInteger(from);
  if (!lastIntegral) return notInteger(2);
  if (!needNumber(3, to)) return UNDEFINED;
  let j = plainInteger(to);
  if (!lastIntegral) return notInteger(3);
  const n = <i64>countOf(a);
  if (i < 0) i = 0;
  if (j > n) j = n;
  if (i >= j) return makeArray(0);
  return closeArray(sortedItems(a) + (<usize>i << 3), <u32>(j - i));
}

function range(from: u64, to: u64, step: i64): u64 {
  const result = makeArray(0);
  if (tagOf(from) == TAG_INTEGER && tagOf(to) == TAG_INTEGER) {
    const a = integerOf(from);
    const b = integerOf(to);
    const by = a <= b ? step : -step;
    for (let i = a; a <= b ? i <= b : i >= b; i += by) {
      spendFuel();
      arrayAppend(result, smallInteger(i));
    }
    return result;
  }
  const up = compareNumbers(from, to) <= 0;
  const by = integer(up ? step : -step);
  let i = builtin_plus(from, smallInteger(0));
  while (up ? compareNumbers(i, to) <= 0 : compareNumbers(i, to) >= 0) {
    spendFuel();
    arrayAppend(result, i);
    i = builtin_plus(i, by);
  }
  return result;
}

function needWhole(position: u32, v: u64): bool {
  if (!isNumber(v)) {
    operandError(position, v, "integer");
    return false;
  }
  if (isWholeNumber(v)) return true;
  notInteger(position);
  return false;
}

export function builtin_numbers_range(from: u64, to: u64): u64 {
  if (!needWhole(1, from) || !needWhole(2, to)) return UNDEFINED;
  return range(from, to, 1);
}

export function builtin_numbers_range_step(from: u64, to: u64, step: u64): u64 {
  if (!needWhole(1, from) || !needWhole(2, to) || !needWhole(3, step)) return UNDEFINED;
  const by = integralValue(step);
  if (!lastIntegral || by > <i64>1 << 58) {
    // A step beyond any difference: only the first number.
    if (compareNumbers(step, smallInteger(0)) > 0) return range(from, from, 1);
  }
  if (by <= 0) return builtinError("numbers.range_step: step must be a positive integer");
  return range(from, to, by);
}
