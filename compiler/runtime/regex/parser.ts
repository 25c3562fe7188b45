// Parser of RE2's syntax as Go's regexp/syntax accepts it: text to tree.

import { decodeAt, decodedWidth } from "../utf8";
import { stringView } from "../word";
import { arrayAppend, arrayAt, countOf, makeArray } from "../collection";
import { equal } from "../compare";
import { addNamedClass } from "./class-names";
import { classAdd, classBegin, classEnd } from "./classes";
import { addPerlClass, addPosixClass } from "./named-classes";
import {
  ALTERNATE, ANY, ANY_NOT_NEWLINE, ASSERT, BEGIN_LINE, BEGIN_TEXT, CAPTURE, CAT, CHAR, CLASS, EMPTY, END_LINE, END_TEXT, MANY,
  NO_WORD_BOUNDARY, REPEAT, WORD_BOUNDARY, node,
} from "./program";

let p: usize = 0;
let end: usize = 0;
let captures: u32 = 0;
let names: u64 = 0;
let depth: u32 = 0;
let whole: usize = 0;

// Flags in force.
const IGNORE_CASE: u32 = 1;
const MULTI_LINE: u32 = 2;
const DOT_NEWLINE: u32 = 4;
const UNGREEDY: u32 = 8;
let flags: u32 = 0;

/** What is wrong with the pattern: a kind and the fragment `errorFrom`..`errorTo`. */
export let errorKind: string = "";
export let errorFrom: usize = 0;
export let errorTo: usize = 0;
let failed: bool = false;
/** Groups that capture, the whole match not counted. */
export let captureCount: u32 = 0;
/** Names of the groups by number - 1; an empty string for those without. */
export let captureNames: u64 = 0;

function fail(kind: string, from: usize, to: usize): usize {
  if (!failed) {
    failed = true;
    errorKind = kind;
    errorFrom = from;
    errorTo = to;
  }
  return 0;
}

/** The tree of a pattern, or 0 and the error. */
export function parsePattern(pattern: usize, length: u32): usize {
  p = pattern;
  whole = pattern;
  end = pattern + length;
  captures = 0;
  names = makeArray(0);
  depth = 0;
  flags = 0;
  failed = false;
  for (let q = p; q < end; q += decodedWidth) {
    if (decodeAt(q, end) == 0xfffd && decodedWidth == 1) return fail("invalid UTF-8", q, end);
  }
  const tree = alternation();
  if (failed) return 0;
  if (p < end) return fail("unexpected )", pattern, end);
  captureCount = captures;
  captureNames = names;
  return tree;
}

@inline
function at(c: u32): bool {
  return p < end && <u32>load<u8>(p) == c;
}

function alternation(): usize {
  if (++depth > 1000) return fail("expression nests too deeply", p, end);
  let left = sequence();
  while (!failed && at(124)) {
    p++;
    const right = sequence();
    left = node(ALTERNATE, <u32>left, <u32>right);
  }
  depth--;
  return left;
}

function sequence(): usize {
  let left: usize = 0;
  let last: usize = 0;
  while (p < end && !failed) {
    const c: u32 = load<u8>(p);
    if (c == 124 || c == 41) break;
    if (!isRepetition(c)) {
      const atom = parseAtom(c);
      // Flags or an empty quotation: what follows may still repeat the atom before.
      if (atom == 0) continue;
      if (last != 0) left = joined(left, last);
      if (quotedBefore != 0) left = joined(left, quotedBefore);
      quotedBefore = 0;
      last = atom;
    }
    last = repetitions(last);
  }
  if (failed) return 0;
  return last == 0 ? node(EMPTY) : joined(left, last);
}

function joined(left: usize, right: usize): usize {
  return left == 0 ? right : node(CAT, <u32>left, <u32>right);
}

function isRepetition(c: u32): bool {
  if (c == 42 || c == 43 || c == 63) return true;
  if (c != 123) return false;
  const from = p;
  const found = parseBounds();
  p = from;
  return found;
}

// What may follow an atom: * + ? {n,m}, lazy with ?; two in a row are an error, and those without an atom.
function repetitions(atom: usize): usize {
  let repeated: usize = 0;
  while (p < end) {
    const c: u32 = load<u8>(p);
    const start = p;
    let minimum: u32 = 0;
    let maximum: u32 = MANY;
    if (c == 42) {
      p++;
    } else if (c == 43) {
      minimum = 1;
      p++;
    } else if (c == 63) {
      maximum = 1;
      p++;
    } else if (c == 123 && parseBounds()) {
      minimum = boundMinimum;
      maximum = boundMaximum;
      if (minimum > 1000 || (maximum != MANY && (maximum > 1000 || minimum > maximum))) return fail("invalid repeat count", start, p);
    } else {
      break;
    }
    let lazy = (flags & UNGREEDY) != 0;
    if (at(63)) {
      lazy = !lazy;
      p++;
    }
    if (repeated != 0) return fail("invalid nested repetition operator", repeated, p);
    if (atom == 0) return fail("missing argument to repetition operator", start, p);
    repeated = start;
    atom = node(REPEAT, <u32>atom, minimum, maximum, lazy ? 1 : 0);
    if ((minimum >= 2 || (maximum != MANY && maximum >= 2)) && !withinLimit(atom, 1000)) return fail("invalid repeat count", start, p);
  }
  return atom;
}

// Nested counted repetitions must not multiply to more than 1000.
function withinLimit(n: usize, limit: u32): bool {
  const kind = load<u32>(n);
  if (kind == REPEAT) {
    const minimum = load<u32>(n, 8);
    const maximum = load<u32>(n, 12);
    let m = maximum == MANY ? minimum : maximum;
    if (m > limit) return false;
    if (m > 0) limit /= m;
  }
  if (kind == CAT || kind == ALTERNATE) return withinLimit(load<u32>(n, 4), limit) && withinLimit(load<u32>(n, 8), limit);
  return kind == CAPTURE || kind == REPEAT ? withinLimit(load<u32>(n, 4), limit) : true;
}

let boundMinimum: u32 = 0;
let boundMaximum: u32 = 0;

// {n}, {n,}, {n,m}; anything else leaves `p` where it is: the brace is a letter.
function parseBounds(): bool {
  let q = p + 1;
  const first = readNumber(q);
  if (numberEnd == 0) return false;
  q = numberEnd;
  let last = first;
  if (q < end && load<u8>(q) == 44) {
    q++;
    if (q < end && load<u8>(q) == 125) {
      last = MANY;
    } else {
      last = readNumber(q);
      if (numberEnd == 0) return false;
      q = numberEnd;
    }
  }
  if (q >= end || load<u8>(q) != 125) return false;
  boundMinimum = first;
  boundMaximum = last;
  p = q + 1;
  return true;
}

let numberEnd: usize = 0;

function readNumber(q: usize): u32 {
  numberEnd = 0;
  const from = q;
  let n: u32 = 0;
  while (q < end && <u32>load<u8>(q) - 48 <= 9) {
    if (n < 100000) n = n * 10 + (<u32>load<u8>(q) - 48);
    q++;
  }
  if (q == from || (q - from > 1 && load<u8>(from) == 48)) return 0;
  numberEnd = q;
  return n;
}

function literal(c: u32): usize {
  return node(CHAR, c, flags & IGNORE_CASE);
}

// One atom; 0 without an error for flags and empty quotations.
function parseAtom(c: u32): usize {
  if (c == 40) return parseGroup();
  if (c == 91) return parseClass();
  if (c == 92) return parseEscape();
  if (c == 46) {
    p++;
    return node((flags & DOT_NEWLINE) != 0 ? ANY : ANY_NOT_NEWLINE);
  }
  if (c == 94) {
    p++;
    return node(ASSERT, (flags & MULTI_LINE) != 0 ? BEGIN_LINE : BEGIN_TEXT);
  }
  if (c == 36) {
    p++;
    return node(ASSERT, (flags & MULTI_LINE) != 0 ? END_LINE : END_TEXT);
  }
  const point = decodeAt(p, end);
  p += decodedWidth;
  return literal(point);
}

function parseGroup(): usize {
  const from = p;
  p++;
  const outer = flags;
  let number: u32 = 0;
  if (at(63)) {
    p++;
    const named = (p + 1 < end && load<u8>(p) == 80 && load<u8>(p + 1) == 60) || (at(60) && p + 1 < end);
    if (named) {
      p += load<u8>(p) == 80 ? 2 : 1;
      const nameFrom = p;
      while (p < end && load<u8>(p) != 62) p++;
      if (p >= end) return fail("invalid named capture", from, end);
      const name = stringView(nameFrom, p - nameFrom);
      p++;
      if (!validName(nameFrom, p - 1)) return fail("invalid named capture", from, p);
      number = ++captures;
      arrayAppend(names, name);
    } else if (!parseFlags(from)) {
      return 0;
    } else if (<u32>load<u8>(p - 1) == 41) {
      // Flags for the rest of the group.
      return 0;
    }
  } else {
    number = ++captures;
    arrayAppend(names, stringView(from, 0));
  }
  const inner = alternation();
  if (failed) return 0;
  if (!at(41)) return fail("missing closing )", whole, end);
  p++;
  flags = outer;
  return number == 0 ? inner : node(CAPTURE, <u32>inner, number);
}

function validName(from: usize, to: usize): bool {
  if (from == to) return false;
  for (let q = from; q < to; q++) {
    const c: u32 = load<u8>(q);
    if (c != 95 && c - 48 > 9 && (c | 32) - 97 > 25) return false;
  }
  return true;
}

// i, m, s, U, each switched off behind -, up to `:` or `)`.
function parseFlags(from: usize): bool {
  let negative = false;
  let any = false;
  while (p < end) {
    const c = decodeAt(p, end);
    p += decodedWidth;
    let flag: u32 = 0;
    if (c == 105) flag = IGNORE_CASE;
    else if (c == 109) flag = MULTI_LINE;
    else if (c == 115) flag = DOT_NEWLINE;
    else if (c == 85) flag = UNGREEDY;
    if (flag != 0) {
      flags = negative ? flags & ~flag : flags | flag;
      any = true;
    } else if (c == 45 && !negative) {
      negative = true;
      any = false;
    } else if (c == 58 || c == 41) {
      if (negative && !any) break;
      return true;
    } else {
      break;
    }
  }
  fail("invalid or unsupported Perl syntax", from, p);
  return false;
}

// ---- escapes

// \pL, \p{Greek}, \P{^Lu} into the open class; `p` is behind the p. False after an error.
function addUnicodeClass(from: usize, negated: bool): bool {
  let nameFrom = p;
  let nameTo: usize;
  if (at(123)) {
    nameFrom++;
    nameTo = nameFrom;
    while (nameTo < end && load<u8>(nameTo) != 125) nameTo++;
    if (nameTo >= end) {
      fail("invalid character class range", from, end);
      return false;
    }
    p = nameTo + 1;
  } else {
    if (p >= end) {
      fail("invalid character class range", from, end);
      return false;
    }
    decodeAt(p, end);
    nameTo = p + decodedWidth;
    p = nameTo;
  }
  if (nameFrom < nameTo && load<u8>(nameFrom) == 94) {
    negated = !negated;
    nameFrom++;
  }
  if (addNamedClass(nameFrom, nameTo, negated)) return true;
  fail("invalid character class range", from, p);
  return false;
}

function parseEscape(): usize {
  const from = p;
  if (p + 1 >= end) return fail("trailing backslash at end of expression", end, end);
  const c: u32 = load<u8>(p + 1);
  if (c == 65 || c == 98 || c == 66 || c == 122) {
    p += 2;
    const kind: u32 = c == 65 ? BEGIN_TEXT : c == 122 ? END_TEXT : c == 98 ? WORD_BOUNDARY : NO_WORD_BOUNDARY;
    return node(ASSERT, kind);
  }
  if (c == 81) return parseQuoted();
  if (c == 112 || c == 80) {
    p += 2;
    classBegin();
    if (!addUnicodeClass(from, c == 80)) return 0;
    return node(CLASS, <u32>classEnd(false, (flags & IGNORE_CASE) != 0));
  }
  classBegin();
  if (addPerlClass(c)) {
    p += 2;
    return node(CLASS, <u32>classEnd(false, false));
  }
  const point = parseEscapedPoint();
  return failed ? 0 : literal(point);
}

// What a quotation has before its last character.
let quotedBefore: usize = 0;

// \Q...\E: its characters as they are, the last one, to which a repetition belongs, apart; 0 for none.
function parseQuoted(): usize {
  p += 2;
  let left: usize = 0;
  let last: usize = 0;
  while (p < end) {
    if (load<u8>(p) == 92 && p + 1 < end && load<u8>(p + 1) == 69) {
      p += 2;
      break;
    }
    if (last != 0) left = joined(left, last);
    last = literal(decodeAt(p, end));
    p += decodedWidth;
  }
  quotedBefore = left;
  return last;
}

function hexValue(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const lower = c | 32;
  return lower - 97 < 6 ? lower - 87 : 16;
}

// The code point of an escape that stands for one character.
function parseEscapedPoint(): u32 {
  const from = p;
  if (p + 1 >= end) return <u32>fail("trailing backslash at end of expression", end, end);
  p++;
  const c = decodeAt(p, end);
  p += decodedWidth;
  if (c >= 49 && c <= 55) {
    // Octal, but a single digit would be a back reference.
    if (p < end && <u32>load<u8>(p) - 48 <= 7) return octal(c - 48);
  } else if (c == 48) {
    return octal(0);
  } else if (c == 120) {
    return hexadecimal(from);
  } else if (c == 97) {
    return 7;
  } else if (c == 102) {
    return 12;
  } else if (c == 110) {
    return 10;
  } else if (c == 114) {
    return 13;
  } else if (c == 116) {
    return 9;
  } else if (c == 118) {
    return 11;
  } else if (c < 0x80 && c - 48 > 9 && (c | 32) - 97 > 25) {
    return c;
  }
  return <u32>fail("invalid escape sequence", from, p);
}

function octal(n: u32): u32 {
  for (let i = 1; i < 3 && p < end && <u32>load<u8>(p) - 48 <= 7; i++) n = (n << 3) + (<u32>load<u8>(p++) - 48);
  return n;
}

// Behind `\x`: what is wrong is told up to the character that is no digit, and of two digits with the second.
function hexadecimal(from: usize): u32 {
  let n: u32 = 0;
  if (at(123)) {
    p++;
    const digits = p;
    while (p < end && !at(125)) {
      const h = nextHexValue();
      if (h > 15) return <u32>fail("invalid escape sequence", from, p);
      n = (n << 4) | h;
      if (n > 0x10ffff) return <u32>fail("invalid escape sequence", from, p);
    }
    if (p == end) return <u32>fail("invalid escape sequence", from, p);
    p++;
    return p == digits + 1 ? <u32>fail("invalid escape sequence", from, p) : n;
  }
  const first = nextHexValue();
  const second = nextHexValue();
  return first > 15 || second > 15 ? <u32>fail("invalid escape sequence", from, p) : (first << 4) | second;
}

// The digit that the next character is; 16 when it is none.
function nextHexValue(): u32 {
  if (p == end) return 16;
  const c = decodeAt(p, end);
  p += decodedWidth;
  return c < 0x80 ? hexValue(c) : 16;
}

// ---- bracketed classes

// [:alpha:] and its like, [:^alpha:] negated, into the open class; `p` is at the inner bracket. False when it is none.
function parsePosixClass(): bool {
  const name = p + 2;
  let q = name;
  while (q + 1 < end && !(load<u8>(q) == 58 && load<u8>(q + 1) == 93)) q++;
  if (q + 1 >= end) return false;
  if (!addPosixClass(name, q)) {
    fail("invalid character class range", p, q + 2);
    return true;
  }
  p = q + 2;
  return true;
}

function parseClass(): usize {
  const from = p;
  p++;
  classBegin();
  let negated = false;
  if (at(94)) {
    negated = true;
    p++;
  }
  let first = true;
  while (first || !at(93)) {
    if (p >= end) return fail("missing closing ]", from, end);
    const start = p;
    first = false;
    if (at(91) && p + 1 < end && load<u8>(p + 1) == 58) {
      if (parsePosixClass()) {
        if (failed) return 0;
        continue;
      }
    }
    if (at(92) && p + 1 < end) {
      const c: u32 = load<u8>(p + 1);
      if (c == 112 || c == 80) {
        p += 2;
        if (!addUnicodeClass(start, c == 80)) return 0;
        continue;
      }
      if (addPerlClass(c)) {
        p += 2;
        continue;
      }
    }
    const low = classPoint(from);
    if (failed) return 0;
    let high = low;
    if (at(45) && p + 1 < end && load<u8>(p + 1) != 93) {
      p++;
      high = classPoint(from);
      if (failed) return 0;
      if (high < low) return fail("invalid character class range", start, p);
    }
    classAdd(low, high);
  }
  p++;
  return node(CLASS, <u32>classEnd(negated, (flags & IGNORE_CASE) != 0));
}

function classPoint(from: usize): u32 {
  if (p >= end) return <u32>fail("missing closing ]", from, end);
  if (at(92)) return parseEscapedPoint();
  const c = decodeAt(p, end);
  p += decodedWidth;
  return c;
}
