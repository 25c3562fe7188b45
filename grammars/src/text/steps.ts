// Long work in steps: whoever must stay responsive does other things between them.

/** Work that pauses now and then; what it returns is its result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does all steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
