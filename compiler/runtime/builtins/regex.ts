// regex.* over the runtime's own engine: RE2's syntax, Go's rules for finding, splitting and replacing.

import {
  EMPTY_STRING, FALSE, UNDEFINED, boolean, integerOf, isString, lengthOf, pointerOf, smallInteger, stringView,
} from "../word";
import { arrayAppend, arrayAt, countOf, makeArray, makeObject, objectGet, objectPut } from "../collection";
import { equal } from "../compare";
import { BUILTIN_ERROR, closeError } from "../failure";
import { plainInteger, lastIntegral, writeInteger } from "../number";
import { textAdvance, textByte, textBytes, textLiteral, textOpen, textRoom, textSlice, textString } from "../text";
import { textQuoted } from "../json-write";
import { decodeAt, decodedWidth } from "../utf8";
import { needNumber, needString, notInteger } from "../operands";
import { heap_ptr, release } from "../memory";
import { addNamedClass } from "../regex/class-names";
import { classBegin, classEnd, classHas } from "../regex/classes";
import { matchFrom, matchSlots } from "../regex/matcher";
import { captureCount, captureNames, errorFrom, errorKind, errorTo, parsePattern } from "../regex/parser";
import { compileTree } from "../regex/program";
import { evaluation_number } from "../generated-code";

// Programs of this evaluation by pattern, as integers; the names of groups beside them.
let programs: u64 = 0;
let programsOf: u32 = 0;
let names: u64 = 0;

// The program of a pattern; 0 and an error when it is not one.
function compile(pattern: u64, report: bool): usize {
  // The arena of an earlier evaluation is gone, and with it what was compiled there.
  if (programsOf != evaluation_number) {
    programs = makeObject(0);
    names = makeObject(0);
    programsOf = evaluation_number;
  }
  const known = objectGet(programs, pattern);
  if (known != UNDEFINED) return <usize>integerOf(known);
  const tree = parsePattern(pointerOf(pattern), lengthOf(pattern));
  const program: usize = tree == 0 ? 0 : compileTree(tree, captureCount);
  if (program == 0) {
    if (report && tree == 0) syntaxError(errorKind, errorFrom, errorTo);
    else if (report) syntaxError("expression too large", pointerOf(pattern), pointerOf(pattern) + lengthOf(pattern));
    return 0;
  }
  objectPut(programs, pattern, smallInteger(program));
  objectPut(names, pattern, captureNames);
  return program;
}

function syntaxError(kind: string, from: usize, to: usize): void {
  const saved = textOpen();
  textLiteral("error parsing regexp: ");
  textLiteral(kind);
  textLiteral(": `");
  textBytes(from, to - from);
  textByte(96);
  closeError(BUILTIN_ERROR, saved);
}

export function builtin_regex_is_valid(pattern: u64): u64 {
  return isString(pattern) ? boolean(compile(pattern, false) != 0) : FALSE;
}

export function builtin_regex_match(pattern: u64, text: u64): u64 {
  if (!needString(1, pattern) || !needString(2, text)) return UNDEFINED;
  const program = compile(pattern, true);
  if (program == 0) return UNDEFINED;
  const p = pointerOf(text);
  const mark = heap_ptr;
  const found = matchFrom(program, p, p + lengthOf(text), p);
  release(mark);
  return boolean(found);
}

export function builtin_re_match(pattern: u64, text: u64): u64 {
  return builtin_regex_match(pattern, text);
}

@inline
function slot(slots: usize, i: u32): i32 {
  return load<i32>(slots + (<usize>i << 2));
}

// All matches, at most `limit` (all for a negative one), as slots one after the other; an empty match right behind another
// match does not count.
function findAll(program: usize, text: u64, limit: i64): u64 {
  const matches = makeArray(0);
  const p = pointerOf(text);
  const length = <i32>lengthOf(text);
  const end = p + length;
  let position: i32 = 0;
  let previousEnd: i32 = -1;
  while (position <= length && (limit < 0 || <i64>countOf(matches) < limit)) {
    if (!matchFrom(program, p, end, p + position)) break;
    const slots = matchSlots;
    const from = slot(slots, 0);
    const to = slot(slots, 1);
    let accept = true;
    if (to == position) {
      if (from == previousEnd) accept = false;
      if (position < length) {
        decodeAt(p + position, end);
        position += decodedWidth;
      } else {
        position = length + 1;
      }
    } else {
      position = to;
    }
    previousEnd = to;
    if (accept) arrayAppend(matches, smallInteger(slots));
  }
  return matches;
}

function group(text: u64, slots: usize, i: u32): u64 {
  const from = slot(slots, i << 1);
  return from < 0 ? EMPTY_STRING : stringView(pointerOf(text) + from, slot(slots, (i << 1) | 1) - from);
}

export function builtin_regex_find_all_string_submatch_n(pattern: u64, text: u64, limit: u64): u64 {
  if (!needString(1, pattern) || !needString(2, text) || !needNumber(3, limit)) return UNDEFINED;
  const n = plainInteger(limit);
  if (!lastIntegral) return notInteger(3);
  const program = compile(pattern, true);
  if (program == 0) return UNDEFINED;
  const matches = findAll(program, text, n);
  const result = makeArray(countOf(matches));
  for (let i: u32 = 0; i < countOf(matches); i++) {
    const slots = <usize>integerOf(arrayAt(matches, i));
    const groups = makeArray(0);
    for (let g: u32 = 0; g <= load<u32>(program, 4); g++) arrayAppend(groups, group(text, slots, g));
    arrayAppend(result, groups);
  }
  return result;
}

export function builtin_regex_find_n(pattern: u64, text: u64, limit: u64): u64 {
  if (!needString(1, pattern) || !needString(2, text) || !needNumber(3, limit)) return UNDEFINED;
  const n = plainInteger(limit);
  if (!lastIntegral) return notInteger(3);
  const program = compile(pattern, true);
  if (program == 0) return UNDEFINED;
  const matches = findAll(program, text, n);
  const result = makeArray(countOf(matches));
  for (let i: u32 = 0; i < countOf(matches); i++) arrayAppend(result, group(text, <usize>integerOf(arrayAt(matches, i)), 0));
  return result;
}

export function builtin_regex_split(pattern: u64, text: u64): u64 {
  if (!needString(1, pattern) || !needString(2, text)) return UNDEFINED;
  const program = compile(pattern, true);
  if (program == 0) return UNDEFINED;
  const result = makeArray(0);
  const p = pointerOf(text);
  const length = <i32>lengthOf(text);
  if (lengthOf(pattern) > 0 && length == 0) {
    arrayAppend(result, EMPTY_STRING);
    return result;
  }
  const matches = findAll(program, text, -1);
  let begin: i32 = 0;
  let end: i32 = 0;
  for (let i: u32 = 0; i < countOf(matches); i++) {
    const slots = <usize>integerOf(arrayAt(matches, i));
    end = slot(slots, 0);
    // An empty match at the very beginning splits nothing off.
    if (slot(slots, 1) != 0) arrayAppend(result, stringView(p + begin, end - begin));
    begin = slot(slots, 1);
  }
  if (end != length) arrayAppend(result, stringView(p + begin, length - begin));
  return result;
}

// ---- replacing

export function builtin_regex_replace(text: u64, pattern: u64, template: u64): u64 {
  if (!needString(1, text) || !needString(2, pattern) || !needString(3, template)) return UNDEFINED;
  const program = compile(pattern, true);
  if (program == 0) return UNDEFINED;
  const p = pointerOf(text);
  const length = <i32>lengthOf(text);
  const end = p + length;
  const saved = textOpen();
  let lastEnd: i32 = 0;
  let search: i32 = 0;
  while (search <= length) {
    if (!matchFrom(program, p, end, p + search)) break;
    const slots = matchSlots;
    const from = slot(slots, 0);
    const to = slot(slots, 1);
    textBytes(p + lastEnd, from - lastEnd);
    // No empty match right behind the match before.
    if (to > lastEnd || from == 0) expand(template, text, slots, program, objectGet(names, pattern));
    lastEnd = to;
    let width: i32 = 0;
    if (search < length) {
      decodeAt(p + search, end);
      width = decodedWidth;
    }
    if (search + width > to) search += width;
    else if (search + 1 > to) search++;
    else search = to;
  }
  textBytes(p + lastEnd, length - lastEnd);
  return textString(saved);
}

// Letters, digits and the underscore; 0 when no such character stands there, else how many bytes it takes.
function nameWidth(p: usize, end: usize): u32 {
  const c: u32 = load<u8>(p);
  if (c < 0x80) return c == 95 || c - 48 <= 9 || (c | 32) - 97 <= 25 ? 1 : 0;
  const x = decodeAt(p, end);
  const width = decodedWidth;
  classBegin();
  addNamedClass(letter, letter + 1, false);
  addNamedClass(decimal, decimal + 2, false);
  return classHas(classEnd(false, false), x) ? width : 0;
}

const letter: usize = memory.data<u8>([76]);
const decimal: usize = memory.data<u8>([78, 100]);

// $1, ${1}, $name, ${name}, $$; a dollar that begins none of these is itself.
function expand(template: u64, text: u64, slots: usize, program: usize, groupNames: u64): void {
  let p = pointerOf(template);
  const end = p + lengthOf(template);
  while (p < end) {
    const c: u32 = load<u8>(p);
    if (c != 36) {
      textByte(c);
      p++;
      continue;
    }
    p++;
    if (p < end && load<u8>(p) == 36) {
      textByte(36);
      p++;
      continue;
    }
    const brace = p < end && load<u8>(p) == 123;
    const from = brace ? p + 1 : p;
    let to = from;
    while (to < end) {
      const width = nameWidth(to, end);
      if (width == 0) break;
      to += width;
    }
    if (to == from || (brace && (to >= end || load<u8>(to) != 125))) {
      textByte(36);
      continue;
    }
    p = brace ? to + 1 : to;
    appendGroup(from, to, text, slots, program, groupNames);
  }
}

function appendGroup(from: usize, to: usize, text: u64, slots: usize, program: usize, groupNames: u64): void {
  const groups = load<u32>(program, 4);
  let number: u32 = 0;
  let digits = true;
  for (let p = from; p < to; p++) {
    const d = <u32>load<u8>(p) - 48;
    if (d > 9 || number > 100000) {
      digits = false;
      break;
    }
    number = number * 10 + d;
  }
  if (digits && !(to - from > 1 && load<u8>(from) == 48)) {
    if (number <= groups) textSlice(group(text, slots, number));
    return;
  }
  const name = stringView(from, to - from);
  for (let i: u32 = 0; i < countOf(groupNames); i++) {
    // Of groups of one name the first that took part.
    if (!equal(arrayAt(groupNames, i), name) || slot(slots, (i + 1) << 1) < 0) continue;
    textSlice(group(text, slots, i + 1));
    return;
  }
}

// ---- templates

function isMeta(c: u32): bool {
  // \.+*?()|[]{}^$
  return c == 92 || c == 46 || c == 43 || c == 42 || c == 63 || c == 40 || c == 41 || c == 124 || c == 91 || c == 93 || c == 123 || c == 125 || c == 94 || c == 36;
}

function wrongDelimiter(which: string, start: u64): u64 {
  const saved = textOpen();
  textLiteral(which);
  textLiteral(" delimiter has to be exactly one character long but is ");
  textAdvance(writeInteger(textRoom(24), lengthOf(start)));
  textLiteral(" long");
  return closeError(BUILTIN_ERROR, saved);
}

function unbalanced(template: u64): u64 {
  const saved = textOpen();
  textLiteral("unbalanced braces in ");
  textQuoted(template);
  return closeError(BUILTIN_ERROR, saved);
}

/** The text as a whole against a template: expressions between delimiters, everything else as it is. */
export function builtin_regex_template_match(template: u64, text: u64, start: u64, end: u64): u64 {
  if (!needString(1, template) || !needString(2, text) || !needString(3, start) || !needString(4, end)) return UNDEFINED;
  if (lengthOf(start) != 1) return wrongDelimiter("start", start);
  if (lengthOf(end) != 1) return wrongDelimiter("end", start);
  const open: u32 = load<u8>(pointerOf(start));
  const close: u32 = load<u8>(pointerOf(end));
  const from = pointerOf(template);
  const to = from + lengthOf(template);
  let level: i32 = 0;
  for (let p = from; p < to; p++) {
    const c: u32 = load<u8>(p);
    if (c == open) level++;
    else if (c == close && --level < 0) return unbalanced(template);
  }
  if (level != 0) return unbalanced(template);
  const whole = textOpen();
  textByte(94);
  let inner: usize = 0;
  for (let p = from; p < to; p++) {
    const c: u32 = load<u8>(p);
    if (c == open) {
      if (++level == 1) {
        inner = p + 1;
        textByte(40);
        continue;
      }
    } else if (c == close) {
      if (--level == 0) {
        // Each expression has to be one by itself.
        const alone = textOpen();
        textByte(94);
        textBytes(inner, p - inner);
        textByte(36);
        if (compile(textString(alone), true) == 0) return UNDEFINED;
        textByte(41);
        continue;
      }
    }
    if (level == 0 && isMeta(c)) textByte(92);
    textByte(c);
  }
  textByte(36);
  return builtin_regex_match(textString(whole), text);
}
