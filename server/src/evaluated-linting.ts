// What lint needs evaluations for: rules about decisions, and the project's own rules in Rego.
import { type Mocks, noMocks } from "#evaluation/mocks.ts";
import {
  type CustomRule,
  customFindings,
  entrypointsOf,
  type RuleAnswer,
  type RuleQuestion,
  rulesIn,
} from "#features/rego/custom-rules.ts";
import type { Decided, DecisionQuestion } from "#features/rego/decisions.ts";
import { customLinting } from "#features/rego/linting.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { LintFile } from "#lint/lint-file.ts";
import type { CompiledProject } from "#workspace/compilation.ts";
import { rulesFolderOf } from "#workspace/linter-config.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { type EvaluationJob, type Running, reasonOf, unwanted } from "./evaluator.ts";
import type { Session } from "./session.ts";
import { inTurns, turn } from "./turns.ts";

/** Milliseconds that all samples and tests may take for rules about decisions, and the rules of a project for one policy. */
const longest = 10_000;

/** Rules in Rego look at nothing but what they are given. */
const worldOfRules: Mocks = { ...noMocks, runtime: "{}" };

type ByFile = ReadonlyMap<string, readonly Diagnostic[]>;

const none: ByFile = new Map();

/** What rules in Rego said of a policy: it holds as long as the policy, the rules and their data. */
interface Told {
  readonly key: string;
  readonly answers: readonly RuleAnswer[];
}

export class EvaluatedLinting {
  readonly #session: Session;
  /** What is being evaluated for a root. */
  readonly #running = new Map<string, Running>();
  readonly #told = new WeakMap<LintFile, Told>();
  /** The document that rules were asked with last. */
  #data = { text: "", key: "" };
  #documents = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What is evaluated for an older text is not waited for. */
  edited(root: string): void {
    this.#running.get(root)?.stop();
    this.#running.delete(root);
  }

  /** Undefined when the project is another one by then. */
  async done<T>(project: Project, steps: Steps<T>): Promise<T | undefined> {
    const { pace } = this.#session;
    const isPresent = (): boolean => this.#isPresent(project);
    const done = await inTurns(pace, steps, turn, isPresent, "last");
    return done !== undefined && isPresent() ? done.result : undefined;
  }

  #isPresent(project: Project): boolean {
    return this.#session.workspace.project(project.root) === project;
  }

  /** What the questions come to; undefined where they cannot be asked, which others say. */
  async decided(project: Project, questions: readonly DecisionQuestion[]): Promise<Decided | undefined> {
    const names = [...new Set(questions.map(({ entrypoint }) => entrypoint))];
    const compiled = names.length === 0 ? undefined : await this.done(project, project.compilation.countedSteps(names));
    if (compiled === undefined || "problem" in compiled) return undefined;
    const { module, key } = compiled;
    const data = { dataKey: project.data.key, data: project.data.json };
    const asked = questions.map(({ entrypoint, input, profile }) => ({
      entrypoint,
      input,
      mocks: project.configuration.mocks(profile),
    }));
    const answer = await this.#run(project, { key, module, ...data, counts: true, questions: asked });
    return answer?.tally && { questions, module, tally: answer.tally };
  }

  /** Undefined where it was given up, or went wrong, which the log says. */
  async #run(project: Project, job: Omit<EvaluationJob, "now" | "timeout">) {
    const { evaluator, log } = this.#session.ports;
    const running = evaluator.run({ ...job, now: project.now(), timeout: longest });
    this.#running.set(project.root, running);
    try {
      return await running.answer;
    } catch (error) {
      const reason = reasonOf(error, project.root);
      if (reason !== unwanted) log(`lint: ${reason}`);
      return undefined;
    }
  }

  /** What the rules in the nearest `.regal/rules` upwards find; undefined when the project is another one by then. */
  async customFindings(project: Project): Promise<ByFile | undefined> {
    const home = this.#rulesFor(project);
    if (home === undefined || !this.#session.settings.trusted) return none;
    const policies = home.policies.filter(({ path }) => !path.endsWith("_test.rego"));
    const rules = rulesIn(policies.map((file) => home.parsed(file)));
    const linting = await this.done(project, customLinting(project, rules));
    if (linting === undefined) return this.#isPresent(project) ? none : undefined;
    const compiled = await this.#compiled(home, rules);
    if (compiled === undefined) return none;
    const asking = customFindings(linting.files, linting.active);
    let step = asking.next();
    while (step.done !== true) {
      const answers = await this.#answers(project, compiled, linting.data, step.value);
      if (answers === undefined) return this.#isPresent(project) ? none : undefined;
      step = asking.next(answers);
    }
    for (const fault of step.value.faults) this.#session.ports.log(`rule ${fault}`);
    return linting.told(step.value.findings);
  }

  #rulesFor({ root }: Project): Project | undefined {
    const rules = this.rulesRootOf(root);
    return rules === undefined ? undefined : this.#session.workspace.project(rules);
  }

  /** The root of the rules that are asked about the policies of a root: the nearest one upwards. */
  rulesRootOf(root: string): string | undefined {
    if (rulesFolderOf(root) === root) return undefined;
    for (let folder = root; ; folder = dirname(folder)) {
      const rules = resolve(folder, ".regal/rules");
      if (this.#session.workspace.roots.includes(rules)) return rules;
      if (folder === dirname(folder)) return undefined;
    }
  }

  /** Undefined where rules have errors: their own files say so. */
  async #compiled(home: Project, rules: readonly CustomRule[]): Promise<CompiledProject | undefined> {
    const compiled = await this.done(home, home.compilation.moduleSteps(entrypointsOf(rules)));
    return compiled === undefined || "problem" in compiled ? undefined : compiled;
  }

  async #answers(
    project: Project,
    { module, key: moduleKey }: CompiledProject,
    data: string,
    { file, entrypoints, input }: RuleQuestion,
  ): Promise<readonly RuleAnswer[] | undefined> {
    if (this.#data.text !== data) this.#data = { text: data, key: `rules:${++this.#documents}` };
    const dataKey = this.#data.key;
    const key = [moduleKey, dataKey, ...entrypoints].join(" ");
    const known = file && this.#told.get(file);
    if (known?.key === key) return known.answers;
    const text = input();
    const questions = entrypoints.map((entrypoint) => ({ entrypoint, input: text, mocks: worldOfRules }));
    const answer = await this.#run(project, { key: moduleKey, module, dataKey, data, questions });
    const answers = answer?.answers.map(({ answer: one }): RuleAnswer => {
      if (one.kind === "error") return { fault: one.error.message };
      return { json: one.kind === "value" ? one.json : undefined };
    });
    if (file !== undefined && answers !== undefined) this.#told.set(file, { key, answers });
    return answers;
  }
}
