// The documents and functions that `with` has replaced: what is planned under other replacements is another function.

/** A mocked function: another function by name, or a value. */
export type Mock = { readonly kind: "function"; readonly name: string } | { readonly kind: "value"; readonly slot: number };

/** One state of replacements; each state has functions of its own. */
export interface Generation {
  readonly id: number;
  readonly mocks: ReadonlyMap<string, Mock>;
  /** Rule paths that stand no more: the base document there is what counts. */
  readonly dropped: readonly (readonly string[])[];
  /** How many mocked values travel with each call. */
  readonly slots: number;
}
