// Runs the questions of a job on an instance; the worker and tests share it.

import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { type Listening, type LookedAt, listenTo } from "#evaluation/heard-marks.ts";
import { createInstance, type Instance, type InstanceOptions, type Outcome, takeOverData } from "#evaluation/instance.ts";
import type { SourcePlace } from "#evaluation/source-place.ts";
import { hearingCases, nameOfCase } from "#evaluation/test-cases.ts";
import type { Answer, EvaluationAnswer, EvaluationJob } from "./evaluator.ts";

export type LoadedJob = Omit<EvaluationJob, "module" | "data" | "timeout">;

/** Loop steps that one question may take: a backstop; the time limit comes first. */
const fuel = 2_000_000_000n;
const maxPages = 4096;

const instanceOptions = { now: () => 0n, maxPages };

/** The cases of tests that an instance has told, by their names. */
const casesOf = new WeakMap<Instance, string[][]>();

/** An instance that tells the cases of tests. */
function withCases<Made extends Instance | undefined>(make: (options: InstanceOptions) => Made): Made {
  const cases: string[][] = [];
  const instance = make({ ...instanceOptions, builtins: hearingCases((names) => void cases.push(names.map(nameOfCase))) });
  if (instance !== undefined) casesOf.set(instance, cases);
  return instance;
}

export function loadModule(module: EmittedModule): Instance {
  return withCases((options) => createInstance(module, options));
}

/** Answers the questions of a job whose marks are wanted, on an instance of their own. */
export function answerHeard(
  module: EmittedModule,
  data: string | undefined,
  job: LoadedJob & { readonly lookedAt: LookedAt },
  ports: JobPorts,
): EvaluationAnswer | Stopped | { readonly fault: string } {
  const { instance, take } = listenTo(module, job.lookedAt, instanceOptions);
  const fault = instance.setData(data);
  return fault === undefined ? answerJob(instance, job, ports, take) : { fault: fault.message };
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
  for (const { entrypoint, input } of job.questions) {
    // An evaluation that was cancelled has left its own.
    told.length = 0;
    const start = clock();
    const outcome = instance.evaluate(entrypoint, input, { now: job.now, seed: 1, fuel, cancelled });
    if (cancelled()) return { stoppedAt: outcome.kind === "error" ? outcome.error.place : undefined };
    const prints = outcome.prints.map(({ line, place }) => ({ text: line, place }));
    const cases = told.splice(0);
    const marks = heard === undefined ? {} : { marks: heard() };
    answers.push({ answer: answerOf(outcome), prints, cases, ms: clock() - start, ...marks });
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
