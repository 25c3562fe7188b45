// Character classes: ranges of code points with a bitmap for ASCII, built one after the other.
//
//   +0 ASCII bitmap (16 bytes)   +16 ranges: pointer   +20 count   +24 negated   +28 ignore case

import { alloc, copyBytes } from "../memory";
import { toLower, toUpper } from "../case-mapping";

const MAX: u32 = 0x10ffff;

let ranges: usize = 0;
let count: u32 = 0;
let capacity: u32 = 0;

export function classBegin(): void {
  ranges = 0;
  count = 0;
  capacity = 0;
}

export function classAdd(low: u32, high: u32): void {
  if (low > high) return;
  if (count == capacity) {
    const larger: u32 = capacity == 0 ? 8 : capacity << 1;
    const to = alloc(<usize>larger << 3);
    copyBytes(to, ranges, <usize>count << 3);
    ranges = to;
    capacity = larger;
  }
  store<u32>(ranges + (<usize>count << 3), low);
  store<u32>(ranges + (<usize>count << 3), high, 4);
  count++;
}

/** Adds the runs of a Unicode class (unicode-classes.ts), or everything else. */
export function classAddRuns(p: usize, end: usize, negated: bool): void {
  let at: u32 = 0;
  while (p < end) {
    const gap = readLength(p);
    p = afterLength;
    const run = readLength(p);
    p = afterLength;
    if (negated) {
      if (gap > 0) classAdd(at, at + gap - 1);
    } else {
      classAdd(at + gap, at + gap + run - 1);
    }
    at += gap + run;
  }
  if (negated && at <= MAX) classAdd(at, MAX);
}

let afterLength: usize = 0;

function readLength(p: usize): u32 {
  let n: u32 = 0;
  let shift: u32 = 0;
  while (true) {
    const b: u32 = load<u8>(p++);
    n |= (b & 127) << shift;
    if (b < 128) break;
    shift += 7;
  }
  afterLength = p;
  return n;
}

export function classEnd(negated: bool, ignoreCase: bool): usize {
  const c = alloc(32);
  store<u64>(c, 0);
  store<u64>(c, 0, 8);
  store<u32>(c, <u32>ranges, 16);
  store<u32>(c, count, 20);
  store<u32>(c, negated ? 1 : 0, 24);
  store<u32>(c, ignoreCase ? 1 : 0, 28);
  for (let x: u32 = 0; x < 128; x++) {
    if (classTest(c, x)) store<u8>(c + (x >> 3), <u8>(<u32>load<u8>(c + (x >> 3)) | (1 << (x & 7))));
  }
  return c;
}

function inRanges(c: usize, x: u32): bool {
  const from = <usize>load<u32>(c, 16);
  const end = from + (<usize>load<u32>(c, 20) << 3);
  for (let p = from; p < end; p += 8) {
    if (x >= load<u32>(p) && x <= load<u32>(p, 4)) return true;
  }
  return false;
}

function classTest(c: usize, x: u32): bool {
  let found = inRanges(c, x);
  if (!found && load<u32>(c, 28) != 0) {
    const lower = toLower(x);
    const upper = toUpper(x);
    found = inRanges(c, lower) || inRanges(c, upper) || inRanges(c, toLower(upper)) || inRanges(c, toUpper(lower));
    // Letters that fold to an ASCII letter.
    if (!found && lower == 115) found = inRanges(c, 0x17f);
    if (!found && lower == 107) found = inRanges(c, 0x212a);
    if (!found && lower == 0xe5) found = inRanges(c, 0x212b);
  }
  return found != (load<u32>(c, 24) != 0);
}

@inline
export function classHas(c: usize, x: u32): bool {
  if (x < 128) return ((<u32>load<u8>(c + (x >> 3)) >> (x & 7)) & 1) != 0;
  return classTest(c, x);
}

/** What letters of one kind have in common, whatever their case. */
export function foldCase(x: u32): u32 {
  return toLower(toUpper(x));
}
