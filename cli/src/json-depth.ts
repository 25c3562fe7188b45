// How deep a document may nest where OPA reads its own JSON again.

/** Go's reader goes no deeper. */
const deepest = 10_000;

/** The bracket that opens the first level beyond what Go reads, in the order of the document. */
export function bracketBeyondDepth(value: unknown): "{" | "[" | undefined {
  const open: Iterator<unknown>[] = [];
  let next: unknown = value;
  for (;;) {
    if (typeof next === "object" && next !== null) {
      if (open.length === deepest) return Array.isArray(next) ? "[" : "{";
      open.push(Object.values(next)[Symbol.iterator]());
    }
    let step = open.at(-1)?.next();
    while (step?.done === true) {
      open.pop();
      step = open.at(-1)?.next();
    }
    if (step === undefined) return undefined;
    next = step.value;
  }
}
