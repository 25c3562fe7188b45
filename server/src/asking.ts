// Evaluates entrypoints of a project: its policies are compiled in turns with other work, then a worker is asked.
import { entrypointName } from "#features/live.ts";
import type { Project } from "#workspace/project.ts";
import type { Running } from "./evaluator.ts";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

export class Asking {
  readonly #session: Session;
  readonly #compiling: Turns;

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
      if ("problem" in compiled) throw new Error(compiled.problem);
      evaluating = this.#session.ports.evaluator.run({
        key: compiled.key,
        module: compiled.module,
        dataKey: project.data.key,
        data: project.data.json,
        questions: questions.map(({ path, input }) => ({ entrypoint: entrypointName(path), input })),
        now: project.now(),
        timeout,
      });
      return evaluating.answer;
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
