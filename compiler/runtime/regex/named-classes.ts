// Character classes that have a letter or a name, as RE2 has them: \d \s \w, [:alpha:].

import { classAdd } from "./classes";

/** Adds \d \s \w or one of their complements to the open class. False for other letters. */
export function addPerlClass(c: u32): bool {
  if (c == 100) {
    classAdd(48, 57);
  } else if (c == 68) {
    classAdd(0, 47);
    classAdd(58, 0x10ffff);
  } else if (c == 115) {
    classAdd(9, 10);
    classAdd(12, 13);
    classAdd(32, 32);
  } else if (c == 83) {
    classAdd(0, 8);
    classAdd(11, 11);
    classAdd(14, 31);
    classAdd(33, 0x10ffff);
  } else if (c == 119) {
    classAdd(48, 57);
    classAdd(65, 90);
    classAdd(95, 95);
    classAdd(97, 122);
  } else if (c == 87) {
    classAdd(0, 47);
    classAdd(58, 64);
    classAdd(91, 94);
    classAdd(96, 96);
    classAdd(123, 0x10ffff);
  } else {
    return false;
  }
  return true;
}

/** True for the bytes of an ASCII name. */
export function nameIs(from: usize, to: usize, name: string): bool {
  const n = changetype<usize>(name);
  if (to - from != <usize>name.length) return false;
  for (let i: usize = 0; i < to - from; i++) if (<u32>load<u8>(from + i) != <u32>load<u16>(n + (i << 1))) return false;
  return true;
}

// A range of the named class or, negated, of what lies between its ranges: `next` is where those begin.
let next: u32 = 0;

function posixRange(low: u32, high: u32, negated: bool): void {
  if (!negated) {
    classAdd(low, high);
    return;
  }
  if (low > next) classAdd(next, low - 1);
  next = high + 1;
}

/** Adds `alpha` of [:alpha:] and its like, `^alpha` negated, to the open class. False for other names. */
export function addPosixClass(from: usize, to: usize): bool {
  const negated = from < to && load<u8>(from) == 94;
  if (negated) from++;
  next = 0;
  if (nameIs(from, to, "alnum")) {
    posixRange(48, 57, negated);
    posixRange(65, 90, negated);
    posixRange(97, 122, negated);
  } else if (nameIs(from, to, "alpha")) {
    posixRange(65, 90, negated);
    posixRange(97, 122, negated);
  } else if (nameIs(from, to, "ascii")) {
    posixRange(0, 127, negated);
  } else if (nameIs(from, to, "blank")) {
    posixRange(9, 9, negated);
    posixRange(32, 32, negated);
  } else if (nameIs(from, to, "cntrl")) {
    posixRange(0, 31, negated);
    posixRange(127, 127, negated);
  } else if (nameIs(from, to, "digit")) {
    posixRange(48, 57, negated);
  } else if (nameIs(from, to, "graph")) {
    posixRange(33, 126, negated);
  } else if (nameIs(from, to, "lower")) {
    posixRange(97, 122, negated);
  } else if (nameIs(from, to, "print")) {
    posixRange(32, 126, negated);
  } else if (nameIs(from, to, "punct")) {
    posixRange(33, 47, negated);
    posixRange(58, 64, negated);
    posixRange(91, 96, negated);
    posixRange(123, 126, negated);
  } else if (nameIs(from, to, "space")) {
    posixRange(9, 13, negated);
    posixRange(32, 32, negated);
  } else if (nameIs(from, to, "upper")) {
    posixRange(65, 90, negated);
  } else if (nameIs(from, to, "word")) {
    posixRange(48, 57, negated);
    posixRange(65, 90, negated);
    posixRange(95, 95, negated);
    posixRange(97, 122, negated);
  } else if (nameIs(from, to, "xdigit")) {
    posixRange(48, 57, negated);
    posixRange(65, 70, negated);
    posixRange(97, 102, negated);
  } else {
    return false;
  }
  if (negated) classAdd(next, 0x10ffff);
  return true;
}
