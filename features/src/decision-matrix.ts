// The decision matrix of a project: the inputs that its samples are against the rules that decide, and what is expected in each cell.
import { finish, type Steps } from "#grammars/text/steps.ts";
import type { Expectation } from "#workspace/expected.ts";
import type { Project } from "#workspace/project.ts";
import { type ProfiledSample, profiled, profiledName } from "#workspace/sample-questions.ts";
import type { Sample } from "#workspace/samples.ts";

/** A cell that is asked. */
export interface MatrixQuestion {
  /** `data.storage.allow`. */
  readonly query: string;
  readonly expectation: Expectation | undefined;
}

export interface MatrixRow {
  readonly sample: Sample;
  /** `ann.conf`, `ann.conf (uat)`. */
  readonly name: string;
  /** The first profile that makes this input; undefined for none. */
  readonly profile: string | undefined;
  /** Undefined where the sample cannot be resolved: nothing is asked then. */
  readonly json: string | undefined;
  readonly problem: string | undefined;
  /** One for each column; undefined where that is not asked of this sample. */
  readonly cells: readonly (MatrixQuestion | undefined)[];
}

export interface DecisionMatrix {
  /** The entrypoints, then what else is expected somewhere. */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** `chosen` is the profile that counts for expectations without one. */
export const decisionMatrix = (project: Project, chosen: string | undefined): DecisionMatrix =>
  finish(decisionMatrixSteps(project, chosen));

/** `decisionMatrix` with pauses. */
export function* decisionMatrixSteps(project: Project, chosen: string | undefined): Steps<DecisionMatrix> {
  const { inputs, entrypoints } = project;
  const expected = inputs.samples.flatMap((sample) => inputs.expectationsOf(sample).expectations);
  const columns = [...new Set([...entrypoints, ...expected.map(({ query }) => query)])];
  const rows: MatrixRow[] = [];
  for (const sample of inputs.samples) {
    const found = profiled(project, sample);
    const wanted = new Set([chosen, ...inputs.expectationsOf(sample).expectations.map(({ profile }) => profile ?? chosen)]);
    const broken = [...wanted].filter((profile) => !found.some(({ profiles }) => profiles.includes(profile)));
    rows.push(...broken.map((profile) => brokenRow(project, sample, columns, profile)));
    rows.push(...found.map((one) => resolvedRow(project, one, columns, chosen)));
    yield;
  }
  return { columns, rows };
}

function resolvedRow(
  { inputs, entrypoints }: Project,
  { sample, profiles, json }: ProfiledSample,
  columns: readonly string[],
  chosen: string | undefined,
): MatrixRow {
  const [profile] = profiles;
  const expectations = inputs
    .expectationsOf(sample)
    .expectations.filter((expectation) => profiles.includes(expectation.profile ?? chosen));
  const cells = columns.map((query): MatrixQuestion | undefined => {
    const expectation = expectations.find((one) => one.query === query);
    return expectation === undefined && !entrypoints.includes(query) ? undefined : { query, expectation };
  });
  return { sample, name: profiledName(sample, profile), profile, json, problem: undefined, cells };
}

function brokenRow({ inputs }: Project, sample: Sample, columns: readonly string[], profile: string | undefined): MatrixRow {
  const problem = inputs.resolve(sample.file, profile).problems[0] ?? "cannot be resolved";
  const name = profiledName(sample, profile);
  return { sample, name, profile, json: undefined, problem, cells: columns.map(() => undefined) };
}
