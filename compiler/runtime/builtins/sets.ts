// Set algebra: and, or, minus of sets, union, intersection.

import { TAG_SET, UNDEFINED, isSet, tagOf } from "../word";
import { countOf, makeSet, setAdd, setHas, sortedItems } from "../collection";
import { operandError, needSet } from "../operands";

export function differenceOf(a: u64, b: u64): u64 {
  const items = sortedItems(a);
  const count = countOf(a);
  const result = makeSet(0);
  for (let i: u32 = 0; i < count; i++) {
    const member = load<u64>(items + (<usize>i << 3));
    if (!setHas(b, member)) setAdd(result, member);
  }
  return result;
}

// Members are taken, in their spelling, from the smaller set; from the left one when both have the same size.
function intersectionOf(a: u64, b: u64): u64 {
  const from = countOf(b) < countOf(a) ? b : a;
  const other = from == a ? b : a;
  const items = sortedItems(from);
  const count = countOf(from);
  const result = makeSet(0);
  for (let i: u32 = 0; i < count; i++) {
    const member = load<u64>(items + (<usize>i << 3));
    if (setHas(other, member)) setAdd(result, member);
  }
  return result;
}

function addAll(result: u64, from: u64): void {
  const items = sortedItems(from);
  const count = countOf(from);
  for (let i: u32 = 0; i < count; i++) setAdd(result, load<u64>(items + (<usize>i << 3)));
}

export function builtin_and(a: u64, b: u64): u64 {
  if (!needSet(1, a) || !needSet(2, b)) return UNDEFINED;
  return intersectionOf(a, b);
}

export function builtin_or(a: u64, b: u64): u64 {
  if (!needSet(1, a) || !needSet(2, b)) return UNDEFINED;
  if (countOf(b) == 0) return a;
  if (countOf(a) == 0) return b;
  const result = makeSet(countOf(a) + countOf(b));
  addAll(result, a);
  addAll(result, b);
  return result;
}

export function builtin_set_diff(a: u64, b: u64): u64 {
  if (!needSet(1, a) || !needSet(2, b)) return UNDEFINED;
  return differenceOf(a, b);
}

export function builtin_union(sets: u64): u64 {
  if (!needSet(1, sets)) return UNDEFINED;
  const items = sortedItems(sets);
  const result = makeSet(0);
  for (let i: u32 = 0; i < countOf(sets); i++) {
    const set = load<u64>(items + (<usize>i << 3));
    if (!isSet(set)) return operandError(1, set, "set");
    addAll(result, set);
  }
  return result;
}

export function builtin_intersection(sets: u64): u64 {
  if (!needSet(1, sets)) return UNDEFINED;
  const items = sortedItems(sets);
  const count = countOf(sets);
  if (count == 0) return makeSet(0);
  let result: u64 = UNDEFINED;
  for (let i: u32 = 0; i < count; i++) {
    const set = load<u64>(items + (<usize>i << 3));
    if (!isSet(set)) return operandError(1, set, "set");
    result = i == 0 ? set : intersectionOf(result, set);
  }
  return result;
}
