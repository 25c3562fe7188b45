// Operand checks of builtins, with OPA's texts.

import { closeError, typeError, TYPE_ERROR } from "./failure";
import { textByte, textLiteral, textOpen } from "./text";
import {
  TAG_ARRAY, TAG_BOOLEAN, TAG_INTEGER, TAG_NULL, TAG_NUMBER, TAG_OBJECT, TAG_SET, TAG_STRING, isNumber, isString, tagOf,
} from "./word";
import { countOf, sortedItems } from "./collection";

/** Appends the name of the value's type. */
export function textTypeName(v: u64): void {
  const tag = tagOf(v);
  if (tag == TAG_NULL) textLiteral("null");
  else if (tag == TAG_BOOLEAN) textLiteral("boolean");
  else if (tag == TAG_INTEGER || tag == TAG_NUMBER) textLiteral("number");
  else if (tag == TAG_STRING) textLiteral("string");
  else if (tag == TAG_ARRAY) textLiteral("array");
  else if (tag == TAG_OBJECT) textLiteral("object");
  else textLiteral("set");
}

/** Operand `position` has the wrong type; `expected` is a type's name or `one of {a, b}`. Gives UNDEFINED. */
export function operandError(position: u32, got: u64, expected: string): u64 {
  const saved = textOpen();
  textLiteral("operand ");
  textByte(48 + position);
  textLiteral(" must be ");
  textLiteral(expected);
  textLiteral(" but got ");
  textTypeName(got);
  return closeError(TYPE_ERROR, saved);
}

/** An element of the operand has the wrong type; `expected` is a type's name. Gives UNDEFINED. */
export function elementError(position: u32, composite: u64, got: u64, expected: string): u64 {
  const saved = textOpen();
  textLiteral("operand ");
  textByte(48 + position);
  textLiteral(" must be ");
  textTypeName(composite);
  textLiteral(" of ");
  textLiteral(expected);
  textLiteral("s but got ");
  textTypeName(composite);
  textLiteral(" containing ");
  textTypeName(got);
  return closeError(TYPE_ERROR, saved);
}

/** True for a string; else notes the error. */
export function needString(position: u32, v: u64): bool {
  if (isString(v)) return true;
  operandError(position, v, "string");
  return false;
}

export function needNumber(position: u32, v: u64): bool {
  if (isNumber(v)) return true;
  operandError(position, v, "number");
  return false;
}

export function needSet(position: u32, v: u64): bool {
  if (tagOf(v) == TAG_SET) return true;
  operandError(position, v, "set");
  return false;
}

export function needArray(position: u32, v: u64): bool {
  if (tagOf(v) == TAG_ARRAY) return true;
  operandError(position, v, "array");
  return false;
}

export function needObject(position: u32, v: u64): bool {
  if (tagOf(v) == TAG_OBJECT) return true;
  operandError(position, v, "object");
  return false;
}

/** True for an array or set of strings; else notes the error. Call `sortedItems` before going through it. */
export function needStrings(position: u32, v: u64): bool {
  const tag = tagOf(v);
  if (tag != TAG_ARRAY && tag != TAG_SET) {
    operandError(position, v, "one of {array, set}");
    return false;
  }
  const items = sortedItems(v);
  for (let i: u32 = 0; i < countOf(v); i++) {
    const item = load<u64>(items + (<usize>i << 3));
    if (!isString(item)) {
      elementError(position, v, item, "string");
      return false;
    }
  }
  return true;
}

export function notInteger(position: u32): u64 {
  return position == 1
    ? typeError("operand 1 must be integer number but got floating-point number")
    : position == 2
      ? typeError("operand 2 must be integer number but got floating-point number")
      : typeError("operand 3 must be integer number but got floating-point number");
}
