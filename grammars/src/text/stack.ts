// How deep nested text may be that is walked by recursion: as deep as the stack of the thread takes.

/** Megabytes of stack of a thread that calls `useLargeStack`; only what is used of them takes memory. */
export const largeStackMegabytes = 1024;

let large = false;
let whenTooSmall: () => void = () => {};

/** Said once, by a thread that was started with `largeStackMegabytes`. */
export function useLargeStack(): void {
  large = true;
}

/** A program that can do its work again on a thread with a large stack says here how: by throwing what it waits for. */
export function onStackTooSmall(act: () => never): void {
  whenTooSmall = act;
}

/** One of two limits, by the stack of this thread. */
export function byStack(ordinary: number, onLargeStack: number): number {
  return large ? onLargeStack : ordinary;
}

/** To be called before text is refused that a large stack might take. */
export function stackIsTooSmall(): void {
  if (!large) whenTooSmall();
}
