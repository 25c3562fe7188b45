// What a row of evaluations reached, all in one: what each came to, and for each step of the module the one that reached it most often.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { createInstance, type EvaluateOptions, type InstanceOptions, type StepCount } from "./instance.ts";
import { unheardCases } from "./test-cases.ts";

export interface TallyQuestion {
  readonly entrypoint: string;
  /** As JSON. */
  readonly input: string | undefined;
}

export interface Tally {
  /** Of each question. */
  readonly outcomes: readonly ("value" | "undefined" | "error")[];
  /** The steps that were reached. */
  readonly reached: readonly ReachedStep[];
  /** Of each step of the module, by all questions together. */
  readonly counts: readonly StepCount[];
}

export interface ReachedStep {
  /** Its number in the module. */
  readonly step: number;
  /** How often the question that reached it most often did. */
  readonly most: number;
  /** The number of that question. */
  readonly question: number;
}

/** Asks every question; the module was compiled with `coverageRequest`. A fault is one of the data. */
export function tally(
  module: EmittedModule,
  data: string | undefined,
  questions: readonly TallyQuestion[],
  options: InstanceOptions,
  evaluation: (question: number) => EvaluateOptions,
): Tally | { readonly fault: string } {
  const instance = createInstance(module, { ...options, builtins: unheardCases });
  const fault = instance.setData(data);
  if (fault !== undefined) return { fault: fault.message };
  const most = new Map<number, ReachedStep>();
  let before: readonly number[] = [];
  const outcomes = questions.map(({ entrypoint, input }, question) => {
    const outcome = instance.evaluate(entrypoint, input, evaluation(question));
    const counts = instance.counts().map(({ reached }) => reached);
    for (const [step, count] of counts.entries()) {
      const times = count - (before[step] ?? 0);
      if (times > (most.get(step)?.most ?? 0)) most.set(step, { step, most: times, question });
    }
    before = counts;
    if (outcome.kind === "error") return "error";
    return outcome.text.trim() === "[]" ? "undefined" : "value";
  });
  return { outcomes, reached: [...most.values()], counts: instance.counts() };
}
