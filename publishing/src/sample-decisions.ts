// What the samples of a project are decided, beside the decisions that are expected of them.
import { createInstance } from "#evaluation/instance.ts";
import { mockedEvaluation, type Unmocked } from "#evaluation/mocks.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { compareDecision, type Decision, type Expectation } from "#workspace/expected.ts";
import type { Project } from "#workspace/project.ts";
import { sampleQuestions } from "#workspace/sample-questions.ts";
import type { Sample } from "#workspace/samples.ts";
import { faultLine } from "#workspace/stopping-faults.ts";

export interface NoDecision {
  readonly kind: "none";
  readonly problem: string;
  /** The problem behind its place, where it has one: `inputs/ann.conf:3: …`. */
  readonly line?: string;
}

export interface SampleDecision {
  readonly sample: Sample;
  /** The profile that the sample was resolved with. */
  readonly profile: string | undefined;
  /** `data.storage.allow`; undefined where the sample, or the project, cannot be asked. */
  readonly query: string | undefined;
  readonly decision: Decision | NoDecision;
  readonly expectation: Expectation | undefined;
  /** Why it is not as expected, in one sentence. */
  readonly difference: string | undefined;
  readonly milliseconds: number;
  /** Calls that only a mock could have answered. */
  readonly unmocked: readonly Unmocked[];
}

export interface SampleQuestions {
  readonly profile?: string | undefined;
  /** Asked of every sample beside what is expected of it. */
  readonly entrypoints: readonly string[];
  readonly now: () => bigint;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Decides every sample; an expectation with a profile of its own is decided with that one, all else with `profile`. */
export function decideSamples(
  project: Project,
  { profile, entrypoints, now, clock }: SampleQuestions,
): readonly SampleDecision[] {
  const { inputs } = project;
  const asked = Map.groupBy(sampleQuestions(project, profile, entrypoints), ({ sample }) => sample);
  const queries = new Set([...asked.values()].flat().map(({ query }) => query));
  const decide = sampleDecider(project, [...queries], now);
  const none = (sample: Sample, profile: string | undefined, problem: string, fault?: Diagnostic): SampleDecision => ({
    sample,
    profile,
    query: undefined,
    decision: { kind: "none", problem, ...(fault === undefined ? {} : { line: faultLine(project, fault) }) },
    expectation: undefined,
    difference: problem,
    milliseconds: 0,
    unmocked: [],
  });
  if ("problem" in decide) return inputs.samples.slice(0, 1).map((sample) => none(sample, profile, decide.problem));
  return [...asked].flatMap(([sample, questions]) => {
    const broken = new Map<string | undefined, SampleDecision>();
    const decided = questions.flatMap((question): readonly SampleDecision[] => {
      const { json, problems, faults } = inputs.resolve(sample.file, question.profile);
      if (json === undefined) {
        broken.set(question.profile, none(sample, question.profile, problems[0] ?? "cannot be resolved", faults[0]));
        return [];
      }
      const started = clock();
      const { decision, unmocked } = decide({ query: question.query, json, profile: question.profile });
      const milliseconds = clock() - started;
      const { expectation } = question;
      const difference = expectation === undefined ? undefined : compareDecision(expectation, decision);
      const { profile, query } = question;
      return [{ sample, profile, query, decision, expectation, difference, milliseconds, unmocked }];
    });
    return [...broken.values(), ...decided];
  });
}

export interface DeciderQuestion {
  readonly query: string;
  /** The input as JSON text; undefined for none, as tests have. */
  readonly json: string | undefined;
  /** Whose mocks answer in place of the world. */
  readonly profile: string | undefined;
}

export type Decider = (question: DeciderQuestion) => { readonly decision: Decision; readonly unmocked: readonly Unmocked[] };

/** Decides these rules for inputs; or why they cannot be compiled. */
export function sampleDecider(
  project: Project,
  queries: readonly string[],
  now: () => bigint,
): Decider | { readonly problem: string } {
  const compiled = project.compilation.module(queries);
  if ("problem" in compiled) return compiled;
  const instance = createInstance(compiled.module, { now });
  instance.setData(project.data.json);
  return ({ query, json, profile }) => {
    const { options, unmocked } = mockedEvaluation(project.configuration.mocks(profile), now());
    const outcome = instance.evaluate(query, json, options);
    const decision: Decision =
      outcome.kind === "error"
        ? { kind: "error", code: outcome.error.code, message: outcome.error.message }
        : decisionOf(outcome.text);
    return { decision, unmocked };
  };
}

/** A file of expected decisions that cannot be read would expect nothing, and nobody would know. */
export function brokenExpectations({ inputs }: Project): readonly Diagnostic[] {
  const expected = new Set(inputs.samples.map((sample) => sample.expected?.path));
  return inputs.diagnostics.filter(({ file, severity }) => severity === "error" && expected.has(file));
}

/** How many are not as expected, and the first of them; undefined where all are. */
export function failedExpectations(project: Project, decided: readonly SampleDecision[]): string | undefined {
  const wrong = decided.filter(({ difference }) => difference !== undefined);
  const first = wrong[0];
  if (first === undefined) return undefined;
  const { sample, query, expectation, difference } = first;
  const place = faultLine(project, {
    file: sample.expected?.path ?? sample.file.path,
    range: expectation?.range ?? { start: 0, end: 0 },
    message: query === undefined ? `${sample.name}: ${difference}` : `${query} ${difference}`,
  });
  return `${wrong.length} of ${decided.length} expected decisions fail: ${place}`;
}

function decisionOf(text: string): Decision {
  const [solution] = JSON.parse(text) as readonly { readonly result: unknown }[];
  return solution === undefined ? { kind: "undefined" } : { kind: "value", value: solution.result };
}
