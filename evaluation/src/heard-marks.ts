// The marks that an evaluation reaches as one thread notes them for another, which has the trees to tell what they were.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { createInstance, type Instance, type InstanceOptions } from "./instance.ts";
import { unheardCases } from "./test-cases.ts";

/** How many values are noted at each mark. */
export type LookedAt = readonly number[];

export interface HeardMark {
  readonly mark: number;
  /** By their positions, as Rego text. */
  readonly values: ReadonlyMap<number, string>;
}

/** More marks, or more characters of values, are not noted: who would read them? */
const mostMarks = 100_000;
const mostCharacters = 20_000_000;

export interface Listening {
  readonly instance: Instance;
  /** What was heard since the last time; undefined when it was too much. */
  take(): readonly HeardMark[] | undefined;
}

/** An instance of a module compiled with `courseRequest` that notes its marks. */
export function listenTo(module: EmittedModule, lookedAt: LookedAt, options: InstanceOptions): Listening {
  let heard: HeardMark[] = [];
  let characters = 0;
  const isFull = (): boolean => heard.length >= mostMarks || characters >= mostCharacters;
  const valuesAt = (mark: number): ReadonlyMap<number, string> => {
    const values = new Map<number, string>();
    for (let index = 0; index < (lookedAt[mark] ?? 0); index++) {
      const value = instance.variable(index);
      if (value === undefined) continue;
      values.set(index, value);
      characters += value.length;
    }
    return values;
  };
  const onMark = (mark: number): void => {
    if (!isFull()) heard.push({ mark, values: valuesAt(mark) });
  };
  const instance = createInstance(module, { ...options, onMark, builtins: unheardCases });
  const take = (): readonly HeardMark[] | undefined => {
    const marks = isFull() ? undefined : heard;
    heard = [];
    characters = 0;
    return marks;
  };
  return { instance, take };
}
