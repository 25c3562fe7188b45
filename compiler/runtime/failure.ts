// Builtin errors travel beside the value: the call gives UNDEFINED and the error is kept for whoever asks. In strict mode
// the first one ends the evaluation.

import { abortAt, alloc, copyBytes, heap_ptr } from "./memory";
import { textAddress, textByte, textBytes, textClose, textLength, textLiteral, textOpen, textStart } from "./text";
import { UNDEFINED, lengthOf, pointerOf } from "./word";

/** What kind of error a record holds. */
export const BUILTIN_ERROR: u32 = 1;
export const TYPE_ERROR: u32 = 2;
/** An error that ends the evaluation in both modes. */
export const HALT_ERROR: u32 = 3;

/** Site number of the call that is under way; generated code sets it before a call that can fail. */
export let call_site: u32 = 0;
let strict: bool = false;
// What stands before the texts of errors just now.
let prefix: string = "";
let first: usize = 0;
let last: usize = 0;
let count: u32 = 0;
// A loop over bad values need not fill the memory with the same complaint.
const KEPT: u32 = 10000;

export function resetFailures(): void {
  prefix = "";
  first = 0;
  last = 0;
  count = 0;
}

/** Which call is under way: a host builtin asks where it was called. */
export function rw_call_site(): u32 {
  return call_site;
}

export function rw_set_strict(on: bool): void {
  strict = on;
}

/** The host reports that the builtin it was called for failed; it then gives 0. Kinds as above; the text is UTF-8. */
export function rw_host_error(kind: u32, text: usize, length: usize): void {
  record(kind, text, length);
}

/** The first record or 0: +0 next, +4 kind, +8 site, +12 length, +16 address of the text. */
export function rw_first_error(): usize {
  return first;
}

export function record(kind: u32, text: usize, length: usize): void {
  count++;
  if (count <= KEPT || kind == HALT_ERROR) {
    const p = alloc(20 + length);
    store<u32>(p, 0);
    store<u32>(p, kind, 4);
    store<u32>(p, call_site, 8);
    store<u32>(p, <u32>length, 12);
    store<u32>(p, <u32>(p + 20), 16);
    copyBytes(p + 20, text, length);
    if (first == 0) first = p;
    else store<u32>(last, <u32>p);
    last = p;
  }
  if (strict || kind == HALT_ERROR) stop(kind);
}

// The host finds the details in the records; the text is for hosts that know only `opa_abort`.
function stop(kind: u32): void {
  const saved = textOpen();
  textLiteral(kind == TYPE_ERROR ? "eval_type_error: " : "eval_builtin_error: ");
  const p = last + 20;
  const length = load<u32>(last, 12);
  for (let i: u32 = 0; i < length; i++) {
    const c: u32 = load<u8>(p + i);
    textByte(c < 0x80 ? c : 63);
  }
  abortAt(textAddress(saved));
}

/** A builtin failed: notes the text (without location and name) and gives UNDEFINED to return. */
export function builtinError(text: string): u64 {
  const saved = textOpen();
  textLiteral(text);
  return closeError(BUILTIN_ERROR, saved);
}

/** As `builtinError`, for an operand of the wrong type: `operand 1 must be string but got number`. */
export function typeError(text: string): u64 {
  const saved = textOpen();
  textLiteral(text);
  return closeError(TYPE_ERROR, saved);
}

/** Notes the text that was written since `saved = textOpen()` as the error; for texts with variable parts. */
export function closeError(kind: u32, saved: usize): u64 {
  const from = textStart();
  const length = textLength();
  textClose(saved);
  if (prefix.length == 0) {
    record(kind, from, length);
    return UNDEFINED;
  }
  const text = alloc(length);
  copyBytes(text, from, length);
  const longer = textOpen();
  textLiteral(prefix);
  textBytes(text, length);
  record(kind, textStart(), textLength());
  textClose(longer);
  return UNDEFINED;
}

/** What the texts of errors begin with from now on, where one builtin calls another; empty to end that. */
export function errorsBegin(text: string): void {
  prefix = text;
}
