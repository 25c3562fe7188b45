// What the samples of a project are asked: its entrypoints, and what is expected of each sample; as they are, and as profiles make them.
import type { Expectation } from "./expected.ts";
import type { Project } from "./project.ts";
import type { Sample } from "./samples.ts";

export interface SampleQuestion {
  readonly sample: Sample;
  /** The profile that the sample is resolved with. */
  readonly profile: string | undefined;
  /** `data.storage.allow`. */
  readonly query: string;
  readonly expectation: Expectation | undefined;
}

/**
 * Each once, sample by sample, the entrypoints first and in their order. An expectation with a profile of its own is asked with that one,
 * all else with `profile`.
 */
export function sampleQuestions(
  { inputs, entrypoints: offered }: Project,
  profile: string | undefined,
  entrypoints: readonly string[] = offered,
): readonly SampleQuestion[] {
  const place = ({ query }: SampleQuestion): number => {
    const at = entrypoints.indexOf(query);
    return at < 0 ? entrypoints.length : at;
  };
  return inputs.samples.flatMap((sample) => {
    const expected = inputs
      .expectationsOf(sample)
      .expectations.map((one) => ({ sample, profile: one.profile ?? profile, query: one.query, expectation: one }));
    const isExpected = (query: string): boolean => expected.some((one) => one.query === query && one.profile === profile);
    const plain = entrypoints
      .filter((query) => !isExpected(query))
      .map((query): SampleQuestion => ({ sample, profile, query, expectation: undefined }));
    return [...plain, ...expected].toSorted((a, b) => place(a) - place(b));
  });
}

/** A sample, and the profiles that make one input of it. */
export interface ProfiledSample {
  readonly sample: Sample;
  /** Undefined stands for none, and comes first. */
  readonly profiles: readonly (string | undefined)[];
  readonly json: string;
}

/** Every input that a sample is, without a profile and with each. */
export function profiled({ inputs, config }: Project, sample: Sample): readonly ProfiledSample[] {
  const profiles = [undefined, ...config.profiles.map(({ name }) => name)];
  const resolved = profiles.flatMap((profile) => {
    const json = inputs.json(sample, profile);
    // Other mocks make another question of the same input.
    const own = config.profiles.some(({ name, mocks }) => name === profile && mocks !== undefined);
    return json === undefined ? [] : [{ profile, json, key: own ? `${profile}\n${json}` : json }];
  });
  return [...Map.groupBy(resolved, ({ key }) => key).values()].map((same) => ({
    sample,
    profiles: same.map(({ profile }) => profile),
    json: same[0]!.json,
  }));
}

/** `ann.conf`; with the profile behind it where that makes another input of the sample: `ann.conf (uat)`. */
export function profiledName(sample: Sample, profile: string | undefined): string {
  return profile === undefined ? sample.name : `${sample.name} (${profile})`;
}
