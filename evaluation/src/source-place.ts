// Where something of a policy stands.

export interface SourcePlace {
  readonly file: string;
  /** From 1, as OPA counts. */
  readonly row: number;
  readonly col: number;
}
