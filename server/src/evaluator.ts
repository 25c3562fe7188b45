// The port through which the server evaluates: a worker that can be stopped at any time, behind a promise.

import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { EvaluationError, SourcePlace } from "#evaluation/instance.ts";

export interface EvaluationJob {
  /** Names the module: the same key may be asked again without its bytes. */
  readonly key: string;
  readonly module: EmittedModule;
  /** The base document as JSON text, with a key of its own. */
  readonly dataKey: string;
  readonly data: string;
  /** What to evaluate: each entrypoint for each input (JSON text; undefined for no input). */
  readonly questions: readonly { readonly entrypoint: string; readonly input: string | undefined }[];
  /** `time.now_ns`, so that one run sees one time. */
  readonly now: bigint;
  readonly timeout: number;
}

export type Answer =
  /** The value of an entrypoint. */
  | { readonly kind: "value"; readonly json: string }
  /** The solutions of a query: a list of bindings. */
  | { readonly kind: "solutions"; readonly json: string }
  | { readonly kind: "undefined"; readonly builtinErrors: readonly EvaluationError[] }
  | { readonly kind: "error"; readonly error: EvaluationError };

export interface PrintLine {
  readonly text: string;
  readonly place: SourcePlace | undefined;
}

export interface EvaluationAnswer {
  /** One per question, with its own prints and time. */
  readonly answers: readonly { readonly answer: Answer; readonly prints: readonly PrintLine[]; readonly ms: number }[];
}

export interface Running {
  readonly answer: Promise<EvaluationAnswer>;
  stop(): void;
}

export interface Evaluator {
  /** The answer rejects when `stop` was called, the time is over, or the worker ended. */
  run(job: EvaluationJob): Running;
  dispose(): void;
}
