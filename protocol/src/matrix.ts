// The decision matrix.

export interface MatrixParams {
  /** Any file of the project. */
  readonly uri: string;
  /** Decides what is known already once more: all of it, or one row. */
  readonly again?: "all" | { readonly uri: string; readonly profile: string | null };
  /** With both, cells are compared with what the channel of `rw.conf` has; the token is used for this request only and never kept. */
  readonly url?: string;
  readonly token?: string;
  /** Named in `$/progress`, whose value is a `MatrixProgress`. */
  readonly workDoneToken?: string | number;
}

export interface MatrixProgress {
  readonly decided: number;
  readonly all: number;
}

/** What a rule is for an input. */
export interface MatrixCell {
  readonly kind: "value" | "undefined" | "error";
  /** The decision in a line. */
  readonly text: string;
  /** Present when it is expected: what is, and why the decision is another one. */
  readonly expected?: { readonly text: string; readonly difference?: string };
  /** Present when it was compared with what is published. */
  readonly published?: { readonly text: string; readonly same: boolean };
}

export interface MatrixRow {
  readonly uri: string;
  /** `ann.conf`; with the profile where that makes another input of it: `ann.conf (uat)`. */
  readonly name: string;
  readonly folder: string;
  readonly profile: string | null;
  /** Why the sample cannot be resolved. */
  readonly problem?: string;
  /** One for each column; null where that is not asked of this sample. */
  readonly cells: readonly (MatrixCell | null)[];
}

export interface MatrixResult {
  readonly root: string;
  /** `data.storage.allow`. */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** The version that cells were compared with: `orders/main 1.4.2`; or why they were not. */
  readonly published?: { readonly name: string } | { readonly problem: string };
  /** Address of RMS, where the project names one. */
  readonly rms?: string;
  /** How many cells had to be decided; the others were known. */
  readonly evaluated: number;
  readonly ms: number;
  /** Why nothing could be decided. */
  readonly problem?: string;
}
export const matrix = "rw/matrix";
