// The port through which the server evaluates: a worker that can be stopped at any time, behind a promise.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { HeardMark, LookedAt } from "#evaluation/heard-marks.ts";
import type { EvaluationError } from "#evaluation/instance.ts";
import type { MarkTimes, PassedMark } from "#evaluation/mark-times.ts";
import type { Mocks, Unmocked } from "#evaluation/mocks.ts";
import type { Taped } from "#evaluation/recording/recording.ts";
import type { TapeLimits } from "#evaluation/recording/tape.ts";
import type { SourcePlace } from "#evaluation/source-place.ts";
import type { Tally } from "#evaluation/tally.ts";
import { relative } from "#workspace/paths.ts";

export interface JobQuestion {
  readonly entrypoint: string;
  readonly input: string | undefined;
  /** What answers in place of the world; undefined where nothing is mocked. */
  readonly mocks: Mocks | undefined;
}

export interface EvaluationJob {
  /** Names the module: the same key may be asked again without its bytes. */
  readonly key: string;
  readonly module: EmittedModule;
  /** The base document as JSON text, with a key of its own. */
  readonly dataKey: string;
  readonly data: string;
  /** What to evaluate: each entrypoint for each input (JSON text; undefined for no input). */
  readonly questions: readonly JobQuestion[];
  /** `time.now_ns` where no mock says it, so that one run sees one time. */
  readonly now: bigint;
  readonly timeout: number;
  /** For a module that tells its course: its marks are wanted, with so many values each. */
  readonly lookedAt?: LookedAt;
  /** With `lookedAt`: all that it tells is wanted, up to so much. */
  readonly record?: TapeLimits & { readonly strictBuiltinErrors: boolean };
  /** For a module that tells its course: how long it takes from mark to mark is wanted. */
  readonly timed?: readonly PassedMark[];
  /** For a module that counts: what the questions reached is wanted, and no answers. */
  readonly counts?: true;
  /** What `opa.runtime` gives, as Rego text; the solutions are wanted as such, too. */
  readonly runtime?: string;
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
  readonly answers: readonly {
    readonly answer: Answer;
    readonly prints: readonly PrintLine[];
    /** Of a test with cases, the names of each that was tried. */
    readonly cases: readonly (readonly string[])[];
    readonly ms: number;
    /** Calls that only a mock could have answered. */
    readonly unmocked?: readonly Unmocked[];
    /** Where they were wanted and are not too many. */
    readonly marks?: readonly HeardMark[] | undefined;
    readonly taped?: Taped;
    /** In nanoseconds, where `timed` is given. */
    readonly times?: readonly MarkTimes[];
    /** Where `runtime` is given. */
    readonly solutions?: string;
  }[];
  /** Where `counts` is given. */
  readonly tally?: Tally;
}

export interface Running<T = EvaluationAnswer> {
  readonly answer: Promise<T>;
  stop(): void;
}

/** Why work that was stopped has no answer. */
export const unwanted = "no longer wanted";

/** An evaluation that took too long, and where it was. */
export class EvaluationTimeout extends Error {
  readonly place: SourcePlace | undefined;
  constructor(timeout: number, place: SourcePlace | undefined) {
    super(`the evaluation took longer than ${timeout} ms`);
    this.place = place;
  }
}

/** Why there is no answer; of a rule that took too long also its place, relative to the root. */
export function reasonOf(error: unknown, root: string): string {
  const place = error instanceof EvaluationTimeout ? error.place : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return place === undefined ? reason : `${relative(root, place.file)}:${place.row}: ${reason}`;
}

export interface Evaluator {
  /** The answer rejects when `stop` was called, the time is over (EvaluationTimeout), or the worker ended. */
  run(job: EvaluationJob): Running;
  dispose(): void;
}
