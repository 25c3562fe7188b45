// Digits of numbers in the bases that verbs know.

import { textAdvance, textByte, textBytes, textRoom } from "../text";
import { writeInteger } from "../number";
import { bitAt, bitLength, digitsEnd, toDigits } from "../numbers/magnitude";

export function digit(n: u32, upper: bool): u32 {
  return n < 10 ? 48 + n : (upper ? 55 : 87) + n;
}

/** Appends a magnitude in base 2, 8, 10 or 16. */
export function textDigits(m: usize, base: u32, upper: bool): void {
  if (base == 10) {
    const p = toDigits(m);
    textBytes(p, digitsEnd - p);
    return;
  }
  const bits: u32 = base == 2 ? 1 : base == 8 ? 3 : 4;
  const length = bitLength(m);
  for (let i: u32 = length == 0 ? 1 : (length + bits - 1) / bits; i > 0; i--) {
    let d: u32 = 0;
    for (let j: u32 = bits; j > 0; j--) d = (d << 1) | (bitAt(m, (i - 1) * bits + j - 1) ? 1 : 0);
    textByte(digit(d, upper));
  }
}

/** Appends a number in base 10. */
export function textDecimal(n: u64): void {
  textAdvance(writeInteger(textRoom(24), n));
}
