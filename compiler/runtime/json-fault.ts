// What is wrong with a text that is no JSON, in the words of Go's decoder.

import { alloc } from "./memory";
import { BUILTIN_ERROR, builtinError, closeError } from "./failure";
import { isPrintable } from "./printable";
import { textByte, textCodePoint, textHex, textLiteral, textOpen } from "./text";

const DEPTH_MAX: u32 = 10000;

// What may come next.
const VALUE: u32 = 0;
const FIRST_VALUE: u32 = 1;
const FIRST_KEY: u32 = 2;
const KEY: u32 = 3;
const COLON: u32 = 4;
const NEXT: u32 = 5;

let at: usize = 0;
let stop: usize = 0;

@inline
function here(): u32 {
  return at < stop ? <u32>load<u8>(at) : 256;
}

function isDigit(c: u32): bool {
  return c - 48 <= 9;
}

function isHex(c: u32): bool {
  return c - 48 <= 9 || (c | 32) - 97 <= 5;
}

/** Appends a byte as Go quotes a character: bytes above 127 count as code points. */
function textQuotedByte(c: u32): void {
  textByte(39);
  if (c == 39 || c == 92) textByte(92);
  if (c == 10 || c == 13 || c == 9 || c == 7 || c == 8 || c == 12 || c == 11) {
    textByte(92);
    textByte(c == 10 ? 110 : c == 13 ? 114 : c == 9 ? 116 : c == 7 ? 97 : c == 8 ? 98 : c == 12 ? 102 : 118);
  } else if (isPrintable(c)) {
    textCodePoint(c);
  } else {
    textLiteral(c < 128 ? "\\x" : "\\u00");
    textHex(c, 2);
  }
  textByte(39);
}

/** The first fault from `p` on, as a builtin error; the text must have one. Gives UNDEFINED. */
export function jsonFault(p: usize, end: usize): u64 {
  at = p;
  stop = end;
  const open = alloc(end - p < DEPTH_MAX ? end - p : DEPTH_MAX);
  let level: u32 = 0;
  let state = VALUE;
  while (true) {
    while (here() == 32 || here() == 9 || here() == 10 || here() == 13) at++;
    const c = here();
    if ((state == FIRST_VALUE && c == 93) || (state == FIRST_KEY && c == 125)) {
      at++;
      level--;
      state = NEXT;
    } else if (state == VALUE || state == FIRST_VALUE) {
      if (c == 123 || c == 91) {
        if (level == DEPTH_MAX) return fault("exceeded max depth");
        store<u8>(open + level, <u8>c);
        level++;
        at++;
        state = c == 123 ? FIRST_KEY : FIRST_VALUE;
      } else {
        if (!scalar(c)) return 0;
        state = NEXT;
      }
    } else if (state == KEY || state == FIRST_KEY) {
      if (c != 34) return fault("looking for beginning of object key string");
      if (!quoted()) return 0;
      state = COLON;
    } else if (state == COLON) {
      if (c != 58) return fault("after object key");
      at++;
      state = VALUE;
    } else {
      if (level == 0) return fault("after top-level value");
      const inObject = load<u8>(open + level - 1) == 123;
      if (c == 44) state = inObject ? KEY : VALUE;
      else if (c == <u32>(inObject ? 125 : 93)) level--;
      else return fault(inObject ? "after object key:value pair" : "after array element");
      at++;
    }
  }
}

function fault(where: string): u64 {
  if (at >= stop) return builtinError("unexpected EOF");
  const saved = textOpen();
  textLiteral("invalid character ");
  textQuotedByte(here());
  textByte(32);
  textLiteral(where);
  return closeError(BUILTIN_ERROR, saved);
}

// Steps over a scalar; false after a fault.
function scalar(c: u32): bool {
  if (c == 34) return quoted();
  if (c == 45 || isDigit(c)) return digitsAndSigns();
  if (c == 116) return word("true");
  if (c == 102) return word("false");
  if (c == 110) return word("null");
  fault("looking for beginning of value");
  return false;
}

function quoted(): bool {
  at++;
  while (true) {
    const c = here();
    if (c == 34) {
      at++;
      return true;
    }
    if (c < 32 || c == 256) {
      fault("in string literal");
      return false;
    }
    at++;
    if (c == 92 && !escape()) return false;
  }
}

function escape(): bool {
  const c = here();
  if (c != 34 && c != 92 && c != 47 && c != 98 && c != 102 && c != 110 && c != 114 && c != 116 && c != 117) {
    fault("in string escape code");
    return false;
  }
  at++;
  if (c != 117) return true;
  for (let digit = 0; digit < 4; digit++) {
    if (!isHex(here())) {
      fault("in \\u hexadecimal character escape");
      return false;
    }
    at++;
  }
  return true;
}

function word(letters: string): bool {
  for (let i = 0; i < letters.length; i++) {
    const letter = <u32>letters.charCodeAt(i);
    if (here() != letter) {
      if (at >= stop) {
        builtinError("unexpected EOF");
        return false;
      }
      const saved = textOpen();
      textLiteral("invalid character ");
      textQuotedByte(here());
      textLiteral(" in literal ");
      textLiteral(letters);
      textLiteral(" (expecting '");
      textByte(letter);
      textLiteral("')");
      closeError(BUILTIN_ERROR, saved);
      return false;
    }
    at++;
  }
  return true;
}

function digitsAndSigns(): bool {
  if (here() == 45) at++;
  if (here() == 48) at++;
  else if (!digits("in numeric literal")) return false;
  if (here() == 46) {
    at++;
    if (!digits("after decimal point in numeric literal")) return false;
  }
  if ((here() | 32) == 101) {
    at++;
    if (here() == 43 || here() == 45) at++;
    return digits("in exponent of numeric literal");
  }
  return true;
}

// One digit at least.
function digits(where: string): bool {
  if (!isDigit(here())) {
    fault(where);
    return false;
  }
  while (isDigit(here())) at++;
  return true;
}
