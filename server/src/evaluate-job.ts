// Runs the questions of a job on an instance; the worker and tests share it.

import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { backstopFuel } from "#evaluation/fuel.ts";
import { type Listening, type LookedAt, listenTo } from "#evaluation/heard-marks.ts";
import {
  createInstance,
  type EvaluateOptions,
  type Instance,
  type InstanceOptions,
  type Outcome,
  takeOverData,
} from "#evaluation/instance.ts";
import { MarkClock, type PassedMark } from "#evaluation/mark-times.ts";
import { mockedEvaluation, type Unmocked } from "#evaluation/mocks.ts";
import { recordTape } from "#evaluation/recording/tape.ts";
import { regalFamily } from "#evaluation/regal-builtins.ts";
import { readRegoText } from "#evaluation/rego-text.ts";
import type { SourcePlace } from "#evaluation/source-place.ts";
import { tally } from "#evaluation/tally.ts";
import { hearingCases, nameOfCase, unheardCases } from "#evaluation/test-cases.ts";
import type { Value } from "#evaluation/value.ts";
import type { Answer, EvaluationAnswer, EvaluationJob, JobQuestion } from "./evaluator.ts";

export type LoadedJob = Omit<EvaluationJob, "module" | "data" | "timeout">;

const maxPages = 4096;

const instanceOptions = { now: () => 0n, maxPages };

/** The world of a question, and what nothing answered in it. */
function worldOf(
  { mocks }: JobQuestion,
  now: bigint,
): { readonly options: EvaluateOptions; readonly told: () => { readonly unmocked?: readonly Unmocked[] } } {
  const { options, unmocked } = mockedEvaluation(mocks, now);
  return { options: { ...options, fuel: backstopFuel }, told: () => (unmocked.length === 0 ? {} : { unmocked }) };
}

/** The cases of tests that an instance has told, by their names. */
const casesOf = new WeakMap<Instance, string[][]>();

/** An instance that tells the cases of tests. */
function withCases<Made extends Instance | undefined>(make: (options: InstanceOptions) => Made): Made {
  const cases: string[][] = [];
  const builtins = { ...regalFamily, ...hearingCases((names) => void cases.push(names.map(nameOfCase))) };
  const instance = make({ ...instanceOptions, builtins });
  if (instance !== undefined) casesOf.set(instance, cases);
  return instance;
}

export function loadModule(module: EmittedModule): Instance {
  return withCases((options) => createInstance(module, options));
}

export type JobAnswer = EvaluationAnswer | Stopped | { readonly fault: string };

/** Of a job that needs an instance of its own: its marks are wanted, or it is asked with values that only it has. */
export function answerApart(
  module: EmittedModule,
  data: string | undefined,
  job: LoadedJob,
  ports: JobPorts,
): JobAnswer | undefined {
  const { lookedAt, record, runtime, counts, timed } = job;
  if (counts === true) return answerCounted(module, data, job, ports);
  if (timed !== undefined) return answerTimed(module, data, { ...job, timed }, ports);
  if (runtime !== undefined) return answerAsked(module, data, { ...job, runtime }, ports);
  if (lookedAt === undefined) return undefined;
  if (record === undefined) return answerHeard(module, data, { ...job, lookedAt }, ports);
  return answerRecorded(module, data, { ...job, lookedAt, record }, ports);
}

/** Answers the questions of a job whose marks are wanted. */
function answerHeard(
  module: EmittedModule,
  data: string | undefined,
  job: LoadedJob & { readonly lookedAt: LookedAt },
  ports: JobPorts,
): JobAnswer {
  const { instance, take } = listenTo(module, job.lookedAt, instanceOptions);
  const fault = instance.setData(data);
  return fault === undefined ? answerJob(instance, job, ports, take) : { fault: fault.message };
}

/** Answers the questions of a job whose time is wanted, mark by mark. */
function answerTimed(
  module: EmittedModule,
  data: string | undefined,
  job: LoadedJob & { readonly timed: readonly PassedMark[] },
  ports: JobPorts,
): JobAnswer {
  const clock = new MarkClock(job.timed, () => ports.clock() * 1e6);
  const instance = createInstance(module, {
    ...instanceOptions,
    onMark: clock.onMark,
    onMarkAgain: clock.onMark,
    builtins: unheardCases,
  });
  const fault = instance.setData(data);
  if (fault !== undefined) return { fault: fault.message };
  const told = answerJob(instance, job, ports);
  return "stoppedAt" in told ? told : { answers: told.answers.map((one) => ({ ...one, times: clock.times() })) };
}

/** Counts what the questions of a job reach. */
function answerCounted(module: EmittedModule, data: string | undefined, job: LoadedJob, { cancelled }: JobPorts): JobAnswer {
  const evaluation = (at: number): EvaluateOptions => ({ ...worldOf(job.questions[at]!, job.now).options, cancelled });
  const counted = tally(module, data, job.questions, instanceOptions, evaluation);
  if ("fault" in counted) return counted;
  return cancelled() ? { stoppedAt: undefined } : { answers: [], tally: counted };
}

/** Records the questions of a job. */
function answerRecorded(
  module: EmittedModule,
  data: string | undefined,
  job: LoadedJob & { readonly lookedAt: LookedAt; readonly record: NonNullable<LoadedJob["record"]> },
  { clock, cancelled }: JobPorts,
): JobAnswer {
  const answers: EvaluationAnswer["answers"][number][] = [];
  const { lookedAt, record, now } = job;
  for (const question of job.questions) {
    const { entrypoint, input } = question;
    const start = clock();
    const { options, told } = worldOf(question, now);
    const evaluation = { ...options, cancelled, strictBuiltinErrors: record.strictBuiltinErrors };
    const made = recordTape(module, lookedAt, { entrypoint, data, input }, record, instanceOptions, evaluation);
    if ("fault" in made) return made;
    const { tape, outcome } = made;
    if (cancelled()) return { stoppedAt: outcome.kind === "error" ? outcome.error.place : undefined };
    const taped = { tape, isEnded: outcome.kind === "error", builtinErrors: outcome.builtinErrors };
    answers.push({ answer: answerOf(outcome), prints: [], cases: [], ms: clock() - start, taped, ...told() });
  }
  return { answers };
}

/** An instance that is asked again and again. */
interface AskedInstance {
  readonly instance: Instance;
  readonly dataKey: string;
}

const askedInstances = new WeakMap<EmittedModule, AskedInstance>();

function askedInstance(
  module: EmittedModule,
  dataKey: string,
  data: string | undefined,
): AskedInstance | { readonly fault: string } {
  const known = askedInstances.get(module);
  if (known?.dataKey === dataKey) return known;
  const made: AskedInstance = { instance: createInstance(module, instanceOptions), dataKey };
  const fault = made.instance.setData(data);
  if (fault !== undefined) return { fault: fault.message };
  askedInstances.set(module, made);
  return made;
}

/** Answers questions whose solutions are wanted as Rego text. */
function answerAsked(
  module: EmittedModule,
  data: string | undefined,
  job: LoadedJob & { readonly runtime: string },
  { clock, cancelled }: JobPorts,
): JobAnswer {
  const asked = askedInstance(module, job.dataKey, data);
  if ("fault" in asked) return asked;
  const told = readRegoText(job.runtime);
  const { instance } = asked;
  const answers = job.questions.map((question): EvaluationAnswer["answers"][number] => {
    const start = clock();
    const { options } = worldOf(question, job.now);
    // The values of the frame come in by it.
    const ports = { ...options.ports, runtime: (): Value => told };
    const outcome = instance.evaluate(question.entrypoint, question.input, { ...options, ports, cancelled, format: "rego" });
    const solutions = outcome.kind === "result" ? outcome.text : "[]";
    return { answer: answerOf(outcome), prints: [], cases: [], ms: clock() - start, solutions };
  });
  return cancelled() ? { stoppedAt: undefined } : { answers };
}

/** The module on the data that another one has loaded; undefined when it must load the data itself. */
export function loadModuleOnDataOf(previous: Instance, module: EmittedModule): Instance | undefined {
  return withCases((options) => takeOverData(previous, module, options));
}

/** What happens around a job while it runs. */
export interface JobPorts {
  /** Milliseconds. */
  readonly clock: () => number;
  /** True from when the answers are no longer wanted. */
  readonly cancelled: () => boolean;
}

/** The job was cancelled, in an expression of this rule where that is known. */
export interface Stopped {
  readonly stoppedAt: SourcePlace | undefined;
}

/** Answers every question, or says where it was when that was cancelled. */
export function answerJob(
  instance: Instance,
  job: LoadedJob,
  { clock, cancelled }: JobPorts,
  heard?: Listening["take"],
): EvaluationAnswer | Stopped {
  const answers: EvaluationAnswer["answers"][number][] = [];
  const told = casesOf.get(instance) ?? [];
  for (const question of job.questions) {
    // An evaluation that was cancelled has left its own.
    told.length = 0;
    const start = clock();
    const world = worldOf(question, job.now);
    const outcome = instance.evaluate(question.entrypoint, question.input, { ...world.options, cancelled });
    if (cancelled()) return { stoppedAt: outcome.kind === "error" ? outcome.error.place : undefined };
    const prints = outcome.prints.map(({ line, place }) => ({ text: line, place }));
    const cases = told.splice(0);
    const marks = heard === undefined ? {} : { marks: heard() };
    answers.push({ answer: answerOf(outcome), prints, cases, ms: clock() - start, ...marks, ...world.told() });
  }
  return { answers };
}

/** The one solution of an entrypoint is `[{"result": value}]`; without one it is undefined. */
function answerOf(outcome: Outcome): Answer {
  if (outcome.kind === "error") return { kind: "error", error: outcome.error };
  const text = outcome.text.trim();
  const match = /^\[\{"result":([\s\S]*)\}\]$/u.exec(text);
  if (match === null)
    return text === "[]" || text === ""
      ? { kind: "undefined", builtinErrors: outcome.builtinErrors }
      : { kind: "solutions", json: text };
  return { kind: "value", json: match[1]!.trim() };
}
