// Integers of any size as signed magnitudes: reading them from numbers in any spelling, and back.

import { alloc, copyBytes, heap_ptr, release } from "../memory";
import { TAG_INTEGER, TAG_NUMBER, integerOf, lengthOf, pointerOf, slice, tagOf } from "../word";
import { numberView, partExponent, partFrom, partNegative, partTo, takeApart } from "../number";
import { digitsEnd, fromDigits, fromPlainDigits, fromU64, isZero, toDigits } from "./magnitude";

/** Sign of the integer that `integerMagnitude` read. */
export let integerNegative: bool = false;

/** Whether a number in any spelling is an integer. */
export function isWholeNumber(v: u64): bool {
  if (tagOf(v) == TAG_INTEGER) return true;
  takeApart(pointerOf(v), lengthOf(v));
  return partFrom == 0 || partExponent + 1 >= significantDigits();
}

function significantDigits(): i64 {
  let n: i64 = 0;
  for (let p = partFrom; p < partTo; p++) if (load<u8>(p) != 46) n++;
  return n;
}

/** The magnitude of an integer in any spelling, its sign in `integerNegative`; 0 where the number is no integer. */
export function integerMagnitude(v: u64): usize {
  if (tagOf(v) == TAG_INTEGER) {
    const n = integerOf(v);
    integerNegative = n < 0;
    return fromU64(n < 0 ? 0 - <u64>n : <u64>n);
  }
  const p = pointerOf(v);
  const end = p + lengthOf(v);
  const signed = load<u8>(p) == 45;
  const plain = fromPlainDigits(signed ? p + 1 : p, end);
  if (plain != 0) {
    integerNegative = signed && !isZero(plain);
    return plain;
  }
  takeApart(p, lengthOf(v));
  integerNegative = partNegative;
  if (partFrom == 0) return fromU64(0);
  const from = partFrom;
  const to = partTo;
  const zeros = partExponent + 1 - significantDigits();
  return zeros < 0 ? 0 : fromDigits(from, to, <u32>zeros);
}

/** The number of a magnitude and sign; the arena is released to `mark`, behind which only the digits stay. */
export function integerNumber(magnitude: usize, negative: bool, mark: usize): u64 {
  let p = toDigits(magnitude);
  if (negative && !isZero(magnitude)) {
    p--;
    store<u8>(p, 45);
  }
  const length = digitsEnd - p;
  const v = numberView(p, <u32>length);
  if (tagOf(v) == TAG_INTEGER) {
    release(mark);
    return v;
  }
  return keepText(p, length, mark);
}

/** Moves a number's text down to `mark` and releases what was calculated on the way. */
export function keepText(p: usize, length: usize, mark: usize): u64 {
  const to = (mark + 7) & ~7;
  memory.copy(to, p, length);
  release(to + length);
  return slice(to, length, TAG_NUMBER);
}
