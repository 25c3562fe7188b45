// Evaluates entrypoints of a project: its policies are compiled in turns with other work, then a worker is asked what is not known yet.

import type { Mocks } from "#evaluation/mocks.ts";
import { shownProblem } from "#features/rego/faults/shown.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import type { EvaluationJob, Running } from "./evaluator.ts";
import { KnownAnswers, type KnownOrEvaluated } from "./known-answers.ts";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

export interface AskedQuestion {
  readonly path: string;
  readonly input: string | undefined;
  /** Whose mocks answer in place of the world. */
  readonly profile: string | undefined;
  /** Those instead. */
  readonly mocks?: Mocks;
}

export interface AskOptions {
  /** Of tests with one name each is a rule of its own. */
  readonly numbered?: boolean;
  /** What is compiled together; the rules that are asked, without it. */
  readonly together?: readonly string[];
  /** Where answers are kept instead of beside those of everybody. */
  readonly known?: KnownAnswers;
}

export class Asking {
  readonly #session: Session;
  readonly #compiling: Turns;
  readonly #known = new KnownAnswers();

  constructor(session: Session) {
    this.#session = session;
    this.#compiling = new Turns(session.pace);
  }

  /** The answers come in the order of the questions. */
  ask(
    project: Project,
    questions: readonly AskedQuestion[],
    timeout: number,
    { numbered = false, together = questions.map((question) => question.path), known = this.#known }: AskOptions = {},
  ): Running<KnownOrEvaluated> {
    const names = [...new Set(together)].map(entrypointName);
    const steps = numbered ? project.compilation.numberedTestsSteps(names) : project.compilation.moduleSteps(names);
    const compiling = this.#compiling.run(steps);
    let evaluating: Running | undefined;
    const answer = compiling.answer.then((compiled) => {
      if ("problem" in compiled) throw new Error(shownProblem(project, compiled));
      const evaluate = (open: EvaluationJob["questions"]): Running["answer"] => {
        evaluating = this.#session.ports.evaluator.run({
          key: compiled.key,
          module: compiled.module,
          dataKey: project.data.key,
          data: project.data.json,
          questions: open,
          now: project.now(),
          timeout,
        });
        return evaluating.answer;
      };
      const asked = questions.map(({ path, input, profile, mocks = project.configuration.mocks(profile) }) => {
        const entrypoint = entrypointName(path);
        return {
          entrypoint,
          input,
          mocks,
          dataKey: project.data.key,
          stamp: compiled.module.stamps[entrypoint],
        };
      });
      return known.answers(asked, evaluate);
    });
    return {
      answer,
      stop: () => {
        compiling.stop();
        evaluating?.stop();
      },
    };
  }
}
