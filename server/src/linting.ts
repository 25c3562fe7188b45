// Lint after checking: when the keys rest, in turns that come after everything that somebody waits for, and given up for a newer text.
import type { Decided, DecisionQuestion } from "#features/rego/decisions.ts";
import { decisionQuestionsOf, decisionSteps, lintSteps } from "#features/rego/linting.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { Project } from "#workspace/project.ts";
import { type Running, reasonOf, unwanted } from "./evaluator.ts";
import type { Inputs } from "./inputs.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { inTurns, turn } from "./turns.ts";

/** So long nobody types before what is linted already is linted again. */
const rest = 120;

/** Milliseconds that all samples and tests may take for rules about decisions. */
const longest = 10_000;

/** Lints each project that was checked, unless the settings say no. */
export function registerLinting(session: Session, scheduler: Scheduler, inputs: Inputs): void {
  const linting = new Linting(session, scheduler, inputs);
  scheduler.onChecked((root) => linting.checked(root));
  scheduler.onEdited((root) => linting.edited(root));
}

class Linting {
  readonly #session: Session;
  readonly #scheduler: Scheduler;
  readonly #inputs: Inputs;
  /** What takes back the next look at a root. */
  readonly #waiting = new Map<string, () => void>();
  /** What is being evaluated for a root. */
  readonly #running = new Map<string, Running>();

  constructor(session: Session, scheduler: Scheduler, inputs: Inputs) {
    this.#session = session;
    this.#scheduler = scheduler;
    this.#inputs = inputs;
  }

  /** What is evaluated for an older text is not waited for. */
  edited(root: string): void {
    this.#running.get(root)?.stop();
    this.#running.delete(root);
  }

  checked(root: string): void {
    const { ports } = this.#session;
    const isFirst = !this.#waiting.has(root);
    this.#waiting.get(root)?.();
    if (!this.#session.settingsOf(root).lint.enable) {
      this.#scheduler.addFindings("decisionRules", root, new Map());
      return this.#scheduler.addFindings("lint", root, new Map());
    }
    const cancel = ports.later(isFirst ? 0 : rest, () => {
      this.#lint(root).catch((error: unknown) => {
        ports.log(`linting ${root} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
    });
    this.#waiting.set(root, cancel);
  }

  async #lint(root: string): Promise<void> {
    const { ports, workspace } = this.#session;
    const project = workspace.project(root);
    const start = ports.now();
    const found = await this.#done(project, lintSteps(project));
    if (found === undefined) return;
    this.#scheduler.linted(root, found, ports.now() - start);
    const questions = decisionQuestionsOf(project, this.#inputs.profileOf(root));
    if (questions === undefined) return this.#scheduler.addFindings("decisionRules", root, new Map());
    const decided = await this.#decided(project, questions);
    const judged = await this.#done(project, decisionSteps(project, decided));
    if (judged !== undefined) this.#scheduler.linted(root, judged, ports.now() - start, "decisionRules");
  }

  /** Undefined when the project is another one by then. */
  async #done<T>(project: Project, steps: Steps<T>): Promise<T | undefined> {
    const { pace, workspace } = this.#session;
    const isPresent = (): boolean => workspace.project(project.root) === project;
    const done = await inTurns(pace, steps, turn, isPresent, "last");
    return done !== undefined && isPresent() ? done.result : undefined;
  }

  /** What the questions come to; undefined where they cannot be asked, which others say. */
  async #decided(project: Project, questions: readonly DecisionQuestion[]): Promise<Decided | undefined> {
    const names = [...new Set(questions.map(({ entrypoint }) => entrypoint))];
    const compiled = names.length === 0 ? undefined : await this.#done(project, project.compilation.countedSteps(names));
    if (compiled === undefined || "problem" in compiled) return undefined;
    const { module, key } = compiled;
    const { evaluator, log } = this.#session.ports;
    const data = { dataKey: project.data.key, data: project.data.json };
    const running = evaluator.run({
      ...{ key, module, ...data, now: project.now(), timeout: longest, counts: true },
      questions: questions.map(({ entrypoint, input }) => ({ entrypoint, input })),
    });
    this.#running.set(project.root, running);
    try {
      const { tally } = await running.answer;
      return tally && { questions, module, tally };
    } catch (error) {
      const reason = reasonOf(error, project.root);
      if (reason !== unwanted) log(`rules about decisions: ${reason}`);
      return undefined;
    }
  }
}
