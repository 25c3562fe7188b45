// Runs programs on texts: backtracking in order of preference, but never twice into the same instruction at the same place, so
// the work is bounded by program length times text length.

import { abortWith, alloc, depth, heap_ptr, pop, push, release, stackAt, unwind } from "../memory";
import { decodeAt, decodedWidth } from "../utf8";
import { classHas, foldCase } from "./classes";
import {
  ANY, ANY_NOT_NEWLINE, ASSERT, BEGIN_LINE, BEGIN_TEXT, CHAR, CLASS, END_LINE, END_TEXT, JUMP, MATCH, SAVE, SPLIT, WORD_BOUNDARY,
} from "./program";

/** Offsets of the last match: begin and end of the whole and of each group, -1 for groups that took no part (i32 each). */
export let matchSlots: usize = 0;

function isWord(c: u32): bool {
  return c == 95 || c - 48 <= 9 || (c | 32) - 97 <= 25;
}

function holds(kind: u32, text: usize, p: usize, end: usize): bool {
  if (kind == BEGIN_TEXT) return p == text;
  if (kind == END_TEXT) return p == end;
  if (kind == BEGIN_LINE) return p == text || load<u8>(p - 1) == 10;
  if (kind == END_LINE) return p == end || load<u8>(p) == 10;
  const before = p > text && isWord(load<u8>(p - 1));
  const after = p < end && isWord(load<u8>(p));
  return (before != after) == (kind == WORD_BOUNDARY);
}

/** The first match at or behind `from` in `text`..`end`; its slots are in `matchSlots`. */
export function matchFrom(program: usize, text: usize, end: usize, from: usize): bool {
  const count = load<u32>(program);
  const code = <usize>load<u32>(program, 8);
  const first = load<u32>(program, 12);
  const groups = load<u32>(program, 4) + 1;
  const slots = alloc(<usize>groups << 3);
  matchSlots = slots;
  if (first == 0x1000 && from != text) return false;
  const mark = heap_ptr;
  const width = end - from + 1;
  const bits = <u64>width * count;
  if (bits > 0x80000000) abortWith("regular expression: text too long");
  const visited = alloc(<usize>(bits >> 3) + 8);
  memory.fill(visited, 0, <usize>(bits >> 3) + 8);
  const bottom = depth();
  let found = false;
  for (let start = from; start <= end; ) {
    if (first != 0 && first != 0x1000) {
      while (start < end && <u32>load<u8>(start) + 1 != first) start++;
      if (start == end) break;
    }
    for (let i: u32 = 0; i < groups << 1; i++) store<i32>(slots + (<usize>i << 2), -1);
    if (run(code, text, start, from, end, width, visited, slots)) {
      found = true;
      break;
    }
    if (first == 0x1000 || start >= end) break;
    decodeAt(start, end);
    start += decodedWidth;
  }
  unwind(bottom);
  release(mark);
  return found;
}

// From one place. Frames of 8 bytes: instruction and place to try next, or (high bit) a slot to set back and its value.
function run(code: usize, text: usize, start: usize, from: usize, end: usize, width: usize, visited: usize, slots: usize): bool {
  const bottom = depth();
  let pc: u32 = 0;
  let p = start;
  while (true) {
    let failed = false;
    const bit = <u64>pc * width + (p - from);
    const byte = visited + <usize>(bit >> 3);
    const mask = <u32>1 << (<u32>bit & 7);
    const instruction = code + (<usize>pc << 4);
    const kind = load<u32>(instruction);
    if ((<u32>load<u8>(byte) & mask) != 0) {
      failed = true;
    } else {
      store<u8>(byte, <u8>(<u32>load<u8>(byte) | mask));
      const a = load<u32>(instruction, 4);
      if (kind == CHAR) {
        if (p < end) {
          const c: u32 = load<u8>(p);
          if (c < 0x80 && load<u32>(instruction, 8) == 0) {
            if (c == a) p++;
            else failed = true;
          } else {
            const point = decodeAt(p, end);
            if (point == a || (load<u32>(instruction, 8) != 0 && foldCase(point) == foldCase(a))) p += decodedWidth;
            else failed = true;
          }
        } else {
          failed = true;
        }
        pc++;
      } else if (kind == CLASS || kind == ANY || kind == ANY_NOT_NEWLINE) {
        if (p < end) {
          const c = decodeAt(p, end);
          if (kind == CLASS ? classHas(a, c) : kind == ANY || c != 10) {
            // classHas does not decode.
            p += decodedWidth;
          } else {
            failed = true;
          }
        } else {
          failed = true;
        }
        pc++;
      } else if (kind == SPLIT) {
        const frame = push(8);
        store<u32>(frame, load<u32>(instruction, 8));
        store<u32>(frame, <u32>(p - text), 4);
        pc = a;
      } else if (kind == JUMP) {
        pc = a;
      } else if (kind == SAVE) {
        const slot = slots + (<usize>a << 2);
        const frame = push(8);
        store<u32>(frame, a | 0x80000000);
        store<u32>(frame, load<u32>(slot), 4);
        store<u32>(slot, <u32>(p - text));
        pc++;
      } else if (kind == ASSERT) {
        if (!holds(a, text, p, end)) failed = true;
        pc++;
      } else {
        unwind(bottom);
        return true;
      }
    }
    if (!failed) continue;
    // Back to the latest choice, setting slots back on the way.
    while (true) {
      if (depth() == bottom) return false;
      const frame = stackAt(depth());
      const next = load<u32>(frame);
      const value = load<u32>(frame, 4);
      pop(8);
      if ((next & 0x80000000) != 0) {
        store<u32>(slots + (<usize>(next & 0x7fffffff) << 2), value);
        continue;
      }
      pc = next;
      p = text + value;
      break;
    }
  }
}
