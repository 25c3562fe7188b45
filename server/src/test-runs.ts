// Runs tests and expected decisions.
import type { Unmocked } from "#evaluation/mocks.ts";
import { shortText } from "#features/live.ts";
import { shownFault, shownProblem } from "#features/rego/faults/shown.ts";
import { type ProjectTest, packagesWithRepeatedTests, testQuestion } from "#features/tests.ts";
import type { TestOutcome } from "#protocol/messages.ts";
import type { NotCompiled } from "#workspace/compilation.ts";
import { compareDecision } from "#workspace/expected.ts";
import type { Project } from "#workspace/project.ts";
import { decisionOf, expectedText, textsOf } from "./answer-texts.ts";
import type { AskedQuestion, Asking } from "./asking.ts";
import type { EvaluationAnswer, Running } from "./evaluator.ts";
import { type Inputs, resolvedSample } from "./inputs.ts";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

interface TestRunOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly began?: (running: Pick<Running, "stop">) => void;
}

export interface RanTests {
  readonly outcomes: readonly TestOutcome[];
  /** The ids of tests that an error of a policy keeps from running. */
  readonly stopped: ReadonlySet<string>;
  /** Calls that only a mock could have answered. */
  readonly unmocked: readonly Unmocked[];
}

/** What is evaluated for a test. */
function askedPath(test: ProjectTest): string {
  return test.kind === "rule" ? test.path : test.expectation.query;
}

export class TestRuns {
  readonly #session: Session;
  readonly #asking: Asking;
  readonly #inputs: Inputs;
  readonly #checking: Turns;

  constructor(session: Session, asking: Asking, inputs: Inputs) {
    this.#session = session;
    this.#asking = asking;
    this.#inputs = inputs;
    this.#checking = new Turns(session.pace);
  }

  /** The profile that samples of a project are resolved with. */
  profileOf({ root }: Project): string | undefined {
    return this.#inputs.profileOf(root);
  }

  /** One outcome for each, in their order; those that lead to a policy with errors say which error that is, and do not run. */
  async run(project: Project, tests: readonly ProjectTest[], options: TestRunOptions = {}): Promise<RanTests> {
    const looking = this.#checking.run(project.compilation.stoppedSteps(tests.map(askedPath)));
    options.began?.(looking);
    const faults = await looking.answer;
    const stopped = new Set(tests.filter((test) => faults.has(askedPath(test))).map(({ id }) => id));
    const repeated = packagesWithRepeatedTests(project);
    const isNumbered = (test: ProjectTest): boolean => test.kind === "rule" && repeated.has(test.package);
    const outcomes = new Map<string, TestOutcome>();
    for (const test of tests) {
      const why = faults.get(askedPath(test));
      if (why !== undefined) outcomes.set(test.id, this.#stopped(project, test, why));
    }
    const unmocked: Unmocked[] = [];
    for (const numbered of [false, true]) {
      const some = tests.filter((test) => isNumbered(test) === numbered && !stopped.has(test.id));
      for (const outcome of await this.#outcomes(project, some, numbered, options, unmocked)) outcomes.set(outcome.id, outcome);
    }
    return { outcomes: tests.map(({ id }) => outcomes.get(id)!), stopped, unmocked };
  }

  async #outcomes(
    project: Project,
    tests: readonly ProjectTest[],
    numbered: boolean,
    { timeout = 30_000, began }: TestRunOptions,
    unmocked: Unmocked[],
  ): Promise<readonly TestOutcome[]> {
    if (tests.length === 0) return [];
    const profile = this.#inputs.profileOf(project.root);
    const questions: AskedQuestion[] = [];
    const asked = new Map<ProjectTest, number>();
    for (const test of tests) {
      const question = testQuestion(project, test, profile);
      if (question === undefined) continue;
      asked.set(test, questions.length);
      questions.push(question);
    }
    const running = questions.length === 0 ? undefined : this.#asking.ask(project, questions, timeout, { numbered });
    if (running !== undefined) began?.(running);
    const { answers } = running === undefined ? { answers: [] } : await running.answer;
    for (const answer of answers) unmocked.push(...(answer.unmocked ?? []));
    return tests.map((test) => {
      const at = asked.get(test);
      if (at !== undefined) return this.#outcome(test, answers[at]!);
      const message = test.kind === "expected" ? resolvedSample(project, test.sample, profile).problem : undefined;
      return { id: test.id, outcome: "errored", message: message ?? "not asked", output: [], ms: 0 };
    });
  }

  /** A test that an error stops, said where it is to be mended. */
  #stopped(project: Project, { id }: ProjectTest, why: NotCompiled): TestOutcome {
    const message = shownProblem(project, why);
    const fault = why.fault && shownFault(project, why.fault);
    const place = fault && {
      uri: this.#session.uris.uri(fault.file),
      range: this.#session.range(fault.file, fault.range),
    };
    return { id, outcome: "errored", message, output: [], ms: 0, ...place };
  }

  #outcome(test: ProjectTest, { answer, prints, cases, ms }: EvaluationAnswer["answers"][number]): TestOutcome {
    const base = {
      id: test.id,
      output: prints.map((print) => print.text),
      ms,
      uri: this.#session.uris.uri(test.file),
      range: this.#session.range(test.file, test.range),
    };
    if (test.kind === "expected") {
      const decision = decisionOf(answer);
      const message = compareDecision(test.expectation, decision);
      if (message === undefined) return { ...base, outcome: "passed" };
      const { outcome } = test.expectation;
      const expected = outcome.kind === "value" ? JSON.stringify(outcome.value, null, 2) : expectedText(outcome);
      const actual = decision.kind === "value" ? JSON.stringify(decision.value, null, 2) : textsOf(answer).text;
      return { ...base, outcome: "failed", message, expected, actual };
    }
    if (answer.kind === "error") return { ...base, outcome: "errored", message: answer.error.message };
    if (answer.kind === "value") {
      if (test.hasCases) {
        const failing = failingCases(cases, JSON.parse(answer.json));
        if (failing.length === 0) return { ...base, outcome: "passed" };
        return { ...base, outcome: "failed", message: `failed for ${failing.join(", ")}` };
      }
      if (answer.json === "true") return { ...base, outcome: "passed" };
      return { ...base, outcome: "failed", message: `the test is ${shortText(answer.json)}, not true` };
    }
    return { ...base, outcome: "failed", message: "the test is undefined: an expression of its body does not hold" };
  }
}

/** The names of the cases for which the test's value does not have `true`. */
function failingCases(cases: readonly (readonly string[])[], value: unknown): readonly string[] {
  const failing = cases.filter((names) => names.reduce(keyOf, value) !== true);
  return [...new Set(failing.map((names) => names.join(" ")))].sort();
}

function keyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
