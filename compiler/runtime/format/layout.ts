// How a verb lays out its text: flags, width, precision, and the padding that they ask for.

import { countCodePoints } from "../utf8";
import { textAdvance, textByte, textLength, textRoom, textStart } from "../text";

export let sharp: bool = false;
export let zero: bool = false;
export let plus: bool = false;
export let minus: bool = false;
export let space: bool = false;
/** `%#v` and `%+v`. */
export let sharpV: bool = false;
export let plusV: bool = false;
/** Negative when there is none. */
export let width: i32 = -1;
export let precision: i32 = -1;

export function clearFlags(): void {
  sharp = false;
  zero = false;
  plus = false;
  minus = false;
  space = false;
  sharpV = false;
  plusV = false;
  width = -1;
  precision = -1;
}

/** Notes the flags from `p` on; gives where they end. */
export function readFlags(p: usize, end: usize): usize {
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (c == 35) sharp = true;
    else if (c == 48) zero = true;
    else if (c == 43) plus = true;
    else if (c == 45) minus = true;
    else if (c == 32) space = true;
    else break;
  }
  return p;
}

/** A negative width is one on the left side. */
export function setWidth(n: i32): void {
  width = n;
  if (n >= 0) return;
  width = -n;
  minus = true;
  zero = false;
}

export function setPrecision(n: i32): void {
  precision = n;
}

/** `%#v` and `%+v` ask for other forms, which the kinds of arguments hardly have. */
export function flagsOfValue(): void {
  sharpV = sharp;
  sharp = false;
  plusV = plus;
  plus = false;
}

/** Appends a character `count` times. */
export function padding(count: i32, c: u32): void {
  for (; count > 0; count--) textByte(c);
}

/** Gives what was written since `from` its width. */
export function pad(from: usize): void {
  padWith(from, zero ? 48 : 32);
}

/** The same with blanks, whatever the flags say. */
export function padBlank(from: usize): void {
  padWith(from, 32);
}

function padWith(from: usize, c: u32): void {
  if (width <= 0) return;
  const bytes = textLength() - from;
  const missing = width - <i32>countCodePoints(textStart() + from, bytes);
  if (missing <= 0) return;
  if (minus) {
    padding(missing, 32);
    return;
  }
  textRoom(missing);
  const p = textStart() + from;
  memory.copy(p + missing, p, bytes);
  memory.fill(p, <u8>c, missing);
  textAdvance(missing);
}
