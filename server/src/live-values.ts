// The last values that live evaluation found, for hovers and lenses.

export interface SampleCount {
  readonly passed: number;
  readonly failed: number;
}

export class LiveValues {
  readonly #values = new Map<string, ReadonlyMap<string, string>>();
  readonly #samples = new Map<string, ReadonlyMap<string, SampleCount>>();

  setValues(root: string, values: ReadonlyMap<string, string>): void {
    this.#values.set(root, new Map([...(this.#values.get(root) ?? []), ...values]));
  }

  /** Gives true when the counts are others than before. */
  setSamples(root: string, samples: ReadonlyMap<string, SampleCount>): boolean {
    const before = JSON.stringify([...(this.#samples.get(root) ?? [])]);
    this.#samples.set(root, samples);
    return before !== JSON.stringify([...samples]);
  }

  /** The value of a rule as indented JSON text. */
  valueOf(root: string, path: string): string | undefined {
    return this.#values.get(root)?.get(path);
  }

  /** How many expected decisions about a rule hold. */
  samplesOf(root: string, path: string): SampleCount | undefined {
    return this.#samples.get(root)?.get(path);
  }
}
