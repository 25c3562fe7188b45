// Failed tests are run once more, listened to: their outcomes get the expression that failed and the values it saw.
import { crashText } from "#evaluation/crash-text.ts";
import { type TestFailure, tracedTests } from "#features/failed-tests.ts";
import { entrypointName } from "#features/live.ts";
import { type ProjectTest, packagesWithRepeatedTests, type RuleTest } from "#features/tests.ts";
import type { TestOutcome } from "#protocol/messages.ts";
import type { Project } from "#workspace/project.ts";
import type { Session } from "./session.ts";

/** So many failed tests are told more of: each costs an evaluation that is several times slower. */
const most = 20;
const timeout = 10_000;

let nextModule = 1;

/** The outcomes, those of failed test rules with what failed in them. */
export async function withFailures(
  session: Session,
  project: Project,
  tests: readonly ProjectTest[],
  outcomes: readonly TestOutcome[],
): Promise<readonly TestOutcome[]> {
  const failed = new Set(outcomes.filter(({ outcome }) => outcome === "failed").map(({ id }) => id));
  // Of several tests with one name the evaluation cannot tell one alone.
  const repeated = packagesWithRepeatedTests(project);
  const wanted = tests.filter(
    (test): test is RuleTest => test.kind === "rule" && failed.has(test.id) && !repeated.has(test.package),
  );
  const failures = await failuresOf(session, project, wanted.slice(0, most)).catch((error: unknown) => {
    session.ports.log(`failed tests: ${crashText(error)}`);
    return new Map<string, TestFailure>();
  });
  return outcomes.map((outcome) => {
    const failure = failures.get(outcome.id);
    if (failure === undefined) return outcome;
    return {
      ...outcome,
      message: [outcome.message, "", ...failure.lines].join("\n"),
      uri: session.uris.uri(failure.file),
      range: session.range(failure.file, failure.range),
    };
  });
}

async function failuresOf(
  session: Session,
  project: Project,
  tests: readonly RuleTest[],
): Promise<ReadonlyMap<string, TestFailure>> {
  const entrypoints = tests.map(({ path }) => entrypointName(path));
  const traced = tests.length === 0 ? undefined : tracedTests(project, entrypoints);
  if (traced === undefined) return new Map();
  const { answers } = await session.ports.evaluator.run({
    key: `traced:${nextModule++}`,
    module: traced.module,
    lookedAt: traced.lookedAt,
    dataKey: project.data.key,
    data: project.data.json,
    questions: entrypoints.map((entrypoint) => ({ entrypoint, input: undefined })),
    now: project.now(),
    timeout,
  }).answer;
  const told = tests.map(({ id }, at) => {
    const { steps } = answers[at]!;
    return [id, steps && traced.failureOf(steps)] as const;
  });
  return new Map(told.flatMap(([id, failure]) => (failure === undefined ? [] : [[id, failure]])));
}
