// Whether what the running command comes to follows from what it sees through its `Io` alone.

let varies = false;

/** A command begins, of which nothing is known yet. */
export function beginAnew(): void {
  varies = false;
}

/** Says that it does not: the same command may come to something else later, while all that it sees is the same. */
export function mayVary(): void {
  varies = true;
}

export function isVarying(): boolean {
  return varies;
}
