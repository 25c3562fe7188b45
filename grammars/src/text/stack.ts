// How deep nested text may be that is walked by recursion: as deep as the stack of the thread takes.

/** Megabytes of stack of a thread that calls `useLargeStack`; only what is used of them takes memory. */
export const largeStackMegabytes = 1024;

/** Ends work that can be done again on a thread with a large stack. */
export class StackTooSmall extends Error {}

let large = false;
let isRepeatable = false;

/** Said once, by a thread that was started with `largeStackMegabytes`. */
export function useLargeStack(): void {
  large = true;
}

/** Said once, by a program that waits for `StackTooSmall` to do its work again on a thread with a large stack. */
export function repeatOnLargeStack(): void {
  isRepeatable = true;
}

/** One of two limits, by the stack of this thread. */
export function byStack(ordinary: number, onLargeStack: number): number {
  return large ? onLargeStack : ordinary;
}

/** To be called before text is refused that a large stack might take. */
export function stackIsTooSmall(): void {
  if (isRepeatable && !large) throw new StackTooSmall();
}

/** True for the error of an engine whose stack is full. */
export function isStackOverflow(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message.includes("call stack");
}
