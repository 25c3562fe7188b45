// Who gains and who loses by a project that is not published, asked of RMS with the project's own samples.
import type { Project } from "#workspace/project.ts";
import { decisionInputs, type PublishedPolicy } from "./decision-diff.ts";
import { impactLines, impactSummary } from "./impact-text.ts";
import type { AffectedPeople, ImpactRequest, KnownImpact } from "./known-impact.ts";
import { projectFiles } from "./project-files.ts";
import type { Reply } from "./reply.ts";

/** Inputs in one question. */
const mostRequests = 200;

export interface ImpactWish {
  readonly channel: string;
  /** A published version in the project's place. */
  readonly version?: string | undefined;
  readonly entrypoint?: string | undefined;
  /** JSON Pointer of who asks. */
  readonly subject?: string | undefined;
}

/** Asks with the project's samples in all profiles; where it has none, RMS takes those that it keeps. */
export function askImpact(
  project: Project,
  { client, domain, policy }: PublishedPolicy,
  { channel, version, entrypoint, subject }: ImpactWish,
): Promise<Reply<KnownImpact>> {
  const inputs = decisionInputs(project.complete).slice(0, mostRequests);
  const question: ImpactRequest = {
    channel,
    ...(version === undefined ? { files: projectFiles(project) } : { version }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(subject === undefined ? {} : { subject }),
    ...(inputs.length === 0 ? {} : { requests: inputs.map(({ sample, json }) => ({ name: sample, input: json })) }),
  };
  return client.impact(domain, policy, question);
}

export type ToldImpact =
  | { readonly impact: KnownImpact; readonly summary: string; readonly detail: string }
  /** Why nothing is known, in words. */
  | { readonly untold: string };

/** In words, for a publish. */
export async function tellImpact(project: Project, published: PublishedPolicy, channel: string): Promise<ToldImpact> {
  const reply = await askImpact(project, published, { channel });
  if (!reply.ok) {
    const { status, message } = reply.failure;
    return { untold: status === 404 ? "this RMS cannot tell who gains and who loses" : `not known: ${message}` };
  }
  const impact = reply.value;
  if (impact.people === 0) return { untold: `RMS knows nobody in ${published.domain}` };
  if (impact.requests.length === 0) return { untold: "no sample says who asks, so that nobody was decided for" };
  const [, ...lines] = impactLines(impact);
  return { impact, summary: impactSummary(impact), detail: lines.map((line) => line.trimStart()).join("\n") };
}

/** True where somebody may do more or less than before. */
export function isFelt(impact: KnownImpact | undefined): boolean {
  if (impact === undefined) return false;
  const { gained, lost, unclear, strangers } = impact;
  const people = gained.people + lost.people + (unclear?.people ?? 0);
  return people + strangers.gained.length + strangers.lost.length + (strangers.unclear?.length ?? 0) > 0;
}

/** Who gains and who loses what, to be told apart from others. */
export function impactKey({ gained, lost, unclear, strangers }: KnownImpact): unknown {
  const whoAndWhat = ({ people, subjects }: AffectedPeople) => [
    people,
    subjects.map(({ subject, requests }) => [subject, requests]),
  ];
  return [whoAndWhat(gained), whoAndWhat(lost), unclear === undefined ? [] : whoAndWhat(unclear), strangers];
}
