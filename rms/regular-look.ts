// Looks at what is due, again and again, one look at a time.

interface Looking {
  /** Milliseconds between two looks. */
  readonly every: number;
  look(): Promise<void>;
  failed(error: unknown): void;
}

/** Begins to look; gives the way to end that: from then on no look begins, and the last one is over when it resolves. */
export function lookRegularly({ every, look, failed }: Looking): () => Promise<void> {
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look()
      .catch(failed)
      .finally(() => {
        looking = undefined;
      });
  }, every);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
