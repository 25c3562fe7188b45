// bits.*: two's complement on integers of any size.

import { alloc, heap_ptr } from "../memory";
import { TAG_INTEGER, UNDEFINED, integerOf, isNumber, smallInteger, tagOf } from "../word";
import { integralValue, lastIntegral } from "../number";
import { builtinError, typeError } from "../failure";
import { notInteger, operandError } from "../operands";
import { add, anyBelow, fromU64, isZero, limb, limbs, lowU64, shiftLeft, shiftRight, subtract } from "../numbers/magnitude";
import { integerMagnitude, integerNegative, integerNumber, isWholeNumber } from "../numbers/integers";

function needWhole(position: u32, v: u64): bool {
  if (!isNumber(v)) {
    operandError(position, v, "integer");
    return false;
  }
  if (isWholeNumber(v)) return true;
  notInteger(position);
  return false;
}

@inline
function bothInline(a: u64, b: u64): bool {
  return tagOf(a) == TAG_INTEGER && tagOf(b) == TAG_INTEGER;
}

// `count` limbs of the two's complement, as a block like a magnitude's that may have high zeros.
function complement(magnitude: usize, negative: bool, count: u32): usize {
  const m = alloc(4 + (<usize>count << 2));
  store<u32>(m, count);
  let carry: u64 = negative ? 1 : 0;
  for (let i: u32 = 0; i < count; i++) {
    const l: u32 = i < limbs(magnitude) ? limb(magnitude, i) : 0;
    carry += <u64>(negative ? ~l : l);
    store<u32>(m + 4 + (<usize>i << 2), <u32>carry);
    carry >>= 32;
  }
  return m;
}

function combine(a: u64, b: u64, operation: u32): u64 {
  const mark = heap_ptr;
  const x = integerMagnitude(a);
  const xNegative = integerNegative;
  const y = integerMagnitude(b);
  const yNegative = integerNegative;
  const count = (limbs(x) > limbs(y) ? limbs(x) : limbs(y)) + 1;
  const p = complement(x, xNegative, count);
  const q = complement(y, yNegative, count);
  for (let i: u32 = 0; i < count; i++) {
    const s = limb(p, i);
    const t = limb(q, i);
    store<u32>(p + 4 + (<usize>i << 2), operation == 0 ? s & t : operation == 1 ? s | t : s ^ t);
  }
  const negative = <i32>limb(p, count - 1) < 0;
  const r = complement(p, negative, count);
  let n = count;
  while (n > 0 && limb(r, n - 1) == 0) n--;
  store<u32>(r, n);
  return integerNumber(r, negative, mark);
}

export function builtin_bits_and(a: u64, b: u64): u64 {
  if (bothInline(a, b)) return a & b;
  return needWhole(1, a) && needWhole(2, b) ? combine(a, b, 0) : UNDEFINED;
}

export function builtin_bits_or(a: u64, b: u64): u64 {
  if (bothInline(a, b)) return a | b;
  return needWhole(1, a) && needWhole(2, b) ? combine(a, b, 1) : UNDEFINED;
}

export function builtin_bits_xor(a: u64, b: u64): u64 {
  if (bothInline(a, b)) return (a ^ b) | TAG_INTEGER;
  return needWhole(1, a) && needWhole(2, b) ? combine(a, b, 2) : UNDEFINED;
}

export function builtin_bits_negate(a: u64): u64 {
  if (tagOf(a) == TAG_INTEGER) return smallInteger(~integerOf(a));
  if (!needWhole(1, a)) return UNDEFINED;
  const mark = heap_ptr;
  const m = integerMagnitude(a);
  if (integerNegative) return integerNumber(subtract(m, fromU64(1)), false, mark);
  return integerNumber(add(m, fromU64(1)), true, mark);
}

// How far to shift, or -1 after an error: of a number beyond 64 bits OPA takes the lowest ones.
function distance(b: u64): i64 {
  const n = integralValue(b);
  if (!lastIntegral) {
    const m = integerMagnitude(b);
    if (!integerNegative) {
      const lowest = lowU64(m);
      return lowest > <u64>i64.MAX_VALUE ? i64.MAX_VALUE : <i64>lowest;
    }
  }
  if (!lastIntegral || n < 0) {
    typeError("operand 2 must be an unsigned integer number but got a negative integer");
    return -1;
  }
  return n;
}

export function builtin_bits_lsh(a: u64, b: u64): u64 {
  if (!needWhole(1, a) || !needWhole(2, b)) return UNDEFINED;
  const n = distance(b);
  if (n < 0) return UNDEFINED;
  const mark = heap_ptr;
  const m = integerMagnitude(a);
  const negative = integerNegative;
  if (isZero(m)) return smallInteger(0);
  if (n > 1 << 28) return builtinError("shift too large");
  return integerNumber(shiftLeft(m, <u32>n), negative, mark);
}

export function builtin_bits_rsh(a: u64, b: u64): u64 {
  if (!needWhole(1, a) || !needWhole(2, b)) return UNDEFINED;
  const n = distance(b);
  if (n < 0) return UNDEFINED;
  const mark = heap_ptr;
  const m = integerMagnitude(a);
  const negative = integerNegative;
  const by: u32 = n > 0xfffffff ? 0xfffffff : <u32>n;
  const kept = shiftRight(m, by);
  // Rounds down, so negative numbers with a rest move away from zero.
  if (negative && anyBelow(m, by)) return integerNumber(add(kept, fromU64(1)), true, mark);
  return integerNumber(kept, negative, mark);
}
