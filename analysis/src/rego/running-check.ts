// A check that is under way: anybody may do its steps.
import type { Steps } from "#grammars/text/steps.ts";
import type { Checked } from "./checked.ts";

/** A check in steps, whoever does them. One that failed fails in the same way whenever it is asked. */
export class RunningCheck {
  readonly #steps: Steps<Checked>;
  #checked: Checked | undefined;
  #failure: { readonly cause: unknown } | undefined;

  constructor(stepsOf: (running: RunningCheck) => Steps<Checked>) {
    this.#steps = stepsOf(this);
  }

  /** The steps that are left. */
  *steps(): Steps<Checked> {
    while (this.#checked === undefined) {
      const step = this.#next();
      if (step.done === true) this.#checked = step.value;
      else yield;
    }
    return this.#checked;
  }

  #next(): ReturnType<Steps<Checked>["next"]> {
    if (this.#failure !== undefined) throw this.#failure.cause;
    try {
      return this.#steps.next();
    } catch (cause) {
      this.#failure = { cause };
      throw cause;
    }
  }
}
