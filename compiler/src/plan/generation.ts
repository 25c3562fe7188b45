// The documents and functions that `with` has replaced: what is planned under other replacements is another function.

import type { Ref } from "#grammars/rego/ast.ts";

/** OPA keeps `data.system` for itself: who takes all of `data`, or goes through it, does not see it unless `with` has put it there. */
export const systemDocument = "system";

/** A mocked function: another function by name, a value, or a document that is looked up when the function is called. */
export type Mock =
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "value"; readonly slot: number }
  | { readonly kind: "document"; readonly name: string; readonly ref: Ref };

/** One state of replacements; each state has functions of its own. */
export interface Generation {
  readonly id: number;
  readonly mocks: ReadonlyMap<string, Mock>;
  /** Rule paths that stand no more: the base document there is what counts. */
  readonly dropped: readonly (readonly string[])[];
  /** How many mocked values travel with each call. */
  readonly slots: number;
}
