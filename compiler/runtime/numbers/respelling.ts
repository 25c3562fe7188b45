// Numbers as only `to_number` reads them, with underscores (`1_000`) or in hexadecimal (`0x1p-2`): their decimal text.
// Every module compares numbers, so this is short instead of fast.

import { alloc } from "../memory";

/** The last decimal text that was made. */
export let respelledFrom: usize = 0;
export let respelledLength: u32 = 0;

// Of hexadecimal numbers: no float64 has a larger power of two, none as small a value is told from 0, and exponents are read up to a million.
const LARGEST_POWER: i32 = 1024;
const SMALLEST_POWER: i32 = -5000;

/** Respells a number's text that has an underscore, or an `x` behind its first digit. */
export function respell(p: usize, length: u32): void {
  const end = p + length;
  const sign: u32 = load<u8>(p);
  const isHexadecimal = (<u32>load<u8>(p + (sign == 43 || sign == 45 ? 2 : 1)) | 32) == 120;
  const room: usize = length + (isHexadecimal ? <usize>500 << 4 : 0);
  respelledFrom = alloc(room);
  let to = respelledFrom;
  if (isHexadecimal) {
    respelledLength = decimal(p, end, respelledFrom + room);
    return;
  }
  for (; p < end; p++) if (load<u8>(p) != 95) store<u8>(to++, load<u8>(p));
  respelledLength = <u32>(to - respelledFrom);
}

// Writes sign, digits, and an exponent where there are places behind the point; the digits are made before `roomEnd`.
function decimal(p: usize, end: usize, roomEnd: usize): u32 {
  const negative = load<u8>(p) == 45;
  let exponent = 0;
  let isExponent = false;
  let isNegativeExponent = false;
  let places = 0;
  let point = false;
  let first = roomEnd;
  while ((<u32>load<u8>(p) | 32) != 120) p++;
  for (p++; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (c == 46) point = true;
    else if (c == 45) isNegativeExponent = true;
    else if ((c | 32) == 112) isExponent = true;
    else if (c == 95 || c == 43) continue;
    else if (!isExponent) {
      first = scale(first, roomEnd, 16, c < 65 ? c - 48 : (c | 32) - 87);
      if (point) places += 4;
    } else if (exponent >> 17 == 0) exponent = exponent * 10 + <i32>c - 48;
  }
  let power = (isNegativeExponent ? -exponent : exponent) - places;
  if (power < SMALLEST_POWER) {
    first = roomEnd;
    power = 0;
  }
  if (power > LARGEST_POWER) power = LARGEST_POWER;
  // A half is five tenths.
  for (let i = power; i != 0; i += power < 0 ? 1 : -1) first = scale(first, roomEnd, power < 0 ? 5 : 2, 0);
  let to = respelledFrom;
  if (negative) store<u8>(to++, 45);
  if (first == roomEnd) store<u8>(to++, 48);
  while (first < roomEnd) store<u8>(to++, load<u8>(first++));
  if (power < 0) {
    store<u8>(to++, 101);
    store<u8>(to++, 45);
    for (let unit = 1000; unit > 0; unit /= 10) store<u8>(to++, <u8>(48 + (-power / unit) % 10));
  }
  return <u32>(to - respelledFrom);
}

// Multiplies the digits by a small factor and adds; gives where they begin now.
function scale(first: usize, end: usize, factor: u32, plus: u32): usize {
  for (let q = end; q > first || plus > 0; q--) {
    if (q == first) first--;
    else plus += (<u32>load<u8>(q - 1) - 48) * factor;
    store<u8>(q - 1, <u8>(48 + plus % 10));
    plus /= 10;
  }
  return first;
}
