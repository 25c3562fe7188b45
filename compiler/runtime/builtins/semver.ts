// semver.compare and semver.is_valid.

import { FALSE, UNDEFINED, boolean, isString, lengthOf, pointerOf, smallInteger } from "../word";
import { compareBytes } from "../bytes";
import { BUILTIN_ERROR, closeError } from "../failure";
import { textLiteral, textOpen, textSlice } from "../text";
import { textQuoted } from "../json-write";
import { needString } from "../operands";

// The version that was read last.
let major: i64 = 0;
let minor: i64 = 0;
let patch: i64 = 0;
let preFrom: usize = 0;
let preTo: usize = 0;

function isIdentifier(c: u32): bool {
  return c == 45 || c - 48 <= 9 || (c | 32) - 97 <= 25;
}

// Identifiers with dots between them, none empty; numeric ones without leading zeros where `strict`.
function isIdentifiers(p: usize, end: usize, strict: bool): bool {
  while (true) {
    const from = p;
    let digits = true;
    while (p < end && load<u8>(p) != 46) {
      const c: u32 = load<u8>(p);
      if (!isIdentifier(c)) return false;
      if (c - 48 > 9) digits = false;
      p++;
    }
    if (p == from) return false;
    if (strict && digits && p - from > 1 && load<u8>(from) == 48) return false;
    if (p == end) return true;
    p++;
  }
}

function indexOf(p: usize, end: usize, c: u32): usize {
  while (p < end && <u32>load<u8>(p) != c) p++;
  return p;
}

let numberValid: bool = false;

function numeric(p: usize, end: usize): i64 {
  numberValid = false;
  if (p == end || (end - p > 1 && load<u8>(p) == 48) || end - p > 19) return 0;
  let n: u64 = 0;
  for (; p < end; p++) {
    const d = <u32>load<u8>(p) - 48;
    if (d > 9) return 0;
    n = n * 10 + d;
  }
  numberValid = n <= <u64>i64.MAX_VALUE;
  return <i64>n;
}

function parse(s: u64): bool {
  let p = pointerOf(s);
  let end = p + lengthOf(s);
  if (p < end && load<u8>(p) == 118) p++;
  const metadata = indexOf(p, end, 43);
  if (metadata < end && !isIdentifiers(metadata + 1, end, false)) return false;
  end = metadata;
  const pre = indexOf(p, end, 45);
  preFrom = pre < end ? pre + 1 : end;
  preTo = end;
  if (pre < end && !isIdentifiers(preFrom, preTo, true)) return false;
  end = pre;
  const first = indexOf(p, end, 46);
  if (first == end) return false;
  const second = indexOf(first + 1, end, 46);
  if (second == end || indexOf(second + 1, end, 46) != end) return false;
  major = numeric(p, first);
  if (!numberValid) return false;
  minor = numeric(first + 1, second);
  if (!numberValid) return false;
  patch = numeric(second + 1, end);
  return numberValid;
}

function order(a: i64, b: i64): i32 {
  return a < b ? -1 : a > b ? 1 : 0;
}

function allDigits(p: usize, end: usize): bool {
  for (let q = p; q < end; q++) if (<u32>load<u8>(q) - 48 > 9) return false;
  return p < end;
}

function comparePreReleases(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  if (a == aEnd || b == bEnd) return a == aEnd ? (b == bEnd ? 0 : 1) : -1;
  while (true) {
    const x = indexOf(a, aEnd, 46);
    const y = indexOf(b, bEnd, 46);
    const aNumber = allDigits(a, x);
    const bNumber = allDigits(b, y);
    if (aNumber != bNumber) return aNumber ? -1 : 1;
    let c: i32 = 0;
    if (aNumber && x - a != y - b) c = x - a < y - b ? -1 : 1;
    else c = compareBytes(a, <u32>(x - a), b, <u32>(y - b));
    if (c != 0) return c;
    if (x == aEnd || y == bEnd) return x == aEnd ? (y == bEnd ? 0 : -1) : 1;
    a = x + 1;
    b = y + 1;
  }
}

function invalid(operand: string, s: u64): u64 {
  const saved = textOpen();
  textLiteral(operand);
  textLiteral(": string ");
  // OPA prints the term: a quoted text.
  textQuoted(s);
  textLiteral(" is not a valid SemVer");
  return closeError(BUILTIN_ERROR, saved);
}



export function builtin_semver_compare(a: u64, b: u64): u64 {
  if (!needString(1, a) || !needString(2, b)) return UNDEFINED;
  if (!parse(a)) return invalid("operand 1", a);
  const x = major;
  const y = minor;
  const z = patch;
  const from = preFrom;
  const to = preTo;
  if (!parse(b)) return invalid("operand 2", b);
  let c = order(x, major);
  if (c == 0) c = order(y, minor);
  if (c == 0) c = order(z, patch);
  if (c == 0) c = comparePreReleases(from, to, preFrom, preTo);
  return smallInteger(c);
}

export function builtin_semver_is_valid(s: u64): u64 {
  return isString(s) ? boolean(parse(s)) : FALSE;
}
