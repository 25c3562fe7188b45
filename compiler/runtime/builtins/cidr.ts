// net.cidr_*: addresses read as Go's net package does.

import { alloc } from "../memory";
import { TAG_ARRAY, TAG_OBJECT, TAG_SET, TAG_STRING, UNDEFINED, boolean, isString, lengthOf, pointerOf, smallInteger, tagOf } from "../word";
import { arrayAppend, arrayAt, countOf, makeArray, makeSet, setAdd, sortedItems } from "../collection";
import { BUILTIN_ERROR, builtinError, closeError } from "../failure";
import { spendFuel } from "../generated-code";
import { writeInteger } from "../number";
import { textAdvance, textByte, textLiteral, textOpen, textRoom, textSlice, textString } from "../text";
import { needString } from "../operands";

// A network: 16 bytes of address (IPv4 in its mapped form), then the prefix length and whether the text was IPv4.
const ONES: usize = 16;
const IS_V4: usize = 20;

function parseV4(p: usize, end: usize, to: usize): bool {
  for (let part = 0; part < 4; part++) {
    if (part > 0) {
      if (p >= end || load<u8>(p) != 46) return false;
      p++;
    }
    let n: u32 = 0;
    const from = p;
    while (p < end && <u32>load<u8>(p) - 48 <= 9) {
      n = n * 10 + (<u32>load<u8>(p) - 48);
      if (n > 255) return false;
      p++;
    }
    // No empty parts, no leading zeros.
    if (p == from || (p - from > 1 && load<u8>(from) == 48)) return false;
    store<u8>(to + part, <u8>n);
  }
  return p == end;
}

function hexValue(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const lower = c | 32;
  return lower - 97 < 6 ? lower - 87 : 16;
}

function parseV6(p: usize, end: usize, to: usize): bool {
  memory.fill(to, 0, 16);
  let gap: i32 = -1;
  let i: u32 = 0;
  if (end - p >= 2 && load<u8>(p) == 58 && load<u8>(p + 1) == 58) {
    gap = 0;
    p += 2;
    if (p == end) return true;
  }
  while (i < 16) {
    let n: u32 = 0;
    const from = p;
    while (p < end) {
      const h = hexValue(load<u8>(p));
      if (h > 15) break;
      n = (n << 4) | h;
      if (p - from > 3) return false;
      p++;
    }
    if (p == from) return false;
    if (p < end && load<u8>(p) == 46) {
      if ((gap < 0 && i != 12) || i + 4 > 16) return false;
      if (!parseV4(from, end, to + i)) return false;
      i += 4;
      p = end;
      break;
    }
    store<u8>(to + i, <u8>(n >> 8));
    store<u8>(to + i + 1, <u8>n);
    i += 2;
    if (p == end) break;
    if (load<u8>(p) != 58 || p + 1 == end) return false;
    p++;
    if (load<u8>(p) == 58) {
      if (gap >= 0) return false;
      gap = <i32>i;
      p++;
      if (p == end) break;
    }
  }
  if (p != end) return false;
  if (i < 16) {
    if (gap < 0) return false;
    const moved = i - <u32>gap;
    memory.copy(to + 16 - moved, to + <usize>gap, moved);
    memory.fill(to + <usize>gap, 0, 16 - i);
  } else if (gap >= 0) {
    return false;
  }
  return true;
}

// Reads an address into 16 bytes.
function parseAddress(p: usize, end: usize, to: usize): bool {
  for (let q = p; q < end; q++) {
    const c: u32 = load<u8>(q);
    if (c == 46) {
      memory.fill(to, 0, 10);
      store<u16>(to + 10, 0xffff);
      store<u8>(to + ONES + 4, 1);
      return parseV4(p, end, to + 12);
    }
    if (c == 58) {
      store<u8>(to + ONES + 4, 0);
      return parseV6(p, end, to);
    }
  }
  return false;
}

// A CIDR with the host bits cleared, or 0.
function parseNet(s: u64): usize {
  const p = pointerOf(s);
  const end = p + lengthOf(s);
  let slash = end;
  for (let q = p; q < end; q++) {
    if (load<u8>(q) == 47) {
      slash = q;
      break;
    }
  }
  if (slash == end) return 0;
  const net = alloc(24);
  store<u32>(net + IS_V4, 0);
  if (!parseAddress(p, slash, net)) return 0;
  const bits: u32 = load<u8>(net + IS_V4) != 0 ? 32 : 128;
  let ones: u32 = 0;
  if (slash + 1 == end) return 0;
  for (let q = slash + 1; q < end; q++) {
    const d = <u32>load<u8>(q) - 48;
    if (d > 9) return 0;
    ones = ones * 10 + d;
    if (ones > bits) return 0;
  }
  store<u32>(net + ONES, ones);
  const from: u32 = bits == 32 ? 96 : 0;
  for (let bit = from + ones; bit < 128; bit++) {
    const at = net + (bit >> 3);
    store<u8>(at, load<u8>(at) & ~<u8>(<u32>0x80 >> (bit & 7)));
  }
  return net;
}

function isMapped(address: usize): bool {
  return load<u64>(address) == 0 && load<u32>(address + 8) == 0xffff0000;
}

function samePrefix(a: usize, b: usize, from: u32, bits: u32): bool {
  for (let bit = from; bit < from + bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (((<u32>load<u8>(a + (bit >> 3)) ^ <u32>load<u8>(b + (bit >> 3))) & mask) != 0) return false;
  }
  return true;
}

function holds(net: usize, address: usize): bool {
  const v4 = isMapped(net);
  if (v4 != isMapped(address)) return false;
  const ones = load<u32>(net + ONES);
  if (!v4) return samePrefix(net, address, 0, ones);
  const written = load<u32>(net + IS_V4) != 0;
  return samePrefix(net, address, 96, written ? ones : ones > 96 ? ones - 96 : 0);
}

function invalid(s: u64): u64 {
  const saved = textOpen();
  textLiteral("invalid CIDR address: ");
  textSlice(s);
  return closeError(BUILTIN_ERROR, saved);
}

export function builtin_net_cidr_intersects(a: u64, b: u64): u64 {
  if (!needString(1, a)) return UNDEFINED;
  const x = parseNet(a);
  if (x == 0) return invalid(a);
  if (!needString(1, b)) return UNDEFINED;
  const y = parseNet(b);
  if (y == 0) return invalid(b);
  return boolean(holds(x, y) || holds(y, x));
}

export function builtin_net_cidr_contains(a: u64, b: u64): u64 {
  if (!needString(1, a)) return UNDEFINED;
  const net = parseNet(a);
  if (net == 0) return invalid(a);
  if (!needString(1, b)) return UNDEFINED;
  const address = alloc(24);
  if (parseAddress(pointerOf(b), pointerOf(b) + lengthOf(b), address)) return boolean(holds(net, address));
  const other = parseNet(b);
  if (other == 0) {
    const saved = textOpen();
    textLiteral("not a valid textual representation of an IP address or CIDR: ");
    textSlice(b);
    return closeError(BUILTIN_ERROR, saved);
  }
  const ones = load<u32>(other + ONES);
  const v4 = load<u32>(other + IS_V4) != 0;
  if (!isMapped(net) && !isMapped(other)) {
    return boolean(load<u32>(net + ONES) <= ones && samePrefix(net, other, 0, load<u32>(net + ONES)));
  }
  if (!holds(net, other)) return boolean(false);
  // The last address: all host bits set.
  memory.copy(address, other, 16);
  for (let bit: u32 = (v4 ? 96 : 0) + ones; bit < 128; bit++) {
    const at = address + (bit >> 3);
    store<u8>(at, load<u8>(at) | <u8>((<u32>0x80 >> (bit & 7))));
  }
  return boolean(holds(net, address));
}

export function builtin_net_cidr_overlap(a: u64, b: u64): u64 {
  return builtin_net_cidr_contains(a, b);
}

export function builtin_net_cidr_is_valid(s: u64): u64 {
  return boolean(isString(s) && parseNet(s) != 0);
}

// An address as Go writes it: IPv4 (mapped ones too) with dots, IPv6 with its longest run of zeros left out.
function textAddressOf(address: usize): void {
  if (isMapped(address)) {
    for (let i: u32 = 12; i < 16; i++) {
      if (i > 12) textByte(46);
      textAdvance(writeInteger(textRoom(24), load<u8>(address + i)));
    }
    return;
  }
  let best: i32 = -1;
  let bestLength: i32 = 1;
  for (let i: i32 = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && load<u16>(address + (<usize>j << 1)) == 0) j++;
    if (j - i > bestLength) {
      best = i;
      bestLength = j - i;
    }
    if (j > i) i = j;
  }
  for (let i: i32 = 0; i < 8; i++) {
    if (i == best) {
      textLiteral("::");
      i += bestLength - 1;
      continue;
    }
    if (i > 0 && (best < 0 || i != best + bestLength)) textByte(58);
    const n = (<u32>load<u8>(address + (<usize>i << 1)) << 8) | <u32>load<u8>(address + (<usize>i << 1) + 1);
    let started = false;
    for (let shift: i32 = 12; shift >= 0; shift -= 4) {
      const d = (n >> shift) & 15;
      if (d != 0 || shift == 0) started = true;
      if (started) textByte(d < 10 ? 48 + d : 87 + d);
    }
  }
}

/** All addresses of the network. */
export function builtin_net_cidr_expand(s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  const net = parseNet(s);
  if (net == 0) return invalid(s);
  const result = makeSet(0);
  const address = alloc(24);
  memory.copy(address, net, 16);
  const lowest: i32 = isMapped(net) ? 12 : 0;
  while (holds(net, address)) {
    spendFuel();
    const saved = textOpen();
    textAddressOf(address);
    setAdd(result, textString(saved));
    let i: i32 = 15;
    for (; i >= lowest; i--) {
      const n = <u32>load<u8>(address + i) + 1;
      store<u8>(address + i, <u8>n);
      if ((n & 255) != 0) break;
    }
    // Past the last address of all.
    if (i < lowest) break;
  }
  return result;
}

// The elements of an operand and what stands for each: a string for itself, positions, members, keys.
function matchTerms(v: u64): u64 {
  const pairs = makeArray(0);
  const tag = tagOf(v);
  if (tag == TAG_STRING) {
    arrayAppend(pairs, v);
    arrayAppend(pairs, v);
    return pairs;
  }
  if (tag < TAG_ARRAY) return pairs;
  const items = sortedItems(v);
  for (let i: u32 = 0; i < countOf(v); i++) {
    const element = tag == TAG_OBJECT ? load<u64>(items + (<usize>i << 4), 8) : load<u64>(items + (<usize>i << 3));
    arrayAppend(pairs, element);
    arrayAppend(pairs, tag == TAG_ARRAY ? smallInteger(i) : tag == TAG_OBJECT ? load<u64>(items + (<usize>i << 4)) : element);
  }
  return pairs;
}

// The CIDR of an element: itself, or the first of several things; UNDEFINED after an error.
function cidrOf(operand: u32, element: u64): u64 {
  const tag = tagOf(element);
  if (tag == TAG_STRING) return element;
  if (tag == TAG_ARRAY && countOf(element) > 0) return arrayAt(element, 0);
  return builtinError(operand == 1 ? "operand 1: element must be string or non-empty array" : "operand 2: element must be string or non-empty array");
}

/** Each pair is looked at when its turn comes, so that the first wrong one is told. */
export function builtin_net_cidr_contains_matches(a: u64, b: u64): u64 {
  const left = matchTerms(a);
  const right = matchTerms(b);
  const result = makeSet(0);
  for (let i: u32 = 0; i < countOf(left); i += 2) {
    const outer = cidrOf(1, arrayAt(left, i));
    if (outer == UNDEFINED) return UNDEFINED;
    for (let j: u32 = 0; j < countOf(right); j += 2) {
      const inner = cidrOf(2, arrayAt(right, j));
      if (inner == UNDEFINED) return UNDEFINED;
      const contains = builtin_net_cidr_contains(outer, inner);
      if (contains == UNDEFINED) return UNDEFINED;
      if (contains != boolean(true)) continue;
      const pair = makeArray(2);
      arrayAppend(pair, arrayAt(left, i + 1));
      arrayAppend(pair, arrayAt(right, j + 1));
      setAdd(result, pair);
    }
  }
  return result;
}

// ---- merging: entries of 40 bytes: first and last address, then the network while it stands for itself, else 0

const LAST: usize = 16;
const NETWORK: usize = 32;

function compareAddresses(a: usize, b: usize): i32 {
  for (let i: u32 = 0; i < 16; i++) {
    const x: u32 = load<u8>(a + i);
    const y: u32 = load<u8>(b + i);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

// A network with all 16 bytes masked, its prefix counted in 128 bits.
function fullOnes(net: usize): u32 {
  return load<u32>(net + ONES) + (load<u32>(net + IS_V4) != 0 ? 96 : 0);
}

function maskFrom(address: usize, ones: u32, set: bool): void {
  for (let bit = ones; bit < 128; bit++) {
    const at = address + (bit >> 3);
    const mask: u32 = 0x80 >> (bit & 7);
    const old: u32 = load<u8>(at);
    store<u8>(at, <u8>(set ? old | mask : old & ~mask));
  }
}

// A bare IPv4 address gets the mask of its class; 0 after an error.
function networkOf(v: u64): usize {
  if (!isString(v)) {
    builtinError("element must be string");
    return 0;
  }
  const address = alloc(24);
  store<u32>(address + IS_V4, 0);
  if (!parseAddress(pointerOf(v), pointerOf(v) + lengthOf(v), address)) {
    const net = parseNet(v);
    if (net == 0) invalid(v);
    return net;
  }
  if (!isMapped(address)) {
    builtinError("IPv6 invalid: needs prefix length");
    return 0;
  }
  const first: u32 = load<u8>(address + 12);
  store<u32>(address + ONES, first < 128 ? 8 : first < 192 ? 16 : 24);
  store<u32>(address + IS_V4, 1);
  return address;
}

// Whether the address is at most one behind the other.
function reaches(last: usize, first: usize): bool {
  if (compareAddresses(first, last) <= 0) return true;
  const before = alloc(16);
  memory.copy(before, first, 16);
  for (let i: i32 = 15; i >= 0; i--) {
    const n: u32 = load<u8>(before + i);
    store<u8>(before + i, <u8>(n - 1));
    if (n != 0) break;
  }
  return compareAddresses(before, last) <= 0;
}

function addNetwork(result: u64, address: usize, ones: u32): void {
  const saved = textOpen();
  textAddressOf(address);
  textByte(47);
  textAdvance(writeInteger(textRoom(24), isMapped(address) && ones >= 96 ? ones - 96 : ones));
  setAdd(result, textString(saved));
}

// The fewest networks that make up a range: each as large as its first address and the end allow.
function addRange(result: u64, first: usize, last: usize): void {
  const at = alloc(16);
  const end = alloc(16);
  memory.copy(at, first, 16);
  const least: u32 = isMapped(first) && isMapped(last) ? 96 : 0;
  while (compareAddresses(at, last) <= 0) {
    let ones: u32 = 128;
    while (ones > least) {
      const bit = ones - 1;
      if (((<u32>load<u8>(at + (bit >> 3)) >> (7 - (bit & 7))) & 1) != 0) break;
      memory.copy(end, at, 16);
      maskFrom(end, bit, true);
      if (compareAddresses(end, last) > 0) break;
      ones = bit;
    }
    addNetwork(result, at, ones);
    memory.copy(end, at, 16);
    maskFrom(end, ones, true);
    // One behind the end.
    let i: i32 = 15;
    for (; i >= 0; i--) {
      const n = <u32>load<u8>(end + i) + 1;
      store<u8>(end + i, <u8>n);
      if ((n & 255) != 0) break;
    }
    if (i < 0) return;
    memory.copy(at, end, 16);
  }
}

/** The fewest networks that hold the same addresses; networks that nothing joins stay as they are written. */
export function builtin_net_cidr_merge(list: u64): u64 {
  const tag = tagOf(list);
  if (tag != TAG_ARRAY && tag != TAG_SET) return builtinError("operand must be an array");
  const items = sortedItems(list);
  let count = countOf(list);
  const entries = alloc(<usize>count * 40);
  for (let i: u32 = 0; i < count; i++) {
    const net = networkOf(load<u64>(items + (<usize>i << 3)));
    if (net == 0) return UNDEFINED;
    const fresh = alloc(40);
    memory.copy(fresh, net, 16);
    memory.copy(fresh + LAST, net, 16);
    maskFrom(fresh, fullOnes(net), false);
    maskFrom(fresh + LAST, fullOnes(net), true);
    store<u64>(fresh + NETWORK, net);
    // In the order of last, then first addresses.
    let j = i;
    while (j > 0) {
      const before = entries + <usize>(j - 1) * 40;
      const c = compareAddresses(before + LAST, fresh + LAST);
      if (c < 0 || (c == 0 && compareAddresses(before, fresh) <= 0)) break;
      memory.copy(before + 40, before, 40);
      j--;
    }
    memory.copy(entries + <usize>j * 40, fresh, 40);
  }
  for (let i: i32 = <i32>count - 1; i > 0; i--) {
    const entry = entries + <usize>i * 40;
    const before = entry - 40;
    if (!reaches(before + LAST, entry)) continue;
    if (compareAddresses(entry, before) < 0) memory.copy(before, entry, 16);
    memory.copy(before + LAST, entry + LAST, 16);
    store<u64>(before + NETWORK, 0);
    memory.copy(entry, entry + 40, (<usize>count - <usize>i - 1) * 40);
    count--;
  }
  const result = makeSet(0);
  for (let i: u32 = 0; i < count; i++) {
    const entry = entries + <usize>i * 40;
    const net = <usize>load<u64>(entry + NETWORK);
    if (net != 0) addNetwork(result, net, fullOnes(net));
    else addRange(result, entry, entry + LAST);
  }
  return result;
}
