// Why a test failed: the expression that failed last and the values it saw, told from a second run that notes its marks.
import { compileSteps } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { CourseListener, courseRequest } from "#evaluation/course.ts";
import { explain } from "#evaluation/explanation.ts";
import { Explained } from "#evaluation/explanation-text.ts";
import { type Failure, lastFailure } from "#evaluation/failure-text.ts";
import type { HeardMark, LookedAt } from "#evaluation/heard-marks.ts";
import { withTestValues } from "#evaluation/test-values.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { Project } from "#workspace/project.ts";

export interface TracedTests {
  readonly module: EmittedModule;
  readonly lookedAt: LookedAt;
  /** Its lines are those of `rw test --var-values` below the place. */
  failureOf(heard: readonly HeardMark[]): Failure | undefined;
}

/** The module in which tests tell their course; undefined where they cannot be evaluated. `numbered`: see `numberedTestsSteps`. */
export function* tracedTests(
  project: Project,
  entrypoints: readonly string[],
  numbered: boolean,
): Steps<TracedTests | undefined> {
  const needed = yield* project.compilation.checkedSteps(entrypoints, numbered);
  if ("problem" in needed) return undefined;
  const checked = withTestValues(needed);
  const { module } = yield* compileSteps(checked, { entrypoints, ...courseRequest });
  if (module === undefined) return undefined;
  const course = new CourseListener(module);
  const explained = new Explained(checked, module.files);
  const failureOf = (heard: readonly HeardMark[]): Failure | undefined => {
    course.reset();
    course.replay(heard);
    const failure = lastFailure(checked, explained, explain(course.reached, "fails"));
    // The first line is the place, which is told beside them.
    return failure === undefined ? undefined : { ...failure, lines: failure.lines.slice(1) };
  };
  // Who evaluates needs no trees.
  return { module: { ...module, marks: [] }, lookedAt: module.marks.map(({ names }) => names.length), failureOf };
}
