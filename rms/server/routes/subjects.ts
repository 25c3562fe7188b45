// Subjects: what they hold and held, and the switch that takes everything from them at once.
import { includedRoles, type RoleFacts } from "#bundles/rms-data.ts";
import type { Member } from "../../store/roles.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/paging.ts";
import type { Call, Route } from "../http/route.ts";
import { bodyOf, optionalText } from "../http/shape.ts";
import { microsText, seconds } from "../times.ts";
import { domainPath, foundDomain } from "./domains.ts";
import { changeFacts, diffOf, memberItem, subjectOf } from "./facts.ts";

/** Memberships of the past that an answer has, the newest first. */
const shownHistory = 500;

function suspension(suspended: boolean): (call: Call) => Promise<Answer> {
  return (call) =>
    changeFacts(call, async (tx, by) => {
      const { id: domain } = await foundDomain(call, tx);
      const subject = subjectOf(call);
      const reason = optionalText(bodyOf(call), "reason") ?? "";
      const before = await tx.roles.isSuspended(domain, subject);
      const diff = diffOf(call, { suspended: before }, { suspended });
      const answer = { status: 200, body: { subject, suspended, ...diff } };
      if (before === suspended) return { answer };
      if (suspended) await tx.roles.suspend(domain, subject, by(reason));
      else await tx.roles.restore(domain, subject, by(reason));
      const action = suspended ? "subject.suspend" : "subject.restore";
      return { answer, event: { action, object: `subjects/${subject}`, reason } };
    });
}

/** True for a membership that counts at a time. */
function holds({ from = 0, until = Number.POSITIVE_INFINITY }: Member, now: number): boolean {
  return from <= now && now < until;
}

/** What a subject holds now, also through the roles that its roles include, and every membership that was ever recorded of it. */
async function subjectItem(call: Call): Promise<Answer> {
  const { id: domain } = await foundDomain(call);
  const subject = subjectOf(call);
  const { roles: reads } = call.reads;
  const now = seconds(call.rms.now());
  const held = (await reads.heldBy(domain, subject)).filter((one) => holds(one, now));
  const all = new Map((await reads.list(domain)).map((role): [string, RoleFacts] => [role.id, { ...role, members: [] }]));
  const responsibilities = held.flatMap(({ role }) =>
    includedRoles(role, all).flatMap((id) => (all.get(id)?.responsibilities ?? []).map((grant) => ({ role, ...grant }))),
  );
  const history = (await reads.historyOf(domain, subject)).slice(0, shownHistory);
  return {
    status: 200,
    body: {
      subject,
      suspended: await reads.isSuspended(domain, subject),
      roles: held.map(({ role }) => role),
      responsibilities,
      sources: [...(await call.reads.sources.sayings(domain, subject))].map(([source, said]) => ({ source, ...said })),
      history: history.map(({ fact, recordedFrom, recordedTo, actor, reason }) => {
        const { subject: _subject, ...bounds } = memberItem(fact);
        return {
          role: fact.role,
          ...bounds,
          recordedFrom: microsText(recordedFrom),
          ...(recordedTo === undefined ? {} : { recordedTo: microsText(recordedTo) }),
          actor,
          reason,
        };
      }),
    },
  };
}

export const subjectRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/subjects`,
    scope: "read",
    summary: "Everybody whom the domain knows, by id; `q` is a part of it",
    handle: async (call) => {
      const { id: domain } = await foundDomain(call);
      const q = call.query.get("q")?.normalize("NFC");
      const now = seconds(call.rms.now());
      return page(call.query, {
        read: (part) => call.reads.roles.subjects(domain, { ...part, q }),
        key: (subject) => subject,
        show: async (subject) => ({
          subject,
          suspended: await call.reads.roles.isSuspended(domain, subject),
          roles: (await call.reads.roles.heldBy(domain, subject)).filter((one) => holds(one, now)).map(({ role }) => role),
        }),
      });
    },
  },
  {
    method: "GET",
    path: `${domainPath}/subjects/:subject`,
    scope: "read",
    summary: "What a subject holds and held",
    handle: subjectItem,
  },
  {
    method: "POST",
    path: `${domainPath}/subjects/:subject/suspend`,
    scope: "roles:write",
    summary: "Suspend a subject in all roles",
    handle: suspension(true),
  },
  {
    method: "POST",
    path: `${domainPath}/subjects/:subject/restore`,
    scope: "roles:write",
    summary: "Restore a suspended subject",
    handle: suspension(false),
  },
];
