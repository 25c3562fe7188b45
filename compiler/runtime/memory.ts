// The arena: values grow up from the heap pointer and are dropped all at once by the next evaluation; scratch stacks grow
// down from the end of memory. When they meet, memory grows and the stack moves up.

@external("env", "opa_abort")
declare function opa_abort(message: usize): void;

/** The text with which an evaluation ends that needs more memory than there is; hosts know it. */
export const NO_MEMORY = "opa_malloc: failed";

// Readers step over the end of a text by up to 16 bytes.
const SLACK: usize = 64;

/** Where the constants of the module end; the linker sets it. */
export let heap_base: usize = 0;
/** First free byte; the linker sets it behind the constants. */
export let heap_ptr: usize = 0;
// First byte that the arena may not take: the lowest used byte of the stack.
let limit: usize = 0;
let stackTop: usize = 0;

@inline
function align8(p: usize): usize {
  return (p + 7) & ~7;
}

// 65,536 pages would wrap to 0.
function memoryEnd(): usize {
  const pages = <usize>memory.size();
  if (pages >= 65536) return 0xffffffff - SLACK;
  return (pages << 16) - SLACK;
}

/** `size` bytes, 8-aligned, contents undefined. Never freed before the end of the evaluation. */
export function alloc(size: usize): usize {
  const p = align8(heap_ptr);
  const end = p + size;
  if (end > limit || end < p) makeRoom(end, p);
  heap_ptr = end;
  return p;
}

// Makes the arena reach `end` without touching the stack.
function makeRoom(end: usize, from: usize): void {
  const used = stackTop - limit;
  const need = <u64>end + used;
  if (end < from || need > 0xffff0000) abortWith(NO_MEMORY);
  if (need > memoryEnd()) {
    const pages = <u64>memory.size();
    const missing = ((need + SLACK + 0xffff) >> 16) - pages;
    let more = missing;
    const quarter = pages >> 2;
    if (more < quarter) more = quarter;
    if (more < 16) more = 16;
    if (pages + more > 65536) more = 65536 - pages;
    if (memory.grow(<i32>more) < 0 && memory.grow(<i32>missing) < 0) abortWith(NO_MEMORY);
  }
  const top = memoryEnd();
  if (used > 0) memory.copy(top - used, limit, used);
  stackTop = top;
  limit = top - used;
}

/** Grows memory until `end` and the slack behind it exist (the host may have put a text at the very end). */
export function requireMemory(end: usize): void {
  if (end > limit) makeRoom(end, heap_ptr);
}

/** Takes `size` bytes (a multiple of 8) of the stack; any `alloc` or `push` may move them, so hold them by `depth()`. */
export function push(size: usize): usize {
  if (limit - heap_ptr < size + SLACK || limit < heap_ptr) makeRoom(align8(heap_ptr) + size + SLACK, heap_ptr);
  limit -= size;
  return limit;
}

@inline
export function pop(size: usize): void {
  limit += size;
}

/** Bytes on the stack: a position that stays valid when the stack moves. */
@inline
export function depth(): usize {
  return stackTop - limit;
}

/** The address of the stack item that was pushed when `depth()` became `position`. */
@inline
export function stackAt(position: usize): usize {
  return stackTop - position;
}

@inline
export function unwind(position: usize): void {
  limit = stackTop - position;
}

// ---- for a loop that keeps the lowest used byte of the stack itself, `top`, and sets it before anything else may move the stack

@inline
export function setStack(top: usize): void {
  limit = top;
}

@inline
export function depthAt(top: usize): usize {
  return stackTop - top;
}

/** Above this place there is room for one more word, until the next allocation. */
@inline
export function stackFloor(): usize {
  return heap_ptr + SLACK + 16;
}

/** Where the stack ends when there is room for more of it. */
export function stackRoom(top: usize): usize {
  limit = top;
  makeRoom(align8(heap_ptr) + SLACK + 24, heap_ptr);
  return limit;
}

/** Drops the stack that an aborted call may have left, and sees memory that the host has added. */
export function resetStack(): void {
  stackTop = memoryEnd();
  limit = stackTop;
}

export function setHeap(p: usize): void {
  heap_ptr = p;
  resetStack();
}

/** Makes sure that nothing is allocated over the text at `from`..`end` when it lies at the heap pointer. */
export function setHeapBehind(from: usize, end: usize): void {
  if (heap_ptr >= from && heap_ptr < end) heap_ptr = end;
}

/** Gives the newest block another size where it lies, if it is still the newest. */
export function extendInPlace(block: usize, oldEnd: usize, newEnd: usize): bool {
  if (heap_ptr != oldEnd || newEnd < block) return false;
  if (newEnd > limit) makeRoom(newEnd, block);
  heap_ptr = newEnd;
  return true;
}

/** Releases scratch memory: everything allocated since `mark` was read from `heap_ptr`. */
@inline
export function release(mark: usize): void {
  heap_ptr = mark;
}

/** Copies bytes; short runs are faster by hand than by the bulk instruction. */
export function copyBytes(to: usize, from: usize, length: usize): void {
  if (length > 128) {
    memory.copy(to, from, length);
    return;
  }
  let i: usize = 0;
  while (i + 8 <= length) {
    store<u64>(to + i, load<u64>(from + i));
    i += 8;
  }
  while (i < length) {
    store<u8>(to + i, load<u8>(from + i));
    i++;
  }
}

/** Ends the evaluation with an ASCII text; never returns. */
export function abortAt(message: usize): void {
  opa_abort(message);
  unreachable();
}

/** Ends the evaluation with a literal ASCII text; never returns. */
export function abortWith(text: string): void {
  askWith(text);
  unreachable();
}

/** Tells the host why the evaluation should end; returns when the host wants it to go on. */
export function askWith(text: string): void {
  // There may be no room to allocate. A short text, such as a question that lets the evaluation go on, fits into the slack, where no
  // values lie; a longer one ends the evaluation and is written over what lies before.
  const source = changetype<usize>(text);
  const length = <usize>text.length;
  const to = length < SLACK ? memoryEnd() : memoryEnd() - 256;
  for (let i: usize = 0; i < length && i < 255; i++) store<u8>(to + i, load<u16>(source + (i << 1)));
  store<u8>(to + length, 0);
  opa_abort(to);
}
