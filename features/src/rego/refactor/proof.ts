// Before a refactoring is applied: the errors that it would bring, and what tests and samples are asked before and after it.
import { testsOf } from "#features/tests.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { withEdits } from "#grammars/text/edits.ts";
import type { Project } from "#workspace/project.ts";
import { profiledName, sampleQuestions } from "#workspace/sample-questions.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Refactoring } from "./refactoring.ts";

/** The project with the edits of a refactoring. */
export function afterwards(project: Project, file: SourceFile, { edits }: Pick<Refactoring, "edits">): Project {
  const byFile = Map.groupBy(edits, (edit) => edit.file ?? file.path);
  return project.withTexts(new Map([...byFile].map(([path, some]) => [path, withEdits(project.find(path)?.text ?? "", some)])));
}

/** The first error that one project has and the other has not. */
export function newFault(before: Project, after: Project): Diagnostic | undefined {
  const known = new Set(errorsOf(before).map(({ file, message }) => `${file}\n${message}`));
  return errorsOf(after).find(({ file, message }) => !known.has(`${file}\n${message}`));
}

function errorsOf(project: Project): readonly Diagnostic[] {
  const found = [...project.policies.flatMap((file) => project.parsed(file).diagnostics), ...project.compileDiagnostics];
  return found.filter(({ severity }) => severity === "error");
}

export interface ProofQuestion {
  /** What a reader calls it: the test, or the sample and the rule. */
  readonly label: string;
  readonly path: string;
  readonly input: string | undefined;
  /** Whose mocks hold. */
  readonly profile: string | undefined;
}

/** The tests of a project, and its entrypoints and expected decisions for each sample. */
export function proofQuestions(project: Project, profile: string | undefined): readonly ProofQuestion[] {
  const tests = testsOf(project).flatMap((test) =>
    test.kind === "rule" && !test.skipped && !test.name.includes("#")
      ? [{ label: test.path.replace(/^data\./u, ""), path: test.path, input: undefined, profile }]
      : [],
  );
  const samples = sampleQuestions(project, profile).flatMap(({ sample, query: path, profile: own }) => {
    const input = project.inputs.json(sample, own);
    const name = profiledName(sample, own === profile ? undefined : own);
    return input === undefined ? [] : [{ label: `${name} · ${path.replace(/^data\./u, "")}`, path, input, profile: own }];
  });
  return [...tests, ...samples];
}
