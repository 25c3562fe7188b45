// The port through which the server evaluates: a worker that can be stopped at any time, behind a promise.

export interface EvaluationJob {
  /** Names the module: the same key may be asked again without its bytes. */
  readonly key: string;
  readonly module: Uint8Array;
  /** The base document as JSON text, with a key of its own. */
  readonly dataKey: string;
  readonly data: string;
  /** Entrypoints to evaluate, in order. */
  readonly entrypoints: readonly string[];
  /** JSON text; undefined for no input. */
  readonly input: string | undefined;
  /** `time.now_ns`, so that one run sees one time. */
  readonly now: bigint;
  readonly timeout: number;
}

export type Evaluated =
  | { readonly kind: "value"; readonly json: string }
  | { readonly kind: "undefined" }
  | { readonly kind: "error"; readonly code: string; readonly message: string };

export interface EvaluationAnswer {
  /** One per entrypoint. */
  readonly results: readonly Evaluated[];
  readonly prints: readonly { readonly file: string; readonly row: number; readonly text: string }[];
  readonly ms: number;
}

export interface Evaluator {
  /** Rejects when `stop` was called or the worker ended. */
  run(job: EvaluationJob): { readonly answer: Promise<EvaluationAnswer>; stop(): void };
  dispose(): void;
}
