// The gate `impact`: who gains and who loses by a version, held against what the owner of its policy allows.
import { exceeded, type ImpactLimits } from "../../impact/judge.ts";
import { refusalsOf } from "../../impact/refusals.ts";
import { sha256 } from "../../store/blobs.ts";
import type { Policy } from "../../store/policies.ts";
import type { Reads } from "../../store/store.ts";
import type { Version } from "../../store/versions.ts";
import { storedGateSettings } from "../gate-settings.ts";
import type { GateResult } from "../gates.ts";
import { conflict, invalid, Problem } from "../http/problem.ts";
import type { Call } from "../http/route.ts";
import type { ImpactReport } from "../questions.ts";
import { ask, type ImpactQuestion, impactLimits } from "../questions.ts";
import { audit } from "./domains.ts";
import { storedRequests } from "./impact.ts";

/** Counts that are kept with a version. */
export interface KeptImpact {
  readonly channel: string;
  readonly against: string;
  readonly people: number;
  readonly gained: number;
  readonly lost: number;
  /** Undefined where the owner sets no bound to it. */
  readonly changed?: number;
  /** Of whose decision nobody can tell whether it lets them in; undefined where there are none, or the owner bounds `changed`. */
  readonly unclear?: number;
  /** Of who gains and who loses what, by which version against which. */
  readonly digest: string;
  readonly otherwise: ImpactLimits["otherwise"];
}

export interface ImpactVerdict extends GateResult {
  /** Undefined where nothing is served to compare with. */
  readonly impact?: KeptImpact;
}

/** Who gains and who loses by a version against what a channel serves now; undefined where it serves nothing, or the version itself. */
export async function versionImpact(
  call: Call,
  { domain, id, entrypoints }: Policy,
  { channel, limits }: { readonly channel: string; readonly limits: ImpactLimits | undefined },
  candidate: ImpactQuestion["candidate"],
): Promise<{ readonly against: string; readonly entrypoint: string; readonly report: ImpactReport } | undefined> {
  const { rms } = call;
  const served = await rms.store.channels.get(domain, id, channel);
  if (served === undefined || ("version" in candidate && candidate.version === served.version)) return undefined;
  const [entrypoint, ...others] = entrypoints;
  if (entrypoint === undefined)
    throw invalid("The policy has no entrypoints, so that nobody can be decided for: name them first.");
  const moves = await rms.store.channels.history(domain, id, channel);
  const question: ImpactQuestion = {
    kind: "impact",
    domain,
    policy: id,
    against: served.version,
    candidate,
    entrypoints: [entrypoint, ...others],
    refusals: refusalsOf(entrypoints, limits?.refusals),
    requests: await storedRequests(call, domain, id),
    withSamples: true,
    earlier: moves.find(({ version }) => version !== served.version)?.version,
    watch: limits?.never ?? [],
    boundsChanged: limits?.changed !== undefined,
    place: undefined,
    budget: impactLimits.most,
    logged: 0,
    now: rms.now().getTime(),
  };
  const report = await ask(rms, question);
  if ("fault" in report) throw new Problem(422, "evaluation", "The versions cannot be compared", report.fault);
  return { against: served.version, entrypoint, report };
}

/** Of who gains and who loses what, against which version. */
export const impactDigest = (against: string, { digest }: ImpactReport): string => sha256(`${against}\n${digest}`);

/** What the gate says of a version; undefined where the policy has none. What cannot be compared does not pass. */
export async function judge(
  call: Call,
  policy: Policy,
  candidate: ImpactQuestion["candidate"],
): Promise<ImpactVerdict | undefined> {
  const { impact: limits } = storedGateSettings(policy.gates);
  if (limits === undefined) return undefined;
  const { channel, otherwise } = limits;
  const served = await call.rms.store.channels.get(policy.domain, policy.id, channel);
  try {
    const found = await versionImpact(call, policy, { channel, limits }, candidate);
    if (found === undefined) return verdictOf([], limits);
    const { against, report } = found;
    const { people, gained, lost, changed, unclear } = report;
    const apart = unclear.people === 0 ? {} : { unclear: unclear.people };
    const bounded = limits.changed === undefined ? apart : { changed: changed.people };
    const counts = { people, gained: gained.people, lost: lost.people, ...bounded };
    const digest = impactDigest(against, report);
    const verdict = verdictOf(exceeded(report, limits), limits);
    const notes = notesOf(report);
    return {
      ...verdict,
      ...(notes.length === 0 ? {} : { notes }),
      impact: { channel, against, ...counts, digest, otherwise },
    };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "evaluation") throw error;
    const reason = `who gains and who loses is not known: ${error.message}`;
    const against = served?.version ?? "";
    const nobody = { people: 0, gained: 0, lost: 0 };
    return {
      ...verdictOf([reason], limits),
      impact: { channel, against, ...nobody, digest: sha256(`${against}\n${reason}`), otherwise },
    };
  }
}

/** What is worth a look; it holds nothing back. */
function notesOf({ clock = [], lackingSamples = [] }: ImpactReport): readonly string[] {
  return [
    ...(lackingSamples.length === 0
      ? []
      : [
          `the version has these samples no more, which were served, and they were decided all the same: ${lackingSamples.join(", ")}`,
        ]),
    ...(clock.length === 0
      ? []
      : [
          `the policies call ${clock.join(", ")}, and the comparison is of now: what they decide at another time is not looked at`,
        ]),
  ];
}

function verdictOf(reasons: readonly string[], { channel, otherwise }: ImpactLimits): ImpactVerdict {
  const what =
    otherwise === "approve" ? "somebody else must approve it, with a reason" : "the gate impact of the policy refuses that";
  const diagnostics = reasons.map((reason) => ({ code: "rms_impact", message: `against ${channel}, ${reason}; ${what}` }));
  return { gate: "impact", ok: reasons.length === 0, diagnostics };
}

/** 422 for a publish that the gate refuses, which is audited. */
export async function refuseImpact(call: Call, { domain, id }: Policy, version: string, verdict: ImpactVerdict): Promise<never> {
  await auditRefusal(call, domain, `${domain}/${id}@${version}`, verdict);
  throw gateProblem(422, "The gate impact refused the version", verdict);
}

/** 409 unless the gate lets the channel move to the version, or enough others approved it with just the people of now. */
export async function demandConsent(call: Call, policy: Policy, version: Version): Promise<ImpactVerdict | undefined> {
  const { domain, id } = policy;
  const verdict = await judge(call, policy, { version: version.version });
  if (verdict === undefined || verdict.ok) return verdict;
  const settings = storedGateSettings(policy.gates);
  const given = await consentsTo(call.reads, version, verdict.impact);
  if (settings.impact?.otherwise === "approve" && given.length >= Math.max(1, settings.approvals)) return verdict;
  await auditRefusal(call, domain, `${domain}/${id}@${version.version}`, verdict);
  const lapsed = (await call.reads.versions.consents(domain, id, version.version)).length > given.length;
  throw gateProblem(
    409,
    "The gate impact stops the move",
    verdict,
    lapsed ? " (an earlier approval was of other people than those of now)" : "",
  );
}

/** Who consented to just this. */
export async function consentsTo(
  reads: Reads,
  { domain, policy, version }: Version,
  seen: Pick<KeptImpact, "channel" | "digest"> | undefined,
): Promise<readonly string[]> {
  const all = await reads.versions.consents(domain, policy, version);
  return all.filter(({ channel, digest }) => channel === seen?.channel && digest === seen.digest).map(({ actor }) => actor);
}

/** 409 when the people are others than those that were looked at. */
export function demandSeen(seen: string | undefined, verdict: ImpactVerdict | undefined): void {
  if (seen !== undefined && seen !== verdict?.impact?.digest)
    throw conflict("Who gains and who loses is otherwise by now: look at it again, then approve.");
}

function gateProblem(status: number, title: string, { diagnostics }: ImpactVerdict, more = ""): Problem {
  const detail = `${diagnostics.map(({ message }) => message).join("; ")}${more}`;
  return new Problem(status, "gate", title, detail, { errors: diagnostics });
}

async function auditRefusal(call: Call, domain: string, object: string, verdict: ImpactVerdict): Promise<void> {
  if (call.query.get("dryRun") === "true") return;
  await call.rms.store.transaction((tx) => audit(tx, call, "impact.refuse", domain, object, "", auditedImpact(verdict)));
}

/** What the audit log keeps of it. */
export function auditedImpact({ ok, impact }: ImpactVerdict): unknown {
  return impact === undefined ? { ok } : { ok, ...impact };
}
