// Merge sort of items by their first word: stable, never quadratic, scratch space in the arena (the caller releases it).

import { alloc, copyBytes } from "./memory";
import { compare } from "./compare";

const RUN: u32 = 8;

@inline
function move(to: usize, from: usize, stride: u32): void {
  store<u64>(to, load<u64>(from));
  if (stride == 16) store<u64>(to, load<u64>(from, 8), 8);
}

function insertionSort(items: usize, count: u32, stride: u32): void {
  for (let i: u32 = 1; i < count; i++) {
    let p = items + <usize>i * stride;
    const key = load<u64>(p);
    const value = stride == 16 ? load<u64>(p, 8) : 0;
    while (p > items && compare(load<u64>(p - stride), key) > 0) {
      move(p, p - stride, stride);
      p -= stride;
    }
    store<u64>(p, key);
    if (stride == 16) store<u64>(p, value, 8);
  }
}

/** Sorts `count` items of `stride` bytes (8 or 16) by the total order of their first words. */
export function sortItems(items: usize, count: u32, stride: u32): void {
  for (let start: u32 = 0; start < count; start += RUN) {
    const rest = count - start;
    insertionSort(items + <usize>start * stride, rest < RUN ? rest : RUN, stride);
  }
  if (count <= RUN) return;
  const bytes = <usize>count * stride;
  const scratch = alloc(bytes);
  let from = items;
  let to = scratch;
  for (let width: u64 = RUN; width < count; width <<= 1) {
    for (let start: u64 = 0; start < count; start += width << 1) {
      const middle = start + width < count ? start + width : count;
      const end = middle + width < count ? middle + width : count;
      let a = from + <usize>start * stride;
      const aEnd = from + <usize>middle * stride;
      let b = aEnd;
      const bEnd = from + <usize>end * stride;
      let out = to + <usize>start * stride;
      while (a < aEnd && b < bEnd) {
        if (compare(load<u64>(a), load<u64>(b)) <= 0) {
          move(out, a, stride);
          a += stride;
        } else {
          move(out, b, stride);
          b += stride;
        }
        out += stride;
      }
      if (a < aEnd) copyBytes(out, a, aEnd - a);
      else if (b < bEnd) copyBytes(out, b, bEnd - b);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != items) copyBytes(items, from, bytes);
}
