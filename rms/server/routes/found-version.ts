// The version that an address names, and its shape in answers.
import type { Reads } from "../../store/store.ts";
import type { Version } from "../../store/versions.ts";
import { notFound } from "../http/problem.ts";
import type { Call } from "../http/route.ts";
import { timeText } from "../times.ts";
import { foundPolicy } from "./domains.ts";
import type { ImpactVerdict } from "./impact-gate.ts";

export function versionItem({ version, digest, state, author, at, message, gates }: Version): Readonly<Record<string, unknown>> {
  const impact = impactGateOf({ gates })?.impact;
  return { version, digest, state, author, at: timeText(at), message, ...(impact === undefined ? {} : { impact }) };
}

/** What the gate impact said when the version was published. */
export function impactGateOf({ gates }: Pick<Version, "gates">): ImpactVerdict | undefined {
  return (gates as readonly ImpactVerdict[]).find(({ gate }) => gate === "impact");
}

/** The shape of one that is read, with who has approved it. */
export async function shownVersion(version: Version, reads: Reads): Promise<Readonly<Record<string, unknown>>> {
  const approvedBy = await reads.versions.approvers(version.domain, version.policy, version.version);
  const isTold = version.state === "awaiting_approval" || approvedBy.length > 0;
  return { ...versionItem(version), ...(isTold ? { approvedBy } : {}) };
}

/** A version of the policy of the address; 404 where there is none. */
export async function foundVersion(call: Call, version: string, reads: Reads = call.reads): Promise<Version> {
  const policy = await foundPolicy(call, reads);
  const found = await reads.versions.get(policy.domain, policy.id, version);
  if (found === undefined) throw notFound();
  return found;
}
