// The steps of an evaluation as one thread notes them for another, which has the trees to tell what they were.
import { STEP_REACH } from "#compiler/wasm/abi.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { createInstance, type Instance, type InstanceOptions } from "./instance.ts";
import { unheardCases } from "./test-cases.ts";

/** Step → the variables whose values are noted there. */
export type LookedAt = ReadonlyMap<number, readonly number[]>;

export interface HeardStep {
  readonly step: number;
  /** A STEP_ phase. */
  readonly phase: number;
  /** Variable → its value as Rego text. */
  readonly values?: ReadonlyMap<number, string>;
}

/** More steps, or more characters of values, are not noted: who would read them? */
const mostSteps = 100_000;
const mostCharacters = 20_000_000;

export interface Listening {
  readonly instance: Instance;
  /** What was heard since the last time; undefined when it was too much. */
  take(): readonly HeardStep[] | undefined;
}

/** An instance of a module watched by `events` that notes its steps. */
export function listenTo(module: EmittedModule, lookedAt: LookedAt, options: InstanceOptions): Listening {
  let heard: HeardStep[] = [];
  let characters = 0;
  const isFull = (): boolean => heard.length >= mostSteps || characters >= mostCharacters;
  const valuesAt = (step: number): ReadonlyMap<number, string> => {
    const values = new Map<number, string>();
    for (const index of lookedAt.get(step) ?? []) {
      const value = instance.variable(index);
      if (value === undefined) continue;
      values.set(index, value);
      characters += value.length;
    }
    return values;
  };
  const onStep = (step: number, phase: number): void => {
    if (isFull()) return;
    heard.push(phase === STEP_REACH && lookedAt.has(step) ? { step, phase, values: valuesAt(step) } : { step, phase });
  };
  const instance = createInstance(module, { ...options, onStep, builtins: unheardCases });
  const take = (): readonly HeardStep[] | undefined => {
    const steps = isFull() ? undefined : heard;
    heard = [];
    characters = 0;
    return steps;
  };
  return { instance, take };
}
