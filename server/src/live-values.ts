// What live evaluation found last, for hovers and lenses.
import type { LastDecision } from "#features/last-decision.ts";

export interface SampleCount {
  readonly passed: number;
  readonly failed: number;
}

export class LiveValues {
  readonly #decisions = new Map<string, ReadonlyMap<string, LastDecision>>();
  readonly #samples = new Map<string, ReadonlyMap<string, SampleCount>>();

  setDecisions(root: string, decisions: ReadonlyMap<string, LastDecision>): void {
    this.#decisions.set(root, new Map([...(this.#decisions.get(root) ?? []), ...decisions]));
  }

  /** Gives true when the counts are others than before. */
  setSamples(root: string, samples: ReadonlyMap<string, SampleCount>): boolean {
    const before = JSON.stringify([...(this.#samples.get(root) ?? [])]);
    this.#samples.set(root, samples);
    return before !== JSON.stringify([...samples]);
  }

  /** What a rule decided last. */
  decisionOf(root: string, path: string): LastDecision | undefined {
    return this.#decisions.get(root)?.get(path);
  }

  /** How many expected decisions about a rule hold. */
  samplesOf(root: string, path: string): SampleCount | undefined {
    return this.#samples.get(root)?.get(path);
  }
}
