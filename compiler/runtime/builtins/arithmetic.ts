// plus, minus, mul, div, rem, abs, round, ceil, floor: exact on integers of any size, else 64-bit floats, as topdown.

import { heap_ptr } from "../memory";
import { TAG_INTEGER, TAG_SET, UNDEFINED, integerOf, isNumber, lengthOf, pointerOf, smallInteger, tagOf } from "../word";
import { integer } from "../number";
import { builtinError } from "../failure";
import { needNumber, operandError } from "../operands";
import { add, compareMagnitudes, divide, fromU64, isZero, multiply, remainder, subtract } from "../numbers/magnitude";
import { integerMagnitude, integerNegative, integerNumber, keepText } from "../numbers/integers";
import {
  addFloats, divideFloats, exponentOf, floatNumber, isNegative, isWhole, magnitudeOf, makeFloat, multiplyFloats, toFloat, truncate,
  wholeFloat,
} from "../numbers/float";
import { differenceOf } from "./sets";

@inline
function bothInline(a: u64, b: u64): bool {
  return (((<u32>a ^ TAG_INTEGER) | (<u32>b ^ TAG_INTEGER)) & 15) == 0;
}

@inline
function fitsInt32(n: i64): bool {
  return n == <i64>(<i32>n);
}

/** The number of a float; what was calculated since `mark` is released. */
export function keepFloat(f: usize, mark: usize): u64 {
  const v = floatNumber(f);
  if (tagOf(v) == TAG_INTEGER) return v;
  return keepText(pointerOf(v), lengthOf(v), mark);
}

function sum(a: u64, b: u64, negate: bool): u64 {
  const mark = heap_ptr;
  const x = integerMagnitude(a);
  const xNegative = integerNegative;
  const y = x == 0 ? 0 : integerMagnitude(b);
  if (y == 0) return keepFloat(addFloats(toFloat(a), toFloat(b), negate), mark);
  return signedSum(x, xNegative, y, integerNegative != negate, mark);
}

/** The number of the sum of two signed magnitudes; what was calculated since `mark` is released. */
export function signedSum(x: usize, xNegative: bool, y: usize, yNegative: bool, mark: usize): u64 {
  if (xNegative == yNegative) return integerNumber(add(x, y), xNegative, mark);
  if (compareMagnitudes(x, y) >= 0) return integerNumber(subtract(x, y), xNegative, mark);
  return integerNumber(subtract(y, x), yNegative, mark);
}

export function builtin_plus(a: u64, b: u64): u64 {
  if (bothInline(a, b)) return integer(integerOf(a) + integerOf(b));
  if (!needNumber(1, a) || !needNumber(2, b)) return UNDEFINED;
  return sum(a, b, false);
}

export function builtin_minus(a: u64, b: u64): u64 {
  if (bothInline(a, b)) return integer(integerOf(a) - integerOf(b));
  if (isNumber(a) && isNumber(b)) return sum(a, b, true);
  if (tagOf(a) == TAG_SET && tagOf(b) == TAG_SET) return differenceOf(a, b);
  if (!isNumber(a) && tagOf(a) != TAG_SET) return operandError(1, a, "one of {number, set}");
  return operandError(2, b, isNumber(b) ? "set" : "number");
}

export function builtin_mul(a: u64, b: u64): u64 {
  if (bothInline(a, b)) {
    const x = integerOf(a);
    const y = integerOf(b);
    // The product has no more bits than both factors together.
    if (clz(x < 0 ? -x : x) + clz(y < 0 ? -y : y) > 64) return integer(x * y);
  }
  if (!needNumber(1, a) || !needNumber(2, b)) return UNDEFINED;
  const mark = heap_ptr;
  const x = integerMagnitude(a);
  const negative = integerNegative;
  const y = x == 0 ? 0 : integerMagnitude(b);
  if (y != 0) return integerNumber(multiply(x, y), negative != integerNegative, mark);
  return keepFloat(multiplyFloats(toFloat(a), toFloat(b), 0), mark);
}

export function builtin_div(a: u64, b: u64): u64 {
  if (!needNumber(1, a) || !needNumber(2, b)) return UNDEFINED;
  if (bothInline(a, b)) {
    const x = integerOf(a);
    const y = integerOf(b);
    if (y != 0 && x != 0 && fitsInt32(x) && fitsInt32(y) && x % y == 0) return integer(x / y);
  }
  const mark = heap_ptr;
  const divisor = toFloat(b);
  if (isZero(magnitudeOf(divisor))) return builtinError("divide by zero");
  return keepFloat(divideFloats(toFloat(a), divisor), mark);
}

export function builtin_rem(a: u64, b: u64): u64 {
  if (bothInline(a, b)) {
    const y = integerOf(b);
    return y == 0 ? builtinError("modulo by zero") : smallInteger(integerOf(a) % y);
  }
  if (!needNumber(1, a) || !needNumber(2, b)) return UNDEFINED;
  const mark = heap_ptr;
  const x = integerMagnitude(a);
  const negative = integerNegative;
  const y = integerMagnitude(b);
  if (x == 0 || y == 0) return builtinError("modulo on floating-point number");
  if (isZero(y)) return builtinError("modulo by zero");
  divide(x, y);
  return integerNumber(remainder, negative, mark);
}

export function builtin_abs(a: u64): u64 {
  if (tagOf(a) == TAG_INTEGER) {
    const n = integerOf(a);
    if (fitsInt32(n)) return integer(n < 0 ? -n : n);
  }
  if (!needNumber(1, a)) return UNDEFINED;
  const mark = heap_ptr;
  const f = toFloat(a);
  return keepFloat(makeFloat(magnitudeOf(f), exponentOf(f), false, 64), mark);
}

@inline
function isSmall(a: u64): bool {
  return tagOf(a) == TAG_INTEGER && fitsInt32(integerOf(a));
}

export function builtin_round(a: u64): u64 {
  if (isSmall(a)) return a;
  if (!needNumber(1, a)) return UNDEFINED;
  const mark = heap_ptr;
  const f = toFloat(a);
  const half = makeFloat(fromU64(1), -1, false, 53);
  const moved = addFloats(f, half, isNegative(f));
  return keepFloat(wholeFloat(truncate(moved), isNegative(moved)), mark);
}

export function builtin_ceil(a: u64): u64 {
  if (isSmall(a)) return a;
  if (!needNumber(1, a)) return UNDEFINED;
  const mark = heap_ptr;
  const f = toFloat(a);
  const whole = wholeFloat(truncate(f), isNegative(f));
  if (isNegative(whole) || isWhole(f)) return keepFloat(whole, mark);
  return keepFloat(addFloats(whole, makeFloat(fromU64(1), 0, false, 53), false), mark);
}

export function builtin_floor(a: u64): u64 {
  if (isSmall(a)) return a;
  if (!needNumber(1, a)) return UNDEFINED;
  const mark = heap_ptr;
  const f = toFloat(a);
  const whole = wholeFloat(truncate(f), isNegative(f));
  if (!isNegative(whole) || isWhole(f)) return keepFloat(whole, mark);
  return keepFloat(addFloats(whole, makeFloat(fromU64(1), 0, false, 53), true), mark);
}
