// Reads JSON and Rego text into values. One loop with an explicit stack at the end of memory: depth costs no call stack,
// items wait there until their collection closes. Strings and numbers without escapes are views on the text, so the text
// must stay where it is.

import {
  abortWith, alloc, copyBytes, depth, depthAt, heap_ptr, release, requireMemory, setHeapBehind, setStack, stackAt, stackFloor, stackRoom,
  unwind,
} from "./memory";
import { FALSE, NULL, SLICE_MAX, TAG_OBJECT, TAG_SET, TAG_STRING, TRUE, UNDEFINED, smallInteger, stringView, tagOf } from "./word";
import { numberView } from "./number";
import { numberLimit } from "./number-limits";
import { closeArray, closeKeys, makeArray, makeObject, makeSet } from "./collection";
import { decodeAt, decodedWidth } from "./utf8";
import { writeCodePoint } from "./text";

// What an open collection waits for.
const IN_ARRAY: u32 = 1;
const IN_VALUE: u32 = 2; // an object's value
const IN_KEY: u32 = 3; // an object's key, Rego text only
const IN_BRACE: u32 = 4; // key or member: not known yet
const IN_SET: u32 = 5;

const DEPTH_MAX: u32 = 10000;

/** Just behind the value that the last successful parse read. */
export let parsedEnd: usize = 0;
/** True when the last parse failed because the text is nested too deep. */
export let tooDeep: bool = false;

@inline
function skipBlanks(p: usize): usize {
  while (true) {
    const c: u32 = load<u8>(p);
    if (c > 32 || ((<u64>0x100002600 >> c) & 1) == 0) return p;
    p++;
  }
}

/** Reads one JSON value from the text; what follows it is not looked at. UNDEFINED when there is none. */
export function parseJson(p: usize, length: usize): u64 {
  return guarded(p, length, false);
}

/** Reads one Rego value: JSON, sets, keys of any type, Go's string escapes. */
export function parseRego(p: usize, length: usize): u64 {
  return guarded(p, length, true);
}

/** What OPA says of a number in the last text (see number-limits), 0 for nothing. */
export let refusedNumber: u32 = 0;

// A NUL behind the text stops every loop below; the byte that was there comes back.
function guarded(p: usize, length: usize, rego: bool): u64 {
  const end = p + length;
  requireMemory(end + 1);
  setHeapBehind(p, end + 1);
  const kept = load<u8>(end);
  store<u8>(end, 0);
  const bottom = depth();
  tooDeep = false;
  refusedNumber = 0;
  const v = parseText(p, end, rego);
  unwind(bottom);
  store<u8>(end, kept);
  return v;
}

function parseText(p: usize, end: usize, rego: bool): u64 {
  // The innermost open collection: what it waits for and where its frame is.
  let state: u32 = 0;
  let frame: usize = depth();
  let level: u32 = 0;
  // The stack is kept here between allocations: where it ends, and how far down it may go.
  let top = stackAt(frame);
  let floor = stackFloor();
  while (true) {
    let v: u64 = UNDEFINED;
    p = skipBlanks(p);
    const c: u32 = load<u8>(p);
    if (c == 34) {
      const q = plainEnd(p + 1);
      if (load<u8>(q) == 34 && q - p <= SLICE_MAX) {
        v = stringView(p + 1, q - p - 1);
        p = q + 1;
      }
    } else if (c == 123 || c == 91) {
      if (++level > DEPTH_MAX) {
        tooDeep = true;
        return UNDEFINED;
      }
      p = skipBlanks(p + 1);
      if (load<u8>(p) != c + 2) {
        if (top < floor) top = stackRoom(top);
        top -= 8;
        store<u32>(top, <u32>frame);
        store<u32>(top, state, 4);
        frame = depthAt(top);
        state = c == 91 ? IN_ARRAY : IN_BRACE;
        continue;
      }
      setStack(top);
      v = c == 91 ? makeArray(0) : makeObject();
      p++;
      level--;
      top = stackAt(depth());
      floor = stackFloor();
    } else if (c - 49 <= 8) {
      let n: i64 = c - 48;
      let q = p + 1;
      let next: u32 = load<u8>(q);
      for (; next - 48 <= 9; next = load<u8>(q)) {
        n = n * 10 + (next - 48);
        q++;
      }
      if (next != 46 && (next | 32) != 101 && q - p < 18) {
        v = smallInteger(n);
        p = q;
      }
    }
    if (v == UNDEFINED) {
      setStack(top);
      v = parseScalar(p, end, rego);
      if (v == UNDEFINED) return UNDEFINED;
      p = scalarEnd;
      top = stackAt(depth());
      floor = stackFloor();
    }
    // A value is complete: hand it to the open collection, which may be complete with it.
    while (true) {
      if (state == 0) {
        setStack(top);
        parsedEnd = p;
        return v;
      }
      if (top < floor) top = stackRoom(top);
      top -= 8;
      store<u64>(top, v);
      p = skipBlanks(p);
      let after: u32 = load<u8>(p);
      p++;
      if (after == 58) {
        if (state - IN_KEY > 1 || (!rego && tagOf(v) != TAG_STRING)) return UNDEFINED;
        state = IN_VALUE;
        break;
      }
      if (rego && after == 44) {
        // Rego allows a comma behind the last item.
        const q = skipBlanks(p);
        const closing: u32 = load<u8>(q);
        if ((closing == 93 || closing == 125) && state != IN_KEY) {
          after = closing;
          p = q + 1;
        }
      }
      if (after == 44) {
        if (state == IN_VALUE) {
          state = IN_KEY;
        } else if (state == IN_BRACE && rego) {
          state = IN_SET;
        } else if (state - IN_KEY <= 1) {
          return UNDEFINED;
        }
        break;
      }
      const bytes = depthAt(top) - frame;
      const count = <u32>(bytes >> 3);
      setStack(top);
      const items = alloc(bytes);
      takeWords(items, count);
      if (after == 93 && state == IN_ARRAY) {
        v = closeArray(items, count);
      } else if (after == 125 && state == IN_VALUE) {
        v = closeKeys(TAG_OBJECT, items, count >> 1);
      } else if (after == 125 && rego && (state == IN_BRACE || state == IN_SET)) {
        v = closeKeys(TAG_SET, items, count);
      } else {
        return UNDEFINED;
      }
      level--;
      top = stackAt(frame);
      floor = stackFloor();
      state = load<u32>(top, 4);
      frame = <usize>load<u32>(top);
      top += 8;
    }
  }
}

// Just behind the value that `parseScalar` read.
let scalarEnd: usize = 0;

// A value that holds no others: those that `parseText` does not read at sight.
function parseScalar(p: usize, end: usize, rego: bool): u64 {
  const c: u32 = load<u8>(p);
  if (c == 34) return parseString(p + 1, end, rego);
  if (c == 45 || c - 48 <= 9) {
    scalarEnd = scanNumber(p);
    const length = scalarEnd - p;
    if (scalarEnd == 0 || length > SLICE_MAX) return UNDEFINED;
    if (length > 6 && refusedNumber == 0) refusedNumber = numberLimit(p, length);
    return numberView(p, <u32>length);
  }
  scalarEnd = p + 4;
  if (c == 116 && load<u32>(p) == 0x65757274) return TRUE;
  if (c == 110 && load<u32>(p) == 0x6c6c756e) return NULL;
  scalarEnd = p + 5;
  if (c == 102 && load<u32>(p + 1) == 0x65736c61) return FALSE;
  if (!rego || c != 115 || (load<u32>(p) & 0xffffff) != 0x746573) return UNDEFINED;
  // set([...]) is how some hosts write a set.
  p = skipBlanks(p + 3);
  if (load<u8>(p) != 40) return UNDEFINED;
  p = skipBlanks(p + 1);
  if (load<u8>(p) != 41) return UNDEFINED;
  scalarEnd = p + 1;
  return makeSet();
}

// Copies the newest `count` words of the stack in the order in which they were pushed.
function takeWords(to: usize, count: u32): void {
  let from = stackAt(depth()) + (<usize>count << 3);
  for (let i: u32 = 0; i < count; i++) {
    from -= 8;
    store<u64>(to, load<u64>(from));
    to += 8;
  }
}

@inline
function skipDigits(p: usize): usize {
  while (<u32>load<u8>(p) - 48 <= 9) p++;
  return p;
}

/** The end of the JSON number at `p`, or 0. */
export function scanNumber(p: usize): usize {
  if (load<u8>(p) == 45) p++;
  const first = <u32>load<u8>(p) - 48;
  if (first > 9) return 0;
  p++;
  if (first != 0) p = skipDigits(p);
  else if (<u32>load<u8>(p) - 48 <= 9) return 0;
  if (load<u8>(p) == 46) {
    const from = p + 1;
    p = skipDigits(from);
    if (p == from) return 0;
  }
  if ((<u32>load<u8>(p) | 32) == 101) {
    p++;
    const sign: u32 = load<u8>(p);
    if (sign == 43 || sign == 45) p++;
    const from = p;
    p = skipDigits(from);
    if (p == from) return 0;
  }
  return p;
}

// Eight bytes at once: a high bit where a byte is a quote, a backslash, a control character or beyond ASCII.
@inline
function special(w: u64): u64 {
  const quote = w ^ 0x2222222222222222;
  const escape = w ^ 0x5c5c5c5c5c5c5c5c;
  return ((w - 0x2020202020202020) | (quote - 0x0101010101010101) | (escape - 0x0101010101010101) | w) & 0x8080808080808080;
}

// The first byte from `p` on that needs a closer look: the closing quote of most strings.
@inline
function plainEnd(p: usize): usize {
  let m = special(load<u64>(p));
  while (m == 0) {
    p += 8;
    m = special(load<u64>(p));
  }
  return p + (<usize>ctz(m) >> 3);
}

// The string that begins at `from`. The NUL at the end of the text counts as a control character.
function parseString(from: usize, end: usize, rego: bool): u64 {
  let p = plainEnd(from);
  while (true) {
    const c: u32 = load<u8>(p);
    if (c == 34) {
      scalarEnd = p + 1;
      if (p - from > SLICE_MAX) abortWith("string too long");
      return stringView(from, p - from);
    }
    if (c >= 0x80) {
      // Valid sequences can stay a view.
      decodeAt(p, end);
      if (decodedWidth == 1) return parseEscaped(from, p, end, rego);
      p = plainEnd(p + decodedWidth);
      continue;
    }
    if (c == 92) return parseEscaped(from, p, end, rego);
    return UNDEFINED;
  }
}

// Copies a string that cannot be a view; `p` is the first place where the copy differs from the text.
function parseEscaped(from: usize, p: usize, end: usize, rego: bool): u64 {
  // The copy is never longer than three times the text: an invalid byte becomes U+FFFD, an escape shrinks.
  let closing = p;
  let invalid: usize = 0;
  while (closing < end) {
    const c: u32 = load<u8>(closing);
    if (c == 34) break;
    if (c == 92) closing++;
    else if (c >= 0x80) invalid++;
    closing++;
  }
  if (closing >= end || closing - from + invalid * 2 > SLICE_MAX) return UNDEFINED;
  const mark = heap_ptr;
  const to = alloc(closing - from + invalid * 2 + 8);
  copyBytes(to, from, p - from);
  let out = to + (p - from);
  while (true) {
    const c: u32 = load<u8>(p);
    if (c == 34) break;
    if (c < 32) {
      release(mark);
      return UNDEFINED;
    }
    if (c != 92) {
      if (c < 0x80) {
        store<u8>(out, <u8>c);
        out++;
        p++;
      } else {
        out += writeCodePoint(out, decodeAt(p, end));
        p += decodedWidth;
      }
      continue;
    }
    const e: u32 = load<u8>(p + 1);
    p += 2;
    let plain: u32 = 0;
    if (e == 110) plain = 10;
    else if (e == 34 || e == 92 || e == 47) plain = e;
    else if (e == 116) plain = 9;
    else if (e == 114) plain = 13;
    else if (e == 98) plain = 8;
    else if (e == 102) plain = 12;
    else if (rego && e == 97) plain = 7;
    else if (rego && e == 118) plain = 11;
    if (plain != 0) {
      store<u8>(out, <u8>plain);
      out++;
      continue;
    }
    if (e == 117) {
      const unit = hexDigits(p, 4);
      if (unit < 0) {
        release(mark);
        return UNDEFINED;
      }
      p += 4;
      let point = <u32>unit;
      if ((point & 0xf800) == 0xd800) {
        const low = point < 0xdc00 && load<u16>(p) == 0x755c ? hexDigits(p + 2, 4) : -1;
        if (low >= 0xdc00 && low < 0xe000) {
          point = 0x10000 + ((point - 0xd800) << 10) + (<u32>low - 0xdc00);
          p += 6;
        } else {
          point = 0xfffd;
        }
      }
      out += writeCodePoint(out, point);
      continue;
    }
    const wide = rego && e == 85 ? hexDigits(p, 8) : -1;
    if (wide >= 0 && wide < 0x110000) {
      out += writeCodePoint(out, <u32>wide);
      p += 8;
      continue;
    }
    const byte = rego && e == 120 ? hexDigits(p, 2) : -1;
    if (byte < 0) {
      release(mark);
      return UNDEFINED;
    }
    store<u8>(out, <u8>byte);
    out++;
    p += 2;
  }
  scalarEnd = p + 1;
  release(out);
  return stringView(to, out - to);
}

function hexDigits(p: usize, count: u32): i32 {
  let n: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const c: u32 = load<u8>(p + i);
    const lower = c | 32;
    let d: u32 = 16;
    if (c - 48 <= 9) d = c - 48;
    else if (lower - 97 <= 5) d = lower - 87;
    if (d > 15) return -1;
    n = (n << 4) | <i32>d;
  }
  return n;
}
