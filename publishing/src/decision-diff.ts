// What a project decides otherwise than a published version, and one version than another, for each of the project's samples and entrypoints.
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { canonicalJson, type Json, readJson } from "#bundles/canonical-json.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import type { Project } from "#workspace/project.ts";
import { profiled, profiledName } from "#workspace/sample-questions.ts";
import { type Change, compareDecisions, type Decided, type DecisionInput, decideAll } from "./decisions.ts";
import type { Reply } from "./reply.ts";
import type { RmsClient } from "./rms-client.ts";

export interface PublishedPolicy {
  readonly client: RmsClient;
  readonly domain: string;
  readonly policy: string;
}

export interface DecisionDiff {
  readonly changes: readonly Change[];
  /** How many decisions were compared. */
  readonly decided: number;
}

/** The texts of a version's files by their paths; `wanted` chooses. */
export async function versionTexts(
  { client, domain, policy }: PublishedPolicy,
  version: string,
  wanted: (path: string) => boolean = () => true,
): Promise<Reply<ReadonlyMap<string, string>>> {
  const list = await client.files(domain, policy, version);
  if (!list.ok) return list;
  const texts = new Map<string, string>();
  for (const { path } of list.value.items) {
    if (!wanted(path)) continue;
    const text = await client.file(domain, policy, version, path);
    if (!text.ok) return text;
    texts.set(path, text.value);
  }
  return { ...list, value: texts };
}

/** Every sample as it is, and as each profile makes it where that is something else. */
export function decisionInputs(project: Project): readonly DecisionInput[] {
  return project.inputs.samples.flatMap((sample) =>
    profiled(project, sample).flatMap(({ profiles, json }) => {
      const named = profiles[0] === undefined ? profiles.slice(0, 1) : profiles;
      return named.map((profile) => ({
        sample: profiledName(sample, profile),
        json,
        mocks: project.configuration.mocks(profile),
      }));
    }),
  );
}

/** Decides every sample, in every profile, by the version and by the project, with the project's own roles on both sides. */
export async function diffProject(
  project: Project,
  published: PublishedPolicy,
  version: string,
  now: bigint,
): Promise<Reply<DecisionDiff>> {
  const before = await decidedByVersion(project, published, version, now);
  if (!before.ok) return before;
  const after = decideAll(project.checked, project.data.json, project.entrypoints, decisionInputs(project.complete), now);
  return { ...before, value: { changes: compareDecisions(before.value, after), decided: after.length } };
}

/** The same for two versions. */
export async function diffVersions(
  project: Project,
  published: PublishedPolicy,
  [from, to]: readonly [string, string],
  now: bigint,
): Promise<Reply<DecisionDiff>> {
  const before = await decidedByVersion(project, published, from, now);
  if (!before.ok) return before;
  const after = await decidedByVersion(project, published, to, now);
  if (!after.ok) return after;
  return { ...after, value: { changes: compareDecisions(before.value, after.value), decided: after.value.length } };
}

async function decidedByVersion(
  project: Project,
  published: PublishedPolicy,
  version: string,
  now: bigint,
): Promise<Reply<readonly Decided[]>> {
  const reply = await publishedVersion(project, published, version);
  if (!reply.ok) return reply;
  const { checked, data } = reply.value;
  const { entrypoints } = project;
  const value = checked.complete ? decideAll(checked, data, entrypoints, decisionInputs(project.complete), now) : [];
  return { ...reply, value };
}

/** A version with what of the project it does not hold: the library, and the roles. */
export interface PublishedVersion {
  readonly checked: Checked;
  /** Its policies, without those of tests and the library. */
  readonly modules: readonly ParsedModule[];
  readonly data: string;
}

export async function publishedVersion(
  project: Project,
  published: PublishedPolicy,
  version: string,
): Promise<Reply<PublishedVersion>> {
  const isPolicy = (path: string): boolean => path.endsWith(".rego") && !path.endsWith("_test.rego");
  const reply = await versionTexts(published, version, (path) => isPolicy(path) || path === "data.json");
  if (!reply.ok) return reply;
  const texts = reply.value;
  const modules = [...texts].filter(([path]) => isPolicy(path)).map(([path, text]) => parseModule(text, { file: path }));
  const library = project.library.map((file) => parseModule(file.text, { file: file.path }));
  const checked = checkModules([...modules, ...library]);
  return { ...reply, value: { checked, modules, data: withRms(texts.get("data.json") ?? "{}", project.data.json) } };
}

/** The published data with the project's `data.rms`, so that both sides decide by the same roles. */
function withRms(published: string, current: string): string {
  const [base, own] = [readJson(published), readJson(current)];
  if (!("value" in base) || !(base.value instanceof Map) || !("value" in own) || !(own.value instanceof Map)) return published;
  const merged = new Map<string, Json>(base.value);
  const rms = (own.value as ReadonlyMap<string, Json>).get("rms");
  if (rms !== undefined) merged.set("rms", rms);
  return canonicalJson(merged);
}
