// What live evaluation found last, for hovers and lenses.
import type { LastDecision } from "#features/last-decision.ts";
import type { LiveParams } from "#protocol/messages.ts";

export interface SampleCount {
  readonly passed: number;
  readonly failed: number;
}

export class LiveValues {
  readonly #decisions = new Map<string, ReadonlyMap<string, LastDecision>>();
  readonly #samples = new Map<string, ReadonlyMap<string, SampleCount>>();

  readonly #live = new Map<string, LiveParams>();

  setDecisions(root: string, decisions: ReadonlyMap<string, LastDecision>): void {
    this.#decisions.set(root, new Map([...(this.#decisions.get(root) ?? []), ...decisions]));
  }

  /** What is told of a policy; gives true when its decisions read otherwise than before. */
  setLive(path: string, live: LiveParams): boolean {
    const before = this.#live.get(path);
    this.#live.set(path, live);
    return shownOf(before) !== shownOf(live);
  }

  liveOf(path: string): LiveParams | undefined {
    return this.#live.get(path);
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

function shownOf(live: LiveParams | undefined): string {
  return JSON.stringify([live?.stale, live?.sample, live?.rules.map(({ path, text, expected }) => [path, text, expected])]);
}
