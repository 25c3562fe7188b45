// A query of the command line, compiled with the policies around it and evaluated: what `eval` and `bench` share.
import type { Checked } from "#analysis/rego/checked.ts";
import type { CompileRequest } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { CourseListener, courseRequest } from "#evaluation/course.ts";
import { type CoverageKind, coverageRequest, markHeads } from "#evaluation/coverage.ts";
import { CoverageRuns, type Running } from "#evaluation/coverage-runs.ts";
import type { Explained } from "#evaluation/explanation-text.ts";
import type { EvaluateOptions, EvaluationError, Instance, Print } from "#evaluation/instance.ts";
import { Profiler } from "#evaluation/profile.ts";
import { isRepeatable } from "#evaluation/stack-trace.ts";
import { unheardCases, withTestCases } from "#evaluation/test-cases.ts";
import { invalidLiteral } from "#evaluation/unwritable-number.ts";
import type { Invocation } from "../command.ts";
import { type ErrorItem, errorItems } from "../errors.ts";
import type { CheckFlags } from "../load-flags.ts";
import type { Timed } from "../load-parts.ts";
import { systemTime } from "../system-time.ts";
import { cancelling, seeded } from "./flags.ts";
import { readQuery } from "./parse.ts";
import { compileQuestion, evaluateQuestion, explainedBy, instanceOf, type Question } from "./question.ts";
import { Retelling } from "./retelling.ts";
import { type Solution, Solutions } from "./solutions.ts";
import { loadSurroundings, type Obstacle } from "./surroundings.ts";

/** Nanoseconds by OPA's names. */
export type Metrics = Map<string, number>;

/** What is watched while a query is evaluated. */
export interface Watching {
  /** Keeps what happened. */
  readonly explain?: boolean;
  /** What is reached is noted, and these kinds of reasons where something is not. */
  readonly coverage?: readonly CoverageKind[];
  /** Times what happens. */
  readonly profile?: boolean;
  readonly without?: Question["without"];
}

export interface Prepared {
  readonly metrics: Metrics;
  /** Where it was asked for. */
  readonly course: { readonly listener: CourseListener; readonly explained: Explained } | undefined;
  readonly profiler: Profiler | undefined;
  readonly covered: CoverageRuns | undefined;
  run(options?: EvaluateOptions): Answer;
}

export type Answer =
  | {
      readonly kind: "result";
      readonly solutions: readonly Solution[];
      readonly prints: readonly Print[];
      /** What builtins complained of, with the queries that were open then: it takes another evaluation. */
      readonly builtinErrors: () => readonly ErrorItem[];
      /** What ended the evaluation once more without early exits, which coverage takes. */
      readonly uncovered: EvaluationError | undefined;
    }
  | {
      readonly kind: "error";
      readonly item: ErrorItem;
      /** True for an error that OPA's way of writing has: it stands alone, in no format. */
      readonly isPlain?: true;
      readonly prints: readonly Print[];
      /** What ended the evaluation; none where the complaint of a builtin counts, and it came to its end. */
      readonly ended: EvaluationError | undefined;
      /** What builtins complained of before. */
      readonly builtinErrors: () => readonly ErrorItem[];
    };

export type Preparation = { readonly prepared: Prepared } | (Obstacle & { readonly metrics: Metrics });

/** Loads, checks and compiles; errors in the order in which OPA finds them. */
export async function prepare(call: Invocation, text: string, flags: CheckFlags, watching: Watching = {}): Promise<Preparation> {
  const metrics: Metrics = new Map();
  const timed = stopwatch(metrics);
  const around = await loadSurroundings(call, text, flags, timed, watching.explain === true);
  if (!("checked" in around)) return { ...around, metrics };
  const { checked, loading, sources, input, world, now } = around;
  const documents = sources.data.isEmpty ? undefined : "timer_rego_data_parse_ns";
  const data = timed(documents, () => sources.data.json);
  const read = readQuery(call, text, checked, loading, timed);
  if ("errors" in read) return { ...read, metrics };
  const solutions = new Solutions(read.query, text);
  const about = { text, query: solutions.telling(), checked, modules: sources.modules };
  const question: Question = { ...about, data, input, ports: world.ports, without: watching.without ?? {} };
  const built = timed("timer_rego_query_compile_ns", () => build(question, watching, solutions));
  if ("errors" in built) return { ...built, metrics };
  const fault = timed(documents, () => built.instance.setData(data));
  if (fault !== undefined) return { errors: [{ message: fault.message }], metrics };
  const retelling = new Retelling(question);
  const run = (options: EvaluateOptions = {}): Answer => {
    const started = now ?? systemTime();
    const again = (): EvaluateOptions => ({
      ...{ now: started, ...world.seed, ...seeded(call) },
      ...cancelling(call),
      ...options,
    });
    const answered = answer({ question, built, solutions, retelling, timed }, again);
    world.tell();
    return answered;
  };
  return { prepared: { ...built, metrics, run } };
}

/** A compiled query with all that listens to it. */
interface Built extends Pick<Prepared, "course" | "profiler" | "covered"> {
  readonly instance: Instance;
  /** Prints, where `instance` tells its marks: those come in another order than OPA prints in. */
  readonly printing: Instance | undefined;
}

function build(question: Question, watching: Watching, solutions: Solutions): Built | { readonly errors: readonly ErrorItem[] } {
  const { checked, text, modules } = question;
  const isTold = watching.explain === true || watching.profile === true;
  // Where the evaluation itself is told of, another one is counted.
  const isCounted = watching.coverage !== undefined && !isTold;
  const plain = withTestCases(checked, (rule) => rule);
  const counted = watching.coverage === undefined ? plain : markHeads(checked);
  const policies = isCounted ? counted : plain;
  const request = { ...(isTold ? courseRequest : {}), ...(isCounted ? coverageRequest() : {}) };
  const { module, diagnostics } = compileQuestion(question, policies, request);
  if (module === undefined) return { errors: errorItems(diagnostics, [...modules, { file: "", text }]) };
  const explained = isTold ? explainedBy(question, policies, module) : undefined;
  const profiler =
    explained !== undefined && watching.profile === true
      ? new Profiler(module, explained, () => Number(process.hrtime.bigint()))
      : undefined;
  const course =
    explained !== undefined && watching.explain === true ? { listener: new CourseListener(module), explained } : undefined;
  const onMark = (mark: number): void => {
    profiler?.onMark(mark);
    course?.listener.onMark(mark);
  };
  const onMarkAgain = (mark: number): void => {
    profiler?.onMark(mark);
    course?.listener.onMarkAgain(mark);
  };
  const instance = instanceOf(question, module, solutions.hearing(), {
    ...(isTold ? { onMark, onMarkAgain } : {}),
    ...(course === undefined ? {} : { onNote: course.listener.onNote }),
  });
  course?.listener.attach(instance);
  return {
    instance,
    course,
    profiler,
    printing: isTold && prints(module) ? runningBeside(question, plain, {})?.instance : undefined,
    covered:
      watching.coverage === undefined
        ? undefined
        : new CoverageRuns(
            counted,
            watching.coverage,
            (request) => runningBeside(question, counted, request),
            isCounted ? { module, instance } : undefined,
          ),
  };
}

/** Another build of the same query, which tells nobody of its solutions. */
function runningBeside(question: Question, policies: Checked, request: Partial<CompileRequest>): Running | undefined {
  const { module } = compileQuestion(question, policies, request);
  if (module === undefined) return undefined;
  const instance = instanceOf(question, module, unheardCases);
  instance.setData(question.data);
  return { module, instance };
}

function prints({ builtins }: EmittedModule): boolean {
  return builtins["internal.print"] !== undefined;
}

interface Asked {
  readonly question: Question;
  readonly built: Built;
  readonly solutions: Solutions;
  readonly retelling: Retelling;
  readonly timed: Timed;
}

/** `options` gives those of one evaluation more, whose time limit begins now. */
function answer({ question, built, solutions, retelling, timed }: Asked, options: () => EvaluateOptions): Answer {
  const { instance, printing, profiler, course, covered } = built;
  solutions.forget();
  profiler?.reset();
  course?.listener.reset();
  const first = options();
  // The first complaint counts where complaints are fatal, and OPA evaluates to the end all the same.
  const toTheEnd = { ...first, strictBuiltinErrors: false };
  const outcome = timed("timer_rego_query_eval_ns", () => evaluateQuestion(question, instance, toTheEnd));
  const said = printing === undefined ? outcome : evaluateQuestion(question, printing, toTheEnd);
  const { prints } = said;
  const hasEnded = said.kind === "error" && isRepeatable(said.error);
  const builtinErrors = (): readonly ErrorItem[] => retelling.builtinErrors(said.builtinErrors, hasEnded, options());
  const fatal = first.strictBuiltinErrors === true ? said.builtinErrors[0] : undefined;
  const error = fatal ?? (said.kind === "error" ? said.error : undefined);
  if (error !== undefined)
    return {
      kind: "error",
      prints,
      item: retelling.error(error, options()),
      ended: outcome.kind === "error" ? outcome.error : undefined,
      builtinErrors,
    };
  const number = solutions.unwritable();
  if (number !== undefined) {
    const item = { message: invalidLiteral(number.text) };
    return { kind: "error", prints, item, ...(number.isKey ? {} : { isPlain: true }), ended: undefined, builtinErrors };
  }
  const uncovered = covered?.repeat((other) => evaluateQuestion(question, other, options()));
  return { kind: "result", solutions: solutions.all(), prints, builtinErrors, uncovered };
}

/** Adds up what each phase takes; one without a name is none that OPA has. */
function stopwatch(metrics: Metrics): Timed {
  return (name, work) => {
    const started = process.hrtime.bigint();
    try {
      return work();
    } finally {
      if (name !== undefined) metrics.set(name, (metrics.get(name) ?? 0) + Number(process.hrtime.bigint() - started));
    }
  };
}
