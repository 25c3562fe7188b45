// Which numbers OPA refuses to read (validateNumber in its v1/ast/term.go): those that Go's big.Float cannot hold, and those with more than
// 100,000 binary digits before or behind the point.

import { partExponent, partFrom, partTo, takeApart } from "./number";

const INVALID_FLOAT: u32 = 1;
const TOO_BIG: u32 = 2;

// 2^100000, 2^-100001 and 2^-(2^31 + 1), the least that does not become 0: powers of ten and the first nine digits.
const BIG_POWER: i64 = 30102;
const BIG_DIGITS: u64 = 999002093;
const SMALL_POWER: i64 = -30104;
const SMALL_DIGITS: u64 = 500499452;
const ZERO_POWER: i64 = -646456994;
const ZERO_DIGITS: u64 = 283830776;

/** What is wrong with a number's text, 0 for nothing. */
export function numberLimit(p: usize, length: usize): u32 {
  const last: u32 = load<u8>(p + length - 6);
  // Five digits of exponent at least, or tens of thousands of digits.
  if (length < 30000 && (last | 32) != 101 && last != 43 && last != 45 && last - 48 > 9) return 0;
  takeApart(p, <u32>length);
  const overflows = exponentOverflows(p, p + length);
  if (overflows || partFrom == 0) return overflows ? INVALID_FLOAT : 0;
  const power = partExponent;
  // Go adds the exponent to the width of the digits without their point, before it looks at the number.
  const width = binaryWidth(p + length) + power - (significant - 1);
  if (width < i32.MIN_VALUE || width > i32.MAX_VALUE) return INVALID_FLOAT;
  const digits = nineDigits();
  if (isLess(power, digits, ZERO_POWER, ZERO_DIGITS)) return 0;
  return isLess(power, digits, SMALL_POWER, SMALL_DIGITS) || !isLess(power, digits, BIG_POWER, BIG_DIGITS) ? TOO_BIG : 0;
}

/** What OPA says of a number that it refuses. */
export function limitText(limit: u32): string {
  return limit == INVALID_FLOAT ? "invalid number: invalid float" : "invalid number: number too big";
}

function isLess(power: i64, digits: u64, otherPower: i64, otherDigits: u64): bool {
  return power < otherPower || (power == otherPower && digits < otherDigits);
}

// The first nine digits of the number that was taken apart.
function nineDigits(): u64 {
  let n: u64 = 0;
  let count: u32 = 0;
  for (let q = partFrom; count < 9; q++) {
    const d: u32 = q < partTo ? <u32>load<u8>(q) - 48 : 0;
    if (d > 9) continue;
    n = n * 10 + d;
    count++;
  }
  return n;
}

// Decimal digits from the first that is no zero to the exponent.
let significant: i64 = 0;

// Binary digits of these as an integer; of long ones about.
function binaryWidth(end: usize): i64 {
  let n: u64 = 0;
  significant = 0;
  for (let q = partFrom; q < end; q++) {
    const c: u32 = load<u8>(q);
    if (c == 46) continue;
    if (c - 48 > 9) break;
    if (significant < 18) n = n * 10 + (c - 48);
    significant++;
  }
  const width = 64 - <i64>clz(n);
  return significant <= 18 ? width : width + <i64>(<f64>(significant - 18) * 3.321928094887362);
}

// True for an exponent that is no i64.
function exponentOverflows(p: usize, end: usize): bool {
  while (p < end && (<u32>load<u8>(p) | 32) != 101) p++;
  if (p == end) return false;
  p++;
  const sign: u32 = load<u8>(p);
  if (sign == 43 || sign == 45) p++;
  while (p < end && load<u8>(p) == 48) p++;
  if (end - p != 19) return end - p > 19;
  let n: u64 = 0;
  for (; p < end; p++) n = n * 10 + (load<u8>(p) - 48);
  return n > <u64>i64.MAX_VALUE + (sign == 45 ? 1 : 0);
}
