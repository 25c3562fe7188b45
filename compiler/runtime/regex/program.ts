// Patterns as trees and as programs. A tree node is 24 bytes; a program is a row of 16-byte instructions.

import { alloc, copyBytes } from "../memory";

export const EMPTY: u32 = 0;
export const CHAR: u32 = 1; // a: code point, b: 1 to ignore case
export const ANY: u32 = 2;
export const ANY_NOT_NEWLINE: u32 = 3;
export const CLASS: u32 = 4; // a: class
export const CAT: u32 = 5; // a, b: nodes
export const ALTERNATE: u32 = 6; // a, b: nodes
export const REPEAT: u32 = 7; // a: node, b: minimum, c: maximum (MANY: none), d: lazy
export const CAPTURE: u32 = 8; // a: node, b: number
export const ASSERT: u32 = 9; // a: kind

export const MANY: u32 = 0xffffffff;

// Kinds of assertions.
export const BEGIN_TEXT: u32 = 0;
export const END_TEXT: u32 = 1;
export const BEGIN_LINE: u32 = 2;
export const END_LINE: u32 = 3;
export const WORD_BOUNDARY: u32 = 4;
export const NO_WORD_BOUNDARY: u32 = 5;

// Instructions beside CHAR, ANY, ANY_NOT_NEWLINE, CLASS and ASSERT.
export const SPLIT: u32 = 16; // a first, then b
export const JUMP: u32 = 17;
export const SAVE: u32 = 18;
export const MATCH: u32 = 19;
export const NODE_BYTES: usize = 24;

export function node(kind: u32, a: u32 = 0, b: u32 = 0, c: u32 = 0, d: u32 = 0): usize {
  const n = alloc(NODE_BYTES);
  store<u32>(n, kind);
  store<u32>(n, a, 4);
  store<u32>(n, b, 8);
  store<u32>(n, c, 12);
  store<u32>(n, d, 16);
  return n;
}

let code: usize = 0;
let count: u32 = 0;
let capacity: u32 = 0;
let tooLarge: bool = false;

function emit(operation: u32, a: u32, b: u32): u32 {
  if (count == capacity) {
    const larger: u32 = capacity == 0 ? 32 : capacity << 1;
    const to = alloc(<usize>larger << 4);
    copyBytes(to, code, <usize>count << 4);
    code = to;
    capacity = larger;
  }
  if (count > 200000) {
    tooLarge = true;
    return 0;
  }
  const at = code + (<usize>count << 4);
  store<u32>(at, operation);
  store<u32>(at, a, 4);
  store<u32>(at, b, 8);
  return count++;
}

function patch(instruction: u32, field: u32, target: u32): void {
  store<u32>(code + (<usize>instruction << 4) + <usize>field, target);
}

function generate(n: usize): void {
  if (tooLarge) return;
  const kind = load<u32>(n);
  const a = load<u32>(n, 4);
  const b = load<u32>(n, 8);
  if (kind == EMPTY) return;
  if (kind == CHAR || kind == ANY || kind == ANY_NOT_NEWLINE || kind == CLASS || kind == ASSERT) {
    emit(kind, a, b);
  } else if (kind == CAT) {
    generate(a);
    generate(b);
  } else if (kind == ALTERNATE) {
    const split = emit(SPLIT, 0, 0);
    patch(split, 4, count);
    generate(a);
    const jump = emit(JUMP, 0, 0);
    patch(split, 8, count);
    generate(b);
    patch(jump, 4, count);
  } else if (kind == CAPTURE) {
    emit(SAVE, b << 1, 0);
    generate(a);
    emit(SAVE, (b << 1) | 1, 0);
  } else if (kind == REPEAT) {
    repeat(a, b, load<u32>(n, 12), load<u32>(n, 16) != 0);
  }
}

function repeat(n: usize, minimum: u32, maximum: u32, lazy: bool): void {
  if (maximum == MANY && minimum > 0) {
    // The last required copy is the loop's body.
    for (let i: u32 = 1; i < minimum; i++) generate(n);
    const body = count;
    generate(n);
    const split = emit(SPLIT, 0, 0);
    patch(split, lazy ? 8 : 4, body);
    patch(split, lazy ? 4 : 8, count);
    return;
  }
  for (let i: u32 = 0; i < minimum; i++) generate(n);
  if (maximum == MANY) {
    // Entered without a test after the last required copy; a body that can be empty is tested behind itself.
    const behind = canBeEmpty(n);
    const entry = emit(SPLIT, 0, 0);
    const body = count;
    generate(n);
    if (behind) patch(emit(SPLIT, 0, 0), lazy ? 8 : 4, body);
    else emit(JUMP, entry, 0);
    if (behind) patch(count - 1, lazy ? 4 : 8, count);
    patch(entry, lazy ? 8 : 4, body);
    patch(entry, lazy ? 4 : 8, count);
    return;
  }
  // Up to `maximum`: nested optional copies, all of which lead to the same end.
  let first: u32 = 0;
  const extra = maximum - minimum;
  const exits = alloc(<usize>extra << 2);
  for (; first < extra && !tooLarge; first++) {
    const split = emit(SPLIT, 0, 0);
    store<u32>(exits + (<usize>first << 2), split);
    patch(split, lazy ? 8 : 4, count);
    generate(n);
  }
  for (let i: u32 = 0; i < first; i++) patch(load<u32>(exits + (<usize>i << 2)), lazy ? 4 : 8, count);
}

function canBeEmpty(n: usize): bool {
  const kind = load<u32>(n);
  if (kind == EMPTY || kind == ASSERT) return true;
  if (kind == CAT) return canBeEmpty(load<u32>(n, 4)) && canBeEmpty(load<u32>(n, 8));
  if (kind == ALTERNATE) return canBeEmpty(load<u32>(n, 4)) || canBeEmpty(load<u32>(n, 8));
  if (kind == CAPTURE) return canBeEmpty(load<u32>(n, 4));
  return kind == REPEAT && (load<u32>(n, 8) == 0 || canBeEmpty(load<u32>(n, 4)));
}

/**
 * The program of a tree, 0 when it is too large: number of instructions, number of captures, address of the first instruction,
 * then what a match must begin with: a byte + 1, or 0 for anything, or 0x1000 for the beginning of the text.
 */
export function compileTree(root: usize, captures: u32): usize {
  code = 0;
  count = 0;
  capacity = 0;
  tooLarge = false;
  emit(SAVE, 0, 0);
  generate(root);
  emit(SAVE, 1, 0);
  emit(MATCH, 0, 0);
  if (tooLarge) return 0;
  const p = alloc(16);
  store<u32>(p, count);
  store<u32>(p, captures, 4);
  store<u32>(p, <u32>code, 8);
  let i = code + 16;
  while (load<u32>(i) == SAVE) i += 16;
  let first: u32 = 0;
  if (load<u32>(i) == CHAR && load<u32>(i, 8) == 0 && load<u32>(i, 4) < 0x80) first = load<u32>(i, 4) + 1;
  else if (load<u32>(i) == ASSERT && load<u32>(i, 4) == BEGIN_TEXT) first = 0x1000;
  store<u32>(p, first, 12);
  return p;
}
