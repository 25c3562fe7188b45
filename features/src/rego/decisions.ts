// What rules about decisions are told of a project: its entrypoints and samples, and what the evaluations of samples and tests came to.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { markerPlace } from "#evaluation/coverage.ts";
import type { ReachedStep, Tally, TallyQuestion } from "#evaluation/tally.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { Decisions, Evaluated } from "#lint/decisions.ts";
import type { ActiveRule } from "#lint/lint.ts";
import type { LintFile } from "#lint/lint-file.ts";
import { isDecisionRule } from "#lint/rule.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import { sampleQuestions } from "#workspace/sample-questions.ts";
import type { Sample } from "#workspace/samples.ts";
import { largestAt } from "../input-shape.ts";
import { keysOfSample, substitutedPaths } from "../sample-keys.ts";
import { testsOf } from "../tests.ts";

export interface DecisionQuestion extends TallyQuestion {
  /** `data.orders.allow`. */
  readonly path: string;
  /** Whose mocks hold. */
  readonly profile: string | undefined;
  /** What asks: the name of a sample, the path of a test. */
  readonly by: string;
  /** Undefined for tests and for what is expected to be undefined. */
  readonly sample: Sample | undefined;
}

/** What is asked so that the rules among `active` can judge: nothing where none looks at evaluations. */
export function decisionQuestions(
  project: Project,
  active: readonly ActiveRule[],
  profile: string | undefined,
): readonly DecisionQuestion[] {
  if (!active.some(({ rule }) => isDecisionRule(rule) && rule.evaluates === true)) return [];
  const { inputs, entrypoints } = project;
  const ofSamples = sampleQuestions(project, profile).flatMap(
    ({ sample, profile: own, query: path }): readonly DecisionQuestion[] => {
      const input = inputs.json(sample, own);
      if (input === undefined) return [];
      const isToBeUndefined = inputs
        .expectationsOf(sample)
        .expectations.some(({ query, outcome }) => query === path && outcome.kind === "undefined");
      const isJudged = own === profile && entrypoints.includes(path) && !isToBeUndefined;
      return [
        { entrypoint: entrypointName(path), input, path, profile: own, by: sample.name, sample: isJudged ? sample : undefined },
      ];
    },
  );
  const ofTests = testsOf(project).flatMap((test): readonly DecisionQuestion[] =>
    test.kind === "expected" || test.skipped || test.name.includes("#")
      ? []
      : [{ entrypoint: entrypointName(test.path), input: undefined, path: test.path, profile, by: test.path, sample: undefined }],
  );
  return [...ofSamples, ...ofTests];
}

/** What the questions came to. */
export interface Decided {
  readonly questions: readonly DecisionQuestion[];
  readonly module: EmittedModule;
  readonly tally: Tally;
}

/** `files` are the policies that are linted; `shown` says how the path of a sample is written. */
export function decisionsOf(
  project: Project,
  files: readonly LintFile[],
  decided: Decided | undefined,
  shown: (path: string) => string = (path) => path,
): Decisions {
  return {
    files,
    entrypoints: project.entrypoints,
    samples: project.inputs.samples.map(({ file }) => ({
      document: { path: shown(file.path), absolutePath: file.path, lines: new LineIndex(file.text) },
      keys: keysOfSample(file),
      used: substitutedPaths(file),
    })),
    evaluated: decided && evaluated(project, decided),
    sizeAt: (path) => largestAt(project, path),
  };
}

function evaluated(project: Project, { questions, module, tally }: Decided): Evaluated {
  const known = new Set(project.policies.map(({ path }) => path));
  const reached = reachedPlaces(module, tally);
  const stepAt = ({ absolutePath, lines }: LintFile, { start, end }: Range): ReachedStep | undefined => {
    const [from, to] = [lines.rowCol(start), lines.rowColOfEnd(end)];
    return reached.get(`${absolutePath}:${from.row}:${from.col}-${to.row}:${to.col}`);
  };
  return {
    undefinedFor: (entrypoint) =>
      questions.flatMap(({ path, sample, by }, at) =>
        path === entrypoint && sample !== undefined && tally.outcomes[at] === "undefined" ? [by] : [],
      ),
    hasHeld: (file, clause) =>
      file.absolutePath !== undefined && known.has(file.absolutePath)
        ? stepAt(file, markerPlace(clause)) !== undefined
        : undefined,
    reached: (file, expr) => {
      // The step of an expression stands at its own place, or at that of the call in it.
      const step = stepAt(file, expr) ?? stepAt(file, expr.body);
      return step && { count: step.most, by: questions[step.question]!.by };
    },
  };
}

/** The steps that were reached, by their places. */
function reachedPlaces({ steps, files }: EmittedModule, { reached }: Tally): ReadonlyMap<string, ReachedStep> {
  const found = new Map<string, ReachedStep>();
  for (const one of reached) {
    const { location, whole } = steps[one.step]!;
    if (whole) continue;
    const { file, row, col, endRow, endCol } = location;
    const key = `${files[file]}:${row}:${col}-${endRow}:${endCol}`;
    if (one.most > (found.get(key)?.most ?? 0)) found.set(key, one);
  }
  return found;
}
