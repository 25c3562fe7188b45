// The evaluations that coverage takes: one whose steps are counted, and the same once more without OPA's rule index and early exits.
import type { Checked } from "#analysis/rego/checked.ts";
import type { CompileRequest } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { type Counted, type Coverage, type CoverageKind, coverageOf, coverageRequest } from "./coverage.ts";
import type { EvaluationError, Instance, Outcome } from "./instance.ts";

export interface Running {
  readonly module: EmittedModule;
  readonly instance: Instance;
}

export class CoverageRuns {
  readonly #checked: Checked;
  readonly #base: Running | undefined;
  readonly #kinds = new Map<CoverageKind, Running>();
  readonly #repeated: readonly Running[];

  /**
   * `checked` has marked heads. `base` was compiled with `coverageRequest()` and is evaluated by its owner; without one it is
   * made and evaluated like those of the kinds.
   */
  constructor(
    checked: Checked,
    kinds: readonly CoverageKind[],
    make: (request: Partial<CompileRequest>) => Running | undefined,
    base?: Running,
  ) {
    this.#checked = checked;
    this.#base = base ?? make(coverageRequest());
    for (const kind of kinds) {
      const made = make(coverageRequest(kind));
      if (made !== undefined) this.#kinds.set(kind, made);
    }
    this.#repeated = [...(base === undefined && this.#base !== undefined ? [this.#base] : []), ...this.#kinds.values()];
  }

  /** Evaluates what the owner has evaluated, for its counts alone; what ends that without early exits is given back. */
  repeat(evaluate: (instance: Instance) => Outcome): EvaluationError | undefined {
    let ended: EvaluationError | undefined;
    const all = this.#kinds.get("early_exit");
    for (const running of this.#repeated) {
      const outcome = evaluate(running.instance);
      if (running === all && outcome.kind === "error") ended = outcome.error;
    }
    return ended;
  }

  report(): Coverage | undefined {
    if (this.#base === undefined) return undefined;
    const kinds = [...this.#kinds].map(([kind, running]) => [kind, countedOf(running)] as const);
    return coverageOf(this.#checked, countedOf(this.#base), new Map(kinds));
  }
}

function countedOf({ module, instance }: Running): Counted {
  return { module, counts: instance.counts() };
}
