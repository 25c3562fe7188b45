// What a program is asked, and the answers of both sides.
import type { FuzzProgram } from "./program.ts";

/** A document below `data` for an input. */
export interface Question {
  readonly path: string;
  readonly input: string;
}

export type Answer =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "undefined" }
  | { readonly kind: "error"; readonly code: string; readonly message: string }
  | { readonly kind: "refused"; readonly message: string };

export type Answers = ReadonlyMap<Question, Answer>;

const known = new WeakMap<FuzzProgram, readonly Question[]>();

/** The package for every input, then its rules alone, since one that fails takes the others with it. */
export function questionsOf(one: FuzzProgram): readonly Question[] {
  const before = known.get(one);
  if (before !== undefined) return before;
  const whole = one.inputs.map((input) => ({ path: one.package, input }));
  const parts = one.rules.map((rule, at) => ({
    path: `${one.package}/${rule}`,
    input: one.inputs[at % one.inputs.length] ?? "{}",
  }));
  const all = [...whole, ...parts];
  known.set(one, all);
  return all;
}
