// What becomes of a version after its publish: approved or rejected by another person, withdrawn by its owner.
import type { VersionState } from "../../store/versions.ts";
import { storedGateSettings } from "../gate-settings.ts";
import type { Answer } from "../http/answer.ts";
import { conflict, Problem } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, optionalText } from "../http/shape.ts";
import { write } from "../http/write.ts";
import { seconds } from "../times.ts";
import { audit, foundPolicy, policyPath } from "./domains.ts";
import { foundVersion, shownVersion, versionItem } from "./found-version.ts";

const base = `${policyPath}/versions/:version`;

const ownVersion = (): Problem => new Problem(403, "own-version", "Not allowed", "Nobody decides on a version of their own.");

/** One person's approval; with the last one that the policy asks for the version is published. */
function approve(call: Call): Promise<Answer> {
  return write(call, async (tx) => {
    const name = param(call, "version");
    const before = await foundVersion(call, name, tx);
    const { domain, policy, author, digest } = before;
    const { subject } = call.principal;
    if (author === subject) throw ownVersion();
    if (before.state === "published") return { status: 200, body: versionItem(before) };
    if (before.state !== "awaiting_approval") throw conflict(`The version is ${before.state}.`);
    const fresh = await tx.versions.approve(domain, policy, name, subject, seconds(call.rms.now()));
    const approvedBy = await tx.versions.approvers(domain, policy, name);
    const { approvals } = storedGateSettings((await foundPolicy(call, tx)).gates);
    const done = approvedBy.length >= approvals;
    if (done) await tx.versions.setState(domain, policy, name, "published");
    const detail = { digest, approval: approvedBy.length, of: Math.max(1, approvals) };
    const reason = optionalText(bodyOf(call), "reason");
    if (fresh || done) await audit(tx, call, "version.approve", domain, `${domain}/${policy}@${name}`, reason, detail);
    return { status: 200, body: await shownVersion({ ...before, state: done ? "published" : before.state }, tx) };
  });
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
