// glob.match and glob.quote_meta: gobwas patterns become trees of the regular expression engine.

import { TAG_ARRAY, NULL, UNDEFINED, boolean, integerOf, isString, lengthOf, pointerOf, smallInteger, tagOf } from "../word";
import { arrayAt, countOf, makeArray, arrayAppend, makeObject, objectGet, objectPut } from "../collection";
import { BUILTIN_ERROR, builtinError, closeError } from "../failure";
import { decodeAt, decodedWidth } from "../utf8";
import { textAdvance, textByte, textLiteral, textOpen, textRoom, textString } from "../text";
import { writeInteger } from "../number";
import { heap_ptr, release } from "../memory";
import { elementError, needString, operandError } from "../operands";
import { classAdd, classBegin, classEnd } from "../regex/classes";
import { matchFrom } from "../regex/matcher";
import {
  ALTERNATE, ANY, ASSERT, BEGIN_TEXT, CAT, CHAR, CLASS, EMPTY, END_TEXT, MANY, REPEAT, compileTree, node,
} from "../regex/program";
import { evaluation_number } from "../generated-code";

let start: usize = 0;
let p: usize = 0;
let end: usize = 0;
let level: u32 = 0;
let separators: u64 = 0;
let failed: bool = false;

function fail(reason: string): usize {
  if (failed) return 0;
  failed = true;
  const saved = textOpen();
  textLiteral("glob: syntax error at ");
  textAdvance(writeInteger(textRoom(24), p - start));
  textLiteral(": ");
  textLiteral(reason);
  closeError(BUILTIN_ERROR, saved);
  return 0;
}

function read(): u32 {
  const c = decodeAt(p, end);
  if (c == 0xfffd && decodedWidth == 1) {
    fail("invalid UTF-8 sequence");
    return 0;
  }
  p += decodedWidth;
  return c;
}

// Any character that is no separator.
function single(): usize {
  const count = countOf(separators);
  if (count == 0) return node(ANY);
  classBegin();
  for (let i: u32 = 0; i < count; i++) {
    const s = arrayAt(separators, i);
    const c = decodeAt(pointerOf(s), pointerOf(s) + lengthOf(s));
    classAdd(c, c);
  }
  return node(CLASS, <u32>classEnd(true, false));
}

// A set or range of characters; `p` is behind the bracket.
function range(): usize {
  classBegin();
  if (p >= end) return fail("unexpected end of input");
  let negated = false;
  if (load<u8>(p) == 33) {
    negated = true;
    p++;
    if (p >= end) return fail("unexpected end of input");
  }
  const low = read();
  if (failed) return 0;
  if (p < end && load<u8>(p) == 45) {
    p++;
    if (p >= end) return fail("unexpected end of input");
    const high = read();
    if (failed) return 0;
    if (p >= end) return fail("unexpected end of input");
    if (read() != 93) return fail("expected close range character");
    if (high < low) return fail("range hi character is less than lo");
    classAdd(low, high);
    return node(CLASS, <u32>classEnd(negated, false));
  }
  // A set: the first character may be anything but what ends it, escapes as in text.
  p -= width(low);
  let any = false;
  while (p < end && load<u8>(p) != 93) {
    if (load<u8>(p) == 92) {
      p++;
      if (p >= end) return fail("unexpected end of input");
    }
    const c = read();
    if (failed) return 0;
    classAdd(c, c);
    any = true;
  }
  if (p >= end) return fail("unexpected end of input");
  p++;
  return any ? node(CLASS, <u32>classEnd(negated, false)) : fail("could not parse range");
}

function width(c: u32): usize {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

// Terms up to the end, or in braces up to a comma or closing brace.
function terms(): usize {
  let left: usize = 0;
  while (p < end && !failed) {
    const c: u32 = load<u8>(p);
    if (level > 0 && (c == 44 || c == 125)) break;
    let term: usize;
    if (c == 42) {
      p++;
      if (p < end && load<u8>(p) == 42) {
        p++;
        term = node(REPEAT, <u32>node(ANY), 0, MANY, 0);
      } else {
        term = node(REPEAT, <u32>single(), 0, MANY, 0);
      }
    } else if (c == 63) {
      p++;
      term = single();
    } else if (c == 91) {
      p++;
      term = range();
    } else if (c == 123) {
      term = alternatives();
    } else {
      if (c == 92) {
        p++;
        if (p >= end) return fail("trailing backslash");
      }
      term = node(CHAR, read(), 0);
    }
    if (failed) return 0;
    left = left == 0 ? term : node(CAT, <u32>left, <u32>term);
  }
  return left == 0 ? node(EMPTY) : left;
}

function alternatives(): usize {
  p++;
  level++;
  let left: usize = 0;
  while (true) {
    const term = terms();
    if (failed) return 0;
    left = left == 0 ? term : node(ALTERNATE, <u32>left, <u32>term);
    if (p >= end) return fail("unclosed `{`");
    const c: u32 = load<u8>(p);
    p++;
    if (c == 125) break;
  }
  level--;
  return left;
}

// Programs of this evaluation, by pattern and separators.
let programs: u64 = 0;
let programsOf: u32 = 0;

function compile(pattern: u64, delimiters: u64): usize {
  if (programsOf != evaluation_number) {
    programs = makeObject(0);
    programsOf = evaluation_number;
  }
  const key = makeArray(2);
  arrayAppend(key, pattern);
  arrayAppend(key, delimiters);
  const known = objectGet(programs, key);
  if (known != UNDEFINED) return <usize>integerOf(known);
  start = pointerOf(pattern);
  p = start;
  end = p + lengthOf(pattern);
  level = 0;
  failed = false;
  separators = delimiters;
  const body = terms();
  if (failed) return 0;
  const tree = node(CAT, <u32>node(ASSERT, BEGIN_TEXT), <u32>node(CAT, <u32>body, <u32>node(ASSERT, END_TEXT)));
  const program = compileTree(tree, 0);
  if (program == 0) {
    builtinError("glob: pattern too large");
    return 0;
  }
  objectPut(programs, key, smallInteger(program));
  return program;
}

export function builtin_glob_match(pattern: u64, delimiters: u64, text: u64): u64 {
  if (!needString(1, pattern)) return UNDEFINED;
  let list = delimiters;
  if (delimiters == NULL) {
    list = makeArray(0);
  } else if (tagOf(delimiters) != TAG_ARRAY) {
    return operandError(2, delimiters, "one of {array, null}");
  } else {
    for (let i: u32 = 0; i < countOf(delimiters); i++) {
      const d = arrayAt(delimiters, i);
      if (!isString(d)) return elementError(2, delimiters, d, "string");
      const from = pointerOf(d);
      const to = from + lengthOf(d);
      if (from == to) return elementError(2, delimiters, d, "rune");
      decodeAt(from, to);
      if (decodedWidth != lengthOf(d)) return elementError(2, delimiters, d, "rune");
    }
    if (countOf(delimiters) == 0) {
      list = makeArray(1);
      const saved = textOpen();
      textByte(46);
      arrayAppend(list, textString(saved));
    }
  }
  if (!needString(3, text)) return UNDEFINED;
  const program = compile(pattern, list);
  if (program == 0) return UNDEFINED;
  const from = pointerOf(text);
  const mark = heap_ptr;
  const found = matchFrom(program, from, from + lengthOf(text), from);
  release(mark);
  return boolean(found);
}

export function builtin_glob_quote_meta(pattern: u64): u64 {
  if (!needString(1, pattern)) return UNDEFINED;
  const saved = textOpen();
  for (let q = pointerOf(pattern); q < pointerOf(pattern) + lengthOf(pattern); q++) {
    const c: u32 = load<u8>(q);
    if (c == 42 || c == 63 || c == 92 || c == 91 || c == 93 || c == 123 || c == 125) textByte(92);
    textByte(c);
  }
  return textString(saved);
}
