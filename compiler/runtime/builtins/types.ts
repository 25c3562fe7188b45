// is_*, type_name, casts, to_number's siblings of v0.

import {
  EMPTY_STRING, TAG_ARRAY, TAG_BOOLEAN, TAG_NULL, TAG_OBJECT, TAG_SET, TAG_STRING, TRUE, UNDEFINED, boolean, isNumber, tagOf,
} from "../word";
import { alloc, copyBytes } from "../memory";
import { closeArray, closeKeys, countOf, makeSet, setAdd, sortedItems } from "../collection";
import { textOpen, textString } from "../text";
import { operandError, textTypeName } from "../operands";

export function builtin_is_array(v: u64): u64 {
  return boolean(tagOf(v) == TAG_ARRAY);
}

export function builtin_is_boolean(v: u64): u64 {
  return boolean(tagOf(v) == TAG_BOOLEAN);
}

export function builtin_is_null(v: u64): u64 {
  return boolean(tagOf(v) == TAG_NULL);
}

export function builtin_is_number(v: u64): u64 {
  return boolean(isNumber(v));
}

export function builtin_is_object(v: u64): u64 {
  return boolean(tagOf(v) == TAG_OBJECT);
}

export function builtin_is_set(v: u64): u64 {
  return boolean(tagOf(v) == TAG_SET);
}

export function builtin_is_string(v: u64): u64 {
  return boolean(tagOf(v) == TAG_STRING);
}

export function builtin_type_name(v: u64): u64 {
  const saved = textOpen();
  textTypeName(v);
  return textString(saved);
}

export function builtin_cast_array(v: u64): u64 {
  if (tagOf(v) == TAG_ARRAY) return v;
  if (tagOf(v) != TAG_SET) return operandError(1, v, "one of {array, set}");
  const count = countOf(v);
  const from = sortedItems(v);
  const items = alloc(<usize>count << 3);
  copyBytes(items, from, <usize>count << 3);
  return closeArray(items, count);
}

export function builtin_cast_set(v: u64): u64 {
  if (tagOf(v) == TAG_SET) return v;
  if (tagOf(v) != TAG_ARRAY) return operandError(1, v, "one of {array, set}");
  const items = sortedItems(v);
  const result = makeSet(0);
  for (let i: u32 = 0; i < countOf(v); i++) setAdd(result, load<u64>(items + (<usize>i << 3)));
  return result;
}

export function builtin_cast_string(v: u64): u64 {
  return tagOf(v) == TAG_STRING ? v : operandError(1, v, "string");
}

export function builtin_cast_boolean(v: u64): u64 {
  return tagOf(v) == TAG_BOOLEAN ? v : operandError(1, v, "boolean");
}

export function builtin_cast_null(v: u64): u64 {
  return tagOf(v) == TAG_NULL ? v : operandError(1, v, "null");
}

export function builtin_cast_object(v: u64): u64 {
  return tagOf(v) == TAG_OBJECT ? v : operandError(1, v, "object");
}
