// What RMS answers: a value, or why there is none.

export interface ServerProblem {
  readonly file?: string;
  readonly row?: number;
  readonly col?: number;
  readonly code: string;
  readonly message: string;
}

export interface Failure {
  /** 0 when the server was not reached. */
  readonly status: number;
  readonly message: string;
  readonly errors: readonly ServerProblem[];
}

export type Reply<T> =
  | { readonly ok: true; readonly status: number; readonly value: T; readonly tag: string | undefined }
  | { readonly ok: false; readonly failure: Failure };
