// The proof of a refactoring: it brings no error, and every test and sample is decided as before. What differs becomes a warning.
import type { ChangeAnnotation } from "vscode-languageserver";
import { afterwards, newFault, type ProofQuestion, proofQuestions } from "#features/rego/refactor/proof.ts";
import type { Refactoring } from "#features/rego/refactor/refactoring.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { faultLine } from "#workspace/stopping-faults.ts";
import { textsOf } from "./answer-texts.ts";
import type { Asking } from "./asking.ts";
import { reasonOf } from "./evaluator.ts";
import type { Inputs } from "./inputs.ts";

/** Milliseconds for all decisions of one side. */
const patience = 10_000;

/** Differences that are named. */
const mostNamed = 3;

export type Proof =
  /** It cannot be made: an error would come of it. */
  | { readonly fault: string }
  /** It can, after a look at what the warning says, where there is one. `isGrave` when what is decided was seen to change, or not seen. */
  | { readonly warning: ChangeAnnotation | undefined; readonly isGrave: boolean };

export class RefactoringProof {
  readonly #asking: Asking;
  readonly #inputs: Inputs;

  constructor(asking: Asking, inputs: Inputs) {
    this.#asking = asking;
    this.#inputs = inputs;
  }

  async prove(project: Project, file: SourceFile, refactoring: Refactoring): Promise<Proof> {
    const after = afterwards(project, file, refactoring);
    const fault = newFault(project, after);
    if (fault !== undefined) return { fault: `it would not compile: ${faultLine(after, fault)}` };
    const found = await this.#differences(project, after, refactoring);
    if (typeof found === "string")
      return { warning: warning("Not proved", `whether decisions change is not known: ${found}`), isGrave: true };
    const [first] = found;
    if (first !== undefined) {
      const more = found.length > mostNamed ? ` (and ${found.length - mostNamed} more)` : "";
      return {
        warning: warning("Decisions change", `decisions change: ${found.slice(0, mostNamed).join("; ")}${more}`),
        isGrave: true,
      };
    }
    const { caution } = refactoring;
    return { warning: caution === undefined ? undefined : warning("May decide otherwise", caution), isGrave: false };
  }

  /** What is decided otherwise, or why that cannot be told. */
  async #differences(before: Project, after: Project, { moved }: Refactoring): Promise<readonly string[] | string> {
    const questions = proofQuestions(before, this.#inputs.profileOf(before.root));
    if (questions.length === 0) return [];
    try {
      const old = await this.#decisions(before, questions);
      const isMoved = (path: string): boolean => moved !== undefined && path === moved.from;
      const moves = questions.map((one) => (isMoved(one.path) ? { ...one, path: moved?.to ?? one.path } : one));
      const now = await this.#decisions(after, moves);
      return questions.flatMap(({ label }, at) =>
        old[at] === now[at] ? [] : [`${label}: ${short(old[at])} → ${short(now[at])}`],
      );
    } catch (error) {
      return reasonOf(error, before.root);
    }
  }

  async #decisions(project: Project, questions: readonly ProofQuestion[]): Promise<readonly string[]> {
    const { answers } = await this.#asking.ask(project, questions, patience).answer;
    return answers.map(({ answer }) => textsOf(answer).full);
  }
}

const warning = (label: string, description: string): ChangeAnnotation => ({ label, description, needsConfirmation: true });

/** A decision in a line. */
function short(text = ""): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
