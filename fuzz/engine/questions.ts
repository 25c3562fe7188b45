// What a program is asked, and the answers of both sides.
import type { FuzzProgram } from "./program.ts";

/** A document below `data` for an input. */
export interface Question {
  readonly path: string;
  readonly input: string;
  /** The first error of a builtin ends the evaluation. */
  readonly strict: boolean;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  /** Module, row and column. */
  readonly place: string;
}

/** Lines with module and row; undefined where nobody says. */
export type Prints = readonly string[] | undefined;

export type Answer =
  | ({ readonly kind: "error"; readonly prints: Prints } & Fault)
  /** With what builtins complained of; undefined where nobody says. */
  | {
      readonly kind: "value";
      readonly text: string;
      readonly builtinErrors: readonly Fault[] | undefined;
      readonly prints: Prints;
    }
  | { readonly kind: "undefined"; readonly builtinErrors: readonly Fault[] | undefined; readonly prints: Prints }
  | { readonly kind: "refused"; readonly message: string };

export type Answers = ReadonlyMap<Question, Answer>;

const known = new WeakMap<FuzzProgram, readonly Question[]>();

/** The package for every input, then its rules alone, since one that fails takes the others with it, in both modes. */
export function questionsOf(one: FuzzProgram): readonly Question[] {
  const before = known.get(one);
  if (before !== undefined) return before;
  const whole = one.inputs.map((input) => ({ path: one.package, input, strict: false }));
  const parts = one.rules.flatMap((rule, at) => {
    const asked = { path: `${one.package}/${rule}`, input: one.inputs[at % one.inputs.length] ?? "{}" };
    return [false, true].map((strict) => ({ ...asked, strict }));
  });
  const all = [...whole, ...parts];
  known.set(one, all);
  return all;
}
