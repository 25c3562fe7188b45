// What becomes of a version after its publish: approved or rejected by another person, withdrawn by its owner.
import { exceeded } from "../../impact/judge.ts";
import type { VersionState } from "../../store/versions.ts";
import { storedGateSettings } from "../gate-settings.ts";
import type { Answer } from "../http/answer.ts";
import { conflict, invalid, Problem } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, optionalText } from "../http/shape.ts";
import { write } from "../http/write.ts";
import { seconds } from "../times.ts";
import { audit, foundPolicy, policyPath } from "./domains.ts";
import { foundVersion, impactGateOf, shownVersion, versionItem } from "./found-version.ts";
import { shownImpact } from "./impact.ts";
import { auditedImpact, consentsTo, demandSeen, impactDigest, judge, versionImpact } from "./impact-gate.ts";

const base = `${policyPath}/versions/:version`;

const ownVersion = (): Problem => new Problem(403, "own-version", "Not allowed", "Nobody decides on a version of their own.");

/**
 * One person's approval; with the last one that the policy asks for the version is published. Where more people gain or lose than the policy
 * allows, it is an approval of just these, with a reason, and of a version that is published already, too.
 */
async function approve(call: Call): Promise<Answer> {
  const name = param(call, "version");
  const reason = optionalText(bodyOf(call), "reason");
  const found = await foundVersion(call, name);
  const isOpen = found.state === "published" || found.state === "awaiting_approval";
  if (isOpen && found.author === call.principal.subject) throw ownVersion();
  const verdict = isOpen ? await judge(call, await foundPolicy(call), { version: name }) : undefined;
  if (isOpen) demandSeen(optionalText(bodyOf(call), "impact"), verdict);
  const felt = verdict?.ok === false && verdict.impact?.otherwise === "approve" ? verdict.impact : undefined;
  if (felt !== undefined && (reason ?? "") === "")
    throw invalid(`${verdict?.diagnostics[0]?.message ?? ""}: say why (reason).`, verdict?.diagnostics);
  return write(call, async (tx) => {
    const before = await foundVersion(call, name, tx);
    const { domain, policy, author, digest } = before;
    const { subject } = call.principal;
    if (author === subject) throw ownVersion();
    if (before.state !== "published" && before.state !== "awaiting_approval") throw conflict(`The version is ${before.state}.`);
    const at = seconds(call.rms.now());
    const { approvals } = storedGateSettings((await foundPolicy(call, tx)).gates);
    const needed = Math.max(approvals, impactGateOf(before)?.ok === false || felt !== undefined ? 1 : 0);
    const consented =
      felt !== undefined &&
      (await tx.versions.consent(domain, policy, name, { channel: felt.channel, digest: felt.digest, actor: subject }, at));
    if (before.state === "published" && !consented) return { status: 200, body: versionItem(before) };
    const fresh = before.state !== "published" && (await tx.versions.approve(domain, policy, name, subject, at));
    const approvedBy = before.state === "published" ? [subject] : await tx.versions.approvers(domain, policy, name);
    const done = before.state === "published" || approvedBy.length >= needed;
    if (done) await tx.versions.setState(domain, policy, name, "published");
    const detail = {
      ...{ digest, approval: approvedBy.length, of: Math.max(1, needed) },
      ...(verdict === undefined ? {} : { impact: auditedImpact(verdict) }),
    };
    if (fresh || consented || done)
      await audit(tx, call, "version.approve", domain, `${domain}/${policy}@${name}`, reason, detail);
    return { status: 200, body: await shownVersion({ ...before, state: done ? "published" : before.state }, tx) };
  });
}

/** Who gains and who loses by the version against what the channel of the gate, or another one, serves now. */
async function impactNow(call: Call): Promise<Answer> {
  const policy = await foundPolicy(call);
  const version = await foundVersion(call, param(call, "version"));
  const { impact: limits } = storedGateSettings(policy.gates);
  const channel = call.query.get("channel") ?? limits?.channel;
  if (channel === undefined) throw invalid("The policy has no gate impact: name a channel with ?channel=.");
  const found = await versionImpact(call, policy, { channel, limits }, { version: version.version });
  if (found === undefined) throw conflict(`The channel ${channel} serves nothing else to compare with.`);
  const { against, entrypoint, report } = found;
  const digest = impactDigest(against, report);
  const shown = { channel, against, entrypoint, ...shownImpact(report), digest };
  if (limits === undefined || limits.channel !== channel) return { status: 200, body: shown };
  const exceeds = exceeded(report, limits);
  const consents = await consentsTo(call.reads, version, { channel, digest });
  return { status: 200, body: { ...shown, gate: { ok: exceeds.length === 0, otherwise: limits.otherwise, exceeds, consents } } };
}

/** Takes a version from a state to another, once; the same act again changes nothing. */
function toState(
  to: Exclude<VersionState, "published">,
  from: readonly VersionState[],
  action: string,
): (call: Call) => Promise<Answer> {
  return (call) =>
    write(call, async (tx) => {
      const reason = optionalText(bodyOf(call), "reason");
      const name = param(call, "version");
      const before = await foundVersion(call, name, tx);
      const { domain, policy } = before;
      if (before.state === to) return { status: 200, body: versionItem(before) };
      if (!from.includes(before.state)) throw conflict(`The version is ${before.state.replace("_", " ")}.`);
      if (to === "withdrawn") {
        const served = (await tx.channels.list(domain, policy)).filter((channel) => channel.version === name);
        if (served.length > 0)
          throw conflict(`The version is served by ${served.map(({ id }) => id).join(", ")}; move that first.`);
      } else if (before.author === call.principal.subject) {
        throw ownVersion();
      }
      await tx.versions.setState(domain, policy, name, to);
      await audit(tx, call, action, domain, `${domain}/${policy}@${name}`, reason, { digest: before.digest });
      return { status: 200, body: versionItem({ ...before, state: to }) };
    });
}

export const versionStateRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${base}/impact`,
    scope: "read",
    summary: "Who gains and who loses by a version against what a channel serves now, and what the gate impact says to it",
    handle: impactNow,
  },
  {
    method: "POST",
    path: `${base}/approve`,
    scope: "channel:write",
    summary: "Approve a version of somebody else that waits for it",
    handle: approve,
  },
  {
    method: "POST",
    path: `${base}/reject`,
    scope: "channel:write",
    summary: "Reject a version of somebody else that waits for an approval",
    handle: toState("rejected", ["awaiting_approval"], "version.reject"),
  },
  {
    method: "POST",
    path: `${base}/withdraw`,
    scope: "channel:write",
    summary: "Withdraw a version that no channel serves; no channel moves to it any more",
    handle: toState("withdrawn", ["published", "awaiting_approval"], "version.withdraw"),
  },
];
