// The number that a publish proposes: the newest version's, raised by what kind of change it is.
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { findEntrypoints } from "#workspace/entrypoints.ts";
import type { Project } from "#workspace/project.ts";
import { diffProject, type PublishedPolicy, publishedVersion } from "./decision-diff.ts";
import type { Change } from "./decisions.ts";
import { projectFiles } from "./project-files.ts";
import type { Reply } from "./reply.ts";
import { type ChangeKind, type VersionChange, versionChange } from "./version-change.ts";

export interface ProposedVersion {
  /** `1.2.0` */
  readonly version: string;
  /** Why it is this one: `minor: the rule orders.deny is new`. */
  readonly reason: string;
  /** The numbers that an author may take instead; nothing where there is one alone. */
  readonly choices: readonly VersionChoice[];
}

export interface VersionChoice {
  readonly version: string;
  readonly kind: ChangeKind;
}

/** What a publish knows already. */
export interface KnownChanges {
  /** The version that the channel has, and which decisions of samples are others there. */
  readonly channel: { readonly version: string; readonly changes: readonly Change[] } | undefined;
  /** In words, who gains and who loses; undefined where nobody does. */
  readonly people: string | undefined;
  readonly now: bigint;
}

/** `1.2.0 (minor: the rule orders.deny is new)`; of a number that the author gave instead, also which one is next. */
export function numberText(version: string, proposed: ProposedVersion | undefined): string {
  if (proposed === undefined) return version;
  const next = `${proposed.version} (${proposed.reason})`;
  return version === proposed.version ? next : `${version}, where ${next} is next`;
}

type Numbers = readonly [major: number, minor: number, patch: number];

/** The newest version again when its content is the same; fails where RMS cannot be asked. */
export async function proposeVersion(
  project: Project,
  published: PublishedPolicy,
  known: KnownChanges,
): Promise<Reply<ProposedVersion>> {
  const reply = await published.client.versions(published.domain, published.policy);
  if (!reply.ok) return reply;
  const newest = newestOf(reply.value.items.map(({ version }) => version));
  if (newest === undefined) return { ...reply, value: { version: "1.0.0", reason: "the first version", choices: [] } };
  const version = newest.join(".");
  const same = await isSame(project, published, version);
  if (!same.ok) return same;
  if (same.value) return { ...reply, value: { version, reason: "nothing of it is another", choices: [] } };
  const change = await changeSince(project, published, version, known);
  return change.ok ? { ...reply, value: proposal(newest, change.value) } : change;
}

function newestOf(versions: readonly string[]): Numbers | undefined {
  const numbers = versions.flatMap((version): readonly Numbers[] => {
    const found = /^(\d+)\.(\d+)\.(\d+)$/u.exec(version);
    return found === null ? [] : [[Number(found[1]), Number(found[2]), Number(found[3])]];
  });
  return numbers.sort((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2])[0];
}

function proposal(newest: Numbers, { kind, reason }: VersionChange): ProposedVersion {
  // As semver has it, nothing is promised before 1.0.0, and who publishes says when that is.
  const early = newest[0] === 0 && kind === "major";
  const choices = (["patch", "minor", "major"] as const).map((one) => ({ kind: one, version: raised(newest, one) }));
  return {
    version: raised(newest, early ? "minor" : kind),
    reason: early ? `minor before 1.0.0: ${reason}` : `${kind}: ${reason}`,
    choices,
  };
}

function raised([major, minor, patch]: Numbers, kind: ChangeKind): string {
  switch (kind) {
    case "major":
      return `${major + 1}.0.0`;
    case "minor":
      return `${major}.${minor + 1}.0`;
    case "patch":
      return `${major}.${minor}.${patch + 1}`;
  }
}

async function isSame(project: Project, { client, domain, policy }: PublishedPolicy, version: string): Promise<Reply<boolean>> {
  const wanted = projectFiles(project);
  const list = await client.files(domain, policy, version);
  if (!list.ok) return list;
  if (list.value.items.length !== Object.keys(wanted).length) return { ...list, value: false };
  for (const { path } of list.value.items) {
    if (wanted[path] === undefined) return { ...list, value: false };
    const text = await client.file(domain, policy, version, path);
    if (!text.ok) return text;
    if (text.value !== wanted[path]) return { ...list, value: false };
  }
  return { ...list, value: true };
}

async function changeSince(
  project: Project,
  published: PublishedPolicy,
  version: string,
  { channel, people, now }: KnownChanges,
): Promise<Reply<VersionChange>> {
  const old = await publishedVersion(project, published, version);
  if (!old.ok) return old;
  const { checked: before, modules } = old.value;
  if (!before.complete) {
    const reason = `the policies of ${version} have errors by now, so that nothing is compared`;
    return { ...old, value: { kind: "patch", reason } };
  }
  const diff =
    channel?.version === version
      ? { ...old, value: { changes: channel.changes } }
      : await diffProject(project, published, version, now);
  if (!diff.ok) return diff;
  const decisions = decisionWords(diff.value.changes, people);
  const entrypoints = [...project.entrypoints, ...(await servedEntrypoints(published, modules))];
  return { ...old, value: versionChange({ before, after: project.checked, entrypoints, decisions }) };
}

/** What RMS has for the policy; where it has none, what the version itself offers. */
async function servedEntrypoints(
  { client, domain, policy }: PublishedPolicy,
  modules: readonly ParsedModule[],
): Promise<readonly string[]> {
  const known = await client.knownPolicy(domain, policy);
  const named = known.ok ? (known.value.entrypoints ?? []) : [];
  return findEntrypoints(named, () => modules);
}

function decisionWords(changes: readonly Change[], people: string | undefined): string | undefined {
  const { length } = changes;
  const samples = length === 0 ? [] : [length === 1 ? "1 decision of a sample changes" : `${length} decisions of samples change`];
  const all = [...samples, ...(people === undefined ? [] : [people])];
  return all.length === 0 ? undefined : all.join(", ");
}
