// Marks of a plan: where an evaluation tells its host how far it is, so that its course can be retold in the order of OPA's interpreter.
import type { Body, Expr, Rule } from "#grammars/rego/ast.ts";

/** What is marked. */
export type Marked =
  /** A function begins: its result was not remembered. */
  | { readonly kind: "begin"; readonly path: readonly string[] }
  /** The index of the rules admits a rule, or one of its `else` branches. */
  | { readonly kind: "admit"; readonly rule: Rule; readonly branch: Rule }
  /** A rule or a branch is tried. */
  | { readonly kind: "enter"; readonly rule: Rule }
  /** A body inside an expression, or that of a query, is tried. */
  | { readonly kind: "query"; readonly of: InnerQuery; readonly body: Body; readonly around?: Expr }
  /** An expression of a body is tried. */
  | { readonly kind: "eval"; readonly expr: Expr; readonly index: number }
  /** All expressions of the body hold. */
  | { readonly kind: "end" }
  /** What a rule gives for keys that are asked is there already. */
  | { readonly kind: "duplicate" }
  /** A function of a package of which the whole document is asked: it gives nothing, but the index is asked for its rules. */
  | { readonly kind: "function"; readonly path: readonly string[] }
  /** A rule or a function is asked. The values are its arguments, `keys` those that the result stands at below the path. */
  | { readonly kind: "call"; readonly path: readonly string[]; readonly single: boolean; readonly keys: Keys }
  /** It has answered with the value. */
  | { readonly kind: "result" }
  /** A key of packages is followed, or has led to a package as a whole. */
  | { readonly kind: "key" }
  /** It has led somewhere. What follows is planned once, so this stands behind what was reached last: the result of a rule, or the key. */
  | { readonly kind: "found" };

/** Of arguments: all of them, none as there are none, or others than what the result is the value of. */
export type Keys = "all" | "none" | "other";

export type InnerQuery = "query" | "not" | "closure" | "domain" | "every" | "operand";

export type Mark = Marked & {
  readonly number: number;
  /** The mark behind which this one stands, but for "found": the one that came last when it is reached; -1 for the first of a function. */
  readonly parent: number;
  /** Index of the plan's files. */
  readonly file: number;
  /** What is told: values of its own, or the variables as they changed since the mark before it that told them. */
  readonly tells: "own" | "changes";
  /** The names of the values that are told. */
  readonly names: readonly string[];
  /** Of changes: the variables that have no value any more. */
  readonly gone: readonly string[];
};

/**
 * Between marks stands where a function goes on elsewhere with its first value, and where it comes back: a negative number, from that of
 * the mark where the function begins.
 */
export const leavesAt = (begin: number): number => -2 * begin - 1;
export const comesBackAt = (begin: number): number => -2 * begin - 2;

/** What is told behind this number is a rule that conflicts, evaluated again for all of its values. */
export const conflictsFromHere = 0x7fff_ffff;

/** What it gave behind the mark before this number differs from its first value: its definition is left. */
export const differsHere = 0x7fff_fffe;

/** What a number that is no mark's says. */
export function goingOf(number: number): { readonly begin: number; readonly isBack: boolean } | undefined {
  if (number >= 0) return undefined;
  const isBack = number % 2 === 0;
  return { begin: (isBack ? -number - 2 : -number - 1) / 2, isBack };
}
