// Evaluates entrypoints of a project: its policies are compiled in turns with other work, then a worker is asked what is not known yet.
import { entrypointName } from "#features/live.ts";
import { shownProblem } from "#features/rego/faults/shown.ts";
import type { Project } from "#workspace/project.ts";
import type { EvaluationAnswer, EvaluationJob, Running } from "./evaluator.ts";
import { type AskedQuestion, KnownAnswers } from "./known-answers.ts";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

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
    questions: readonly { readonly path: string; readonly input: string | undefined }[],
    timeout: number,
    tests: "together" | "numbered" = "together",
  ): Running {
    const names = [...new Set(questions.map((question) => question.path))].map(entrypointName);
    const steps = tests === "numbered" ? project.compilation.numberedTestsSteps(names) : project.compilation.moduleSteps(names);
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
      const asked = questions.map(({ path, input }) => {
        const entrypoint = entrypointName(path);
        return { entrypoint, input, dataKey: project.data.key, stamp: compiled.module.stamps[entrypoint] };
      });
      return this.#answers(asked, evaluate);
    });
    return {
      answer,
      stop: () => {
        compiling.stop();
        evaluating?.stop();
      },
    };
  }

  /** What is known already, and what is evaluated for the others. */
  async #answers(
    asked: readonly AskedQuestion[],
    evaluate: (open: EvaluationJob["questions"]) => Running["answer"],
  ): Promise<EvaluationAnswer> {
    const known = asked.map((question) => this.#known.find(question));
    const open = asked.filter((_, at) => known[at] === undefined);
    if (open.length === 0) return { answers: known.flatMap((answer) => answer ?? []) };
    const { answers } = await evaluate(open.map(({ entrypoint, input }) => ({ entrypoint, input })));
    const fresh = new Map(open.map((question, at) => [question, answers[at]!]));
    for (const [question, answer] of fresh) this.#known.keep(question, answer);
    return { answers: asked.map((question, at) => known[at] ?? fresh.get(question)!) };
  }
}
