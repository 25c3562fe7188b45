// Long work on the thread that answers requests lets the others have a turn.

/** Resolves when everything that waits has had its turn. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Steps of a long loop between which the others have their turns. */
export class Pace {
  private left: number;
  private readonly stretch: number;

  constructor(stretch = 2000) {
    this.stretch = stretch;
    this.left = stretch;
  }

  /** A breath now and then; nothing to wait for otherwise. */
  step(): Promise<void> | undefined {
    if (--this.left > 0) return undefined;
    this.left = this.stretch;
    return breath();
  }
}
