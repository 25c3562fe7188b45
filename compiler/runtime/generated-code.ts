// What generated code calls, under names that the emitter looks up: `rt_...`. Functions that only pass on to a collection
// function exist because exports with optional arguments cannot be linked.

import { abortAt, abortWith, alloc, askWith, resetStack } from "./memory";
import {
  TAG_ARRAY, TAG_BOOLEAN, TAG_INTEGER, TAG_NUMBER, TAG_STRING, UNDEFINED, isArray, isObject, isSet, lengthOf, smallInteger, tagOf,
} from "./word";
import {
  arrayAppend, arrayAt, countOf, inOrder, keyAt, lookup, lookupString, makeArray, makeObject, makeSet, objectGet, objectPut, objectPutNew, setAdd, setAt, setHas, setWithOrder,
  sortedItems, valueAt, withoutOrder,
} from "./collection";
import { compare, equal } from "./compare";
import { box, unbox } from "./abi";
import { resetFailures } from "./failure";
import { textAddress, textByte, textLiteral, textOpen, textRoom, textAdvance } from "./text";
import { unusual_spellings, writeInteger } from "./number";

@external("env", "opa_builtin0")
declare function opa_builtin0(id: i32, ctx: i32): usize;
@external("env", "opa_builtin1")
declare function opa_builtin1(id: i32, ctx: i32, a: usize): usize;
@external("env", "opa_builtin2")
declare function opa_builtin2(id: i32, ctx: i32, a: usize, b: usize): usize;
@external("env", "opa_builtin3")
declare function opa_builtin3(id: i32, ctx: i32, a: usize, b: usize, c: usize): usize;
@external("env", "opa_builtin4")
declare function opa_builtin4(id: i32, ctx: i32, a: usize, b: usize, c: usize, d: usize): usize;

/** Slots of the rules' results in the scope of the innermost `with`; 0 not computed, MEMO_UNDEFINED computed and undefined. */
export let memo_base: usize = 0;

/** Counts evaluations: what was kept in the arena during another one is gone. */
export let evaluation_number: u32 = 0;

/** What the function that is called now goes on with at its first value: a slot of the table, counted from 1, and the room of that part. */
export let next_slot: u32 = 0;
export let next_room: usize = 0;

/** Room for what a part of a function takes and leaves. */
export function rt_room(bytes: u32): usize {
  const p = alloc(bytes);
  store<u64>(p, UNDEFINED, 0);
  store<u32>(p, 0, 8);
  return p;
}

/** Starts an evaluation: `slots` rules have no result yet, no error was noted, nothing conflicted. */
export function rt_begin(slots: u32): void {
  evaluation_number++;
  resetStack();
  resetFailures();
  conflict_old = UNDEFINED;
  conflict_new = UNDEFINED;
  collected = UNDEFINED;
  next_slot = 0;
  memo_base = rt_memo_new(slots);
}

/** A fresh memo table, for the scope of a `with`. */
export function rt_memo_new(slots: u32): usize {
  const bytes = <usize>slots << 3;
  const p = alloc(bytes);
  memory.fill(p, 0, bytes);
  return p;
}

// ---- results of functions, by arguments

/**
 * What the results of a call are kept under. A collection stands for itself alone: to compare it with others costs more the larger it
 * is. Small ones are compared where numbers in them may be spelled differently.
 */
export function rt_key1(a: u64): u64 {
  if (tagOf(a) < TAG_ARRAY) return a;
  return load<u32>(unusual_spellings) != 0 && hasNumber(a) ? a : itself(a);
}

export function rt_key2(a: u64, b: u64): u64 {
  const key = makeArray(2);
  arrayAppend(key, rt_key1(a));
  arrayAppend(key, rt_key1(b));
  return key;
}

export function rt_key3(a: u64, b: u64, c: u64): u64 {
  const key = makeArray(3);
  arrayAppend(key, rt_key1(a));
  arrayAppend(key, rt_key1(b));
  arrayAppend(key, rt_key1(c));
  return key;
}

// A word that no value has, by the collection's address: nothing that was a value in an evaluation is overwritten in it.
@inline
function itself(collection: u64): u64 {
  return (collection & ~0xffffffff) | 0x100 | TAG_BOOLEAN;
}

// What costs less to run than to look up is kept for numbers alone and small collections of them, and only where equal ones may be
// spelled differently: OPA gives what the first of them gave.

const mostCompared: u32 = 32;
let compared: u32 = 0;

/** True for numbers and for collections that have some, up to a size. */
function hasNumber(v: u64): bool {
  compared = 0;
  return numberIn(v) && compared <= mostCompared;
}

function numberIn(v: u64): bool {
  const tag = tagOf(v);
  if (tag < TAG_ARRAY) return tag == TAG_INTEGER || tag == TAG_NUMBER;
  const count = countOf(v);
  compared += count;
  if (compared > mostCompared) return true;
  let found = false;
  for (let i: u32 = 0; i < count; i++) {
    if (isArray(v)) found = numberIn(arrayAt(v, i)) || found;
    else if (isSet(v)) found = numberIn(setAt(v, i)) || found;
    else {
      found = numberIn(keyAt(v, i)) || found;
      found = numberIn(valueAt(v, i)) || found;
    }
  }
  return found;
}

export function rt_number_key1(a: u64): u64 {
  return hasNumber(a) ? a : UNDEFINED;
}

export function rt_number_key2(a: u64, b: u64): u64 {
  return (rt_number_key1(a) | rt_number_key1(b)) == UNDEFINED ? UNDEFINED : rt_key2(a, b);
}

export function rt_number_key3(a: u64, b: u64, c: u64): u64 {
  return (rt_number_key1(a) | rt_number_key1(b) | rt_number_key1(c)) == UNDEFINED ? UNDEFINED : rt_key3(a, b, c);
}

/** The kept result, or UNDEFINED; a key that is UNDEFINED keeps nothing. */
export function rt_recall(slot: u32, key: u64): u64 {
  const known = load<u64>(memo_base + (<usize>slot << 3));
  return known == 0 || key == UNDEFINED ? UNDEFINED : objectGet(known, key);
}

export function rt_remember(slot: u32, key: u64, result: u64): void {
  if (key == UNDEFINED || result == UNDEFINED) return;
  const at = memo_base + (<usize>slot << 3);
  let known = load<u64>(at);
  if (known == 0) {
    known = makeObject(0);
    store<u64>(at, known);
  }
  objectPut(known, key, result);
}

export function rt_lookup(v: u64, key: u64): u64 {
  return lookup(v, key);
}

/** `v[key]` for a constant string: its hash is known. */
export function rt_field(v: u64, key: u64, h: u64): u64 {
  return lookupString(v, key, h);
}

export function rt_equal(a: u64, b: u64): bool {
  return equal(a, b);
}

export function rt_compare(a: u64, b: u64): i32 {
  if ((((<u32>a ^ TAG_INTEGER) | (<u32>b ^ TAG_INTEGER)) & 15) == 0) {
    return i32(<i64>a > <i64>b) - i32(<i64>a < <i64>b);
  }
  return compare(a, b);
}

export function rt_array(capacity: u32): u64 {
  return makeArray(capacity);
}

export function rt_object(): u64 {
  return makeObject(0);
}

export function rt_set(): u64 {
  return makeSet(0);
}

export function rt_array_append(array: u64, value: u64): void {
  arrayAppend(array, value);
}

export function rt_set_add(set: u64, value: u64): void {
  setAdd(set, value);
}

export function rt_object_insert(object: u64, key: u64, value: u64): void {
  objectPut(object, key, value);
}

/** What `Len` counts: elements, members, keys, bytes. */
export function rt_length(v: u64): u64 {
  const tag = tagOf(v);
  if (tag >= TAG_ARRAY) return smallInteger(countOf(v));
  return smallInteger(tag == TAG_STRING ? lengthOf(v) : 0);
}

/** Where iteration over the value begins, in order; scalars have nothing to iterate. */
export function rt_scan_items(v: u64): usize {
  return tagOf(v) >= TAG_ARRAY ? sortedItems(inOrder(v)) : 0;
}

export function rt_scan_count(v: u64): u32 {
  return tagOf(v) >= TAG_ARRAY ? countOf(inOrder(v)) : 0;
}

/** A set that its first reader goes through as it was written. */
export function rt_as_written(set: u64, order: u64): u64 {
  return setWithOrder(set, order);
}

/** What stays of a value where OPA has put values for all variables. */
export function rt_plain(v: u64): u64 {
  return withoutOrder(v);
}

// ---- conflicts

/** Which rule or object conflicted, and the two values: what OPA's full message says. */
export let conflict_site: u32 = 0;
export let conflict_old: u64 = 0;
export let conflict_new: u64 = 0;

function conflict(site: u32, file: usize, row: u32, column: u32, what: string): void {
  conflict_site = site;
  const saved = textOpen();
  for (let p = file; load<u8>(p) != 0; p++) textByte(load<u8>(p));
  textByte(58);
  textAdvance(writeInteger(textRoom(24), row));
  textByte(58);
  textAdvance(writeInteger(textRoom(24), column));
  textLiteral(what);
  abortAt(textAddress(saved));
}

/** The sites of the rule whose conflicting values are collected, if any; see abi.ts. */
let collect_from: u32 = 0;
let collect_count: u32 = 0;
/** What it gave in the call that conflicts: site, value, site, value. */
let collected: u64 = 0;

export function rw_collect_conflicts(from: u32, count: u32): void {
  collect_from = from;
  collect_count = count;
}

export function rw_collected(): usize {
  return box(collected);
}

export function rt_collects(site: u32): bool {
  return site - collect_from < collect_count;
}

/** True while the values of any rule are collected. */
export function rt_collecting(): bool {
  return collect_count != 0;
}

/** Notes the first value of a call; ends when a call before it gave several. */
function collectFirst(site: u32, value: u64): void {
  if (collected != UNDEFINED && countOf(collected) > 2) abortWith("conflicting values collected");
  collected = makeArray(4);
  collectValue(site, value);
}

function collectValue(site: u32, value: u64): void {
  arrayAppend(collected, smallInteger(site));
  arrayAppend(collected, value);
}

/** A rule gave a second value: fine when it equals the first, whose spelling stays. */
export function rt_assign_once(old: u64, value: u64, site: u32, file: usize, row: u32, column: u32): u64 {
  const collects = rt_collects(site);
  if (old == UNDEFINED) {
    if (collects) collectFirst(site, value);
    return value;
  }
  if (old == value) return value;
  if (!equal(old, value)) {
    if (collects) {
      collectValue(site, value);
      return old;
    }
    conflict_old = old;
    conflict_new = value;
    conflict(site, file, row, column, ": var assignment conflict");
  }
  return old;
}

export function rt_object_insert_once(object: u64, key: u64, value: u64, site: u32, file: usize, row: u32, column: u32): void {
  const old = objectPutNew(object, key, value);
  if (old != UNDEFINED && old != value && !equal(old, value)) {
    conflict_old = old;
    conflict_new = value;
    conflict(site, file, row, column, ": object insert conflict");
  }
}

/** A document is to be replaced where none can be. */
export function rt_bad_path(site: u32, file: usize, row: u32, column: u32): void {
  conflict(site, file, row, column, ": bad document path");
}

export function rw_conflict_site(): u32 {
  return conflict_site;
}

/** The value that was there first, boxed; 0 when nothing conflicted. */
export function rw_conflict_old(): usize {
  return box(conflict_old);
}

export function rw_conflict_new(): usize {
  return box(conflict_new);
}

// ---- host builtins

export function rt_host0(id: u32): u64 {
  return unbox(opa_builtin0(id, 0));
}

export function rt_host1(id: u32, a: u64): u64 {
  return unbox(opa_builtin1(id, 0, box(a)));
}

export function rt_host2(id: u32, a: u64, b: u64): u64 {
  return unbox(opa_builtin2(id, 0, box(a), box(b)));
}

export function rt_host3(id: u32, a: u64, b: u64, c: u64): u64 {
  return unbox(opa_builtin3(id, 0, box(a), box(b), box(c)));
}

export function rt_host4(id: u32, a: u64, b: u64, c: u64, d: u64): u64 {
  return unbox(opa_builtin4(id, 0, box(a), box(b), box(c), box(d)));
}

// ---- membership, which generated code uses for `in`

export function rt_member(member: u64, collection: u64): bool {
  if (isSet(collection)) return setHas(collection, member);
  const count = rt_scan_count(collection);
  if (isArray(collection)) {
    for (let i: u32 = 0; i < count; i++) {
      if (equal(arrayAt(collection, i), member)) return true;
    }
  } else if (isObject(collection)) {
    const items = sortedItems(collection);
    for (let i: u32 = 0; i < count; i++) {
      if (equal(load<u64>(items + (<usize>i << 4), 8), member)) return true;
    }
  }
  return false;
}

export function rt_member_at(key: u64, member: u64, collection: u64): bool {
  const found = lookup(collection, key);
  return found != UNDEFINED && equal(found, member);
}

export function rt_box(word: u64): usize {
  return box(word);
}

export function rt_unbox(address: usize): u64 {
  return unbox(address);
}

// ---- steps, in modules that are built to be watched

@external("env", "rw_mark")
declare function rw_mark(mark: u32): void;

export function rt_mark(mark: u32): void {
  rw_mark(mark);
}

// ---- limits and aborts

/** What an editor build counts down; see compiler/src/wasm/abi.ts. */
export let fuel: i64 = 0x7fffffffffffffff;

export function rw_set_fuel(amount: i64): void {
  fuel = amount;
}

export function rw_fuel(): i64 {
  return fuel;
}

export function rt_illegal_entrypoint(): void {
  abortWith("internal: illegal entrypoint id");
}

export function rt_invalid_reserved(): void {
  abortWith("invalid reserved argument");
}

export function rt_out_of_fuel(): void {
  // A host that gives more fuel and returns wants the evaluation to go on.
  askWith("evaluation limit reached");
  if (fuel < 0) unreachable();
}

/** A step of a builtin whose steps grow with a number that it is given. */
export function spendFuel(): void {
  if (--fuel < 0) rt_out_of_fuel();
}

/** The function index under `path` in a constant trie of objects, whose leaves are integers; -1 when there is none. */
export function rt_find_function(trie: u64, path: u64): i32 {
  const count = countOf(path);
  let node = trie;
  for (let i: u32 = 0; i < count; i++) {
    node = objectGet(node, arrayAt(path, i));
    if (node == UNDEFINED) return -1;
    if (!isObject(node)) return i == count - 1 ? <i32>(<i64>node >> 4) : -1;
  }
  return -1;
}
