// What hosts call: OPA's Wasm ABI 1.3 except the functions that know the policy (`eval`, `opa_eval`, `builtins`,
// `entrypoints`), which the linker generates. A value address is a box: eight bytes that hold the value's word.

import { abortAt, abortWith, alloc, heap_ptr, resetStack, setHeap } from "./memory";
import { UNDEFINED } from "./word";
import { parseJson, parseRego, refusedNumber, tooDeep } from "./json-read";
import { limitText } from "./number-limits";
import { textExchange, textJson, textUnwritable, unwritable } from "./json-write";
import { textAddress, textByte, textLength, textOpen } from "./text";
import { removePath, addPath } from "./path";
import { noteLoaded } from "./base-document";

export function opa_malloc(size: usize): usize {
  return alloc(size);
}

// The arena drops everything at once; freeing anything at all is allowed and does nothing.
export function opa_free(address: usize): void {}
export function opa_value_free(address: usize): void {}
export function opa_heap_blocks_stash(): void {}
export function opa_heap_blocks_restore(): void {}
export function opa_heap_stash_clear(): void {}

export function opa_heap_ptr_get(): usize {
  return heap_ptr;
}

export function opa_heap_ptr_set(address: usize): void {
  setHeap(address);
}

export function box(word: u64): usize {
  if (word == UNDEFINED) return 0;
  const p = alloc(8);
  store<u64>(p, word);
  return p;
}

@inline
export function unbox(address: usize): u64 {
  return address == 0 ? UNDEFINED : load<u64>(address);
}

export function opa_json_parse(address: usize, length: usize): usize {
  resetStack();
  return box(parseJson(address, length));
}

export function opa_value_parse(address: usize, length: usize): usize {
  resetStack();
  return box(parseRego(address, length));
}

// Bytes of the text that the last dump wrote, without its NUL.
let dumped: usize = 0;

/** Length of the last dumped text: saves our own host the search for its end. */
export function rw_dump_length(): usize {
  return dumped;
}

export function opa_json_dump(address: usize): usize {
  const saved = textOpen();
  textJson(unbox(address));
  dumped = textLength();
  return textAddress(saved);
}

export function opa_value_dump(address: usize): usize {
  const saved = textOpen();
  textExchange(unbox(address));
  dumped = textLength();
  return textAddress(saved);
}

export function opa_value_add_path(data: usize, path: usize, value: usize): u32 {
  resetStack();
  return addPath(data, unbox(path), unbox(value));
}

export function opa_value_remove_path(data: usize, path: usize): u32 {
  resetStack();
  return removePath(data, unbox(path));
}

// ---- evaluation contexts (the older way to evaluate)

export function opa_eval_ctx_new(): usize {
  noteLoaded(heap_ptr);
  const p = alloc(16);
  store<u64>(p, 0);
  store<u64>(p, 0, 8);
  return p;
}

export function opa_eval_ctx_set_input(ctx: usize, value: usize): void {
  store<u32>(ctx, <u32>value);
}

export function opa_eval_ctx_set_data(ctx: usize, value: usize): void {
  store<u32>(ctx, <u32>value, 4);
}

export function opa_eval_ctx_get_result(ctx: usize): usize {
  return load<u32>(ctx, 8);
}

export function opa_eval_ctx_set_entrypoint(ctx: usize, entrypoint: u32): void {
  store<u32>(ctx, entrypoint, 12);
}

/** The input of `opa_eval`: no text or a text that is no value is an undefined input. */
export function rt_read_input(address: usize, length: usize, heap: usize): u64 {
  setHeap(heap);
  noteLoaded(heap);
  if (length == 0) return UNDEFINED;
  const v = parseRego(address, length);
  if (v == UNDEFINED && tooDeep) abortWith("input is nested deeper than 10000 levels");
  rw_refuse_numbers();
  return v;
}

/** Ends with the words for a number of the last text that OPA does not read. */
export function rw_refuse_numbers(): void {
  if (refusedNumber != 0) abortWith(limitText(refusedNumber));
}

/** Ends with the words for a number that JSON cannot write. */
function refuseResult(): void {
  const saved = textOpen();
  textUnwritable();
  textByte(0);
  abortAt(textAddress(saved));
}

/** The answer of `opa_eval`: the result set as JSON (format 0) or as Rego text. */
export function rt_write_result(result: u64, format: u32): usize {
  const saved = textOpen();
  if (format == 0) {
    textJson(result);
    if (unwritable != 0) refuseResult();
  } else {
    textExchange(result);
  }
  dumped = textLength();
  return textAddress(saved);
}
