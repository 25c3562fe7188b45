// Long work on the thread that answers requests lets the others have a turn.

/** Resolves when everything that waits has had its turn. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
