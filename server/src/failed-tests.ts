// Failed tests are run once more, listened to: their outcomes get the expression that failed and the values it saw.
import { crashText } from "#evaluation/crash-text.ts";
import type { Failure } from "#evaluation/failure-text.ts";
import { tracedTests } from "#features/failed-tests.ts";
import { type ProjectTest, packagesWithRepeatedTests, type RuleTest } from "#features/tests.ts";
import type { TestOutcome } from "#protocol/messages.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import type { Cancellation } from "./rpc/connection.ts";
import type { Session } from "./session.ts";
import { inTurns, turn } from "./turns.ts";

/** So many failed tests are told more of: each costs an evaluation that is several times slower. */
const most = 20;
const timeout = 10_000;

let nextModule = 1;

/** The outcomes, those of failed test rules with what failed in them; the rest of the work is left when the request is cancelled. */
export async function withFailures(
  session: Session,
  project: Project,
  tests: readonly ProjectTest[],
  outcomes: readonly TestOutcome[],
  profile: string | undefined,
  cancellation?: Cancellation,
): Promise<readonly TestOutcome[]> {
  const failed = new Set(outcomes.filter(({ outcome }) => outcome === "failed").map(({ id }) => id));
  const wanted = tests.filter((test): test is RuleTest => test.kind === "rule" && failed.has(test.id)).slice(0, most);
  const repeated = packagesWithRepeatedTests(project);
  const failures = new Map<string, Failure>();
  for (const numbered of [false, true]) {
    const some = wanted.filter((test) => repeated.has(test.package) === numbered);
    try {
      for (const [id, failure] of await failuresOf(session, project, some, numbered, profile, cancellation))
        failures.set(id, failure);
    } catch (error) {
      session.ports.log(`failed tests: ${crashText(error)}`);
    }
  }
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
  numbered: boolean,
  profile: string | undefined,
  cancellation: Cancellation | undefined,
): Promise<readonly (readonly [string, Failure])[]> {
  const { ports } = session;
  const mocks = project.configuration.mocks(profile);
  const entrypoints = tests.map(({ path }) => entrypointName(path));
  const isWanted = (): boolean => cancellation?.cancelled !== true;
  const steps = tracedTests(project, entrypoints, numbered);
  const traced = tests.length === 0 ? undefined : (await inTurns(session.pace, steps, turn, isWanted))?.result;
  if (traced === undefined) return [];
  const running = ports.evaluator.run({
    key: `traced:${nextModule++}`,
    module: traced.module,
    lookedAt: traced.lookedAt,
    dataKey: project.data.key,
    data: project.data.json,
    questions: entrypoints.map((entrypoint) => ({ entrypoint, input: undefined, mocks })),
    now: project.now(),
    timeout,
  });
  cancellation?.onCancel(() => running.stop());
  const { answers } = await running.answer;
  const told: (readonly [string, Failure])[] = [];
  for (const [at, { id }] of tests.entries()) {
    const { marks } = answers[at]!;
    if (marks === undefined) continue;
    // To tell a failure from many marks takes a turn of its own.
    await session.pace.next();
    if (!isWanted()) return [];
    const failure = traced.failureOf(marks);
    if (failure !== undefined) told.push([id, failure]);
  }
  return told;
}
