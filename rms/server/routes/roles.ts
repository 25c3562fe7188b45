// The role service: roles, members and suspensions, bitemporal; each change makes a new snapshot and wakes the sidecars.
import { includedRoles, type RoleFacts, readDomainFacts } from "#bundles/rms-data.ts";
import { sha256 } from "../../store/blobs.ts";
import type { Member, Recording, Role } from "../../store/roles.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import { invalid, notFound } from "../http/problem.ts";
import { type Answer, type Call, param, type Route } from "../http/router.ts";
import { objectBody, optionalText, optionalTime } from "../http/shape.ts";
import { micros, seconds } from "../rms.ts";
import { audit, domainPath, foundDomain } from "./domains.ts";
import { batchAnswer, type MemberLine, memberLines } from "./members-batch.ts";

const roleId = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

async function foundRole(call: Call, reads: Reads = call.rms.store): Promise<Role> {
  const { id } = await foundDomain(call, reads);
  const role = await reads.roles.get(id, param(call, "role"));
  if (role === undefined) throw notFound();
  return role;
}

/** What a change of facts did. */
interface Change {
  readonly answer: Answer;
  /** The audit event; undefined when everything was so already and nothing was written. */
  readonly event?: { readonly action: string; readonly object: string; readonly reason: string; readonly detail?: unknown };
}

/** Changes facts of the domain: one transaction with audit and snapshot, then the wake-up. */
async function change(
  call: Call,
  work: (tx: Transaction, by: (reason: string) => Recording) => Promise<Change>,
): Promise<Answer> {
  const { rms } = call;
  const domain = param(call, "domain");
  const now = rms.now();
  const by = (reason: string): Recording => ({ at: micros(now), actor: call.principal.subject, reason });
  const { answer, event } = await rms.store.transaction(async (tx) => {
    await foundDomain(call, tx);
    const done = await work(tx, by);
    if (done.event !== undefined) {
      const { action, object, reason, detail } = done.event;
      await tx.domains.factsChanged(domain, seconds(now));
      await audit(tx, call, action, domain, `${domain}/${object}`, reason, detail);
    }
    return done;
  });
  if (event !== undefined) rms.serving.changed(rms, domain);
  return answer;
}

function subjectOf(call: Call): string {
  const subject = param(call, "subject");
  if (Buffer.byteLength(subject) > 256) throw invalid("A subject's id has at most 256 bytes.");
  return subject;
}

function putRole(call: Call): Promise<Answer> {
  return change(call, async (tx, by) => {
    const domain = param(call, "domain");
    const id = param(call, "role");
    if (!roleId.test(id)) throw invalid(`${JSON.stringify(id)} is no role id.`);
    const body = objectBody(call.body, ["title", "risk", "includes", "responsibilities", "reason"]);
    const { reason: _reason, ...facts } = body;
    const roles = await tx.roles.list(domain);
    const read = readDomainFacts({
      domain,
      roles: Object.fromEntries([...roles.map(({ id: other, ...rest }) => [other, rest] as const), [id, facts] as const]),
    });
    if ("fault" in read) throw invalid(read.fault);
    const all = new Map(read.facts.roles.map((one) => [one.id, one]));
    const { members: _members, ...role } = all.get(id)!;
    for (const included of role.includes) {
      if (includedRoles(included, all).includes(id)) throw invalid(`The roles ${id} and ${included} would include each other.`);
    }
    const reason = optionalText(body, "reason") ?? "";
    await tx.roles.put(domain, role, by(reason));
    const { id: _id, ...detail } = role;
    return {
      answer: {
        status: roles.some((one) => one.id === id) ? 200 : 201,
        body: { ...role, memberCount: await tx.roles.memberCount(domain, id) },
      },
      event: { action: "role.put", object: `roles/${id}`, reason, detail },
    };
  });
}

function deleteRole(call: Call): Promise<Answer> {
  return change(call, async (tx, by) => {
    const { id } = await foundRole(call, tx);
    const domain = param(call, "domain");
    const user = (await tx.roles.list(domain)).find((one) => one.includes.includes(id));
    if (user !== undefined) throw invalid(`The role ${user.id} includes ${id}: change that first.`);
    const reason = call.query.get("reason") ?? "";
    await tx.roles.end(domain, id, by(reason));
    return { answer: { status: 204 }, event: { action: "role.delete", object: `roles/${id}`, reason } };
  });
}

function putMember(call: Call): Promise<Answer> {
  return change(call, async (tx, by) => {
    const { id } = await foundRole(call, tx);
    const subject = subjectOf(call);
    const body = objectBody(call.body ?? {}, ["validFrom", "validUntil", "reason"]);
    const from = optionalTime(body, "validFrom");
    const until = optionalTime(body, "validUntil");
    if (from !== undefined && until !== undefined && until <= from) throw invalid("validUntil must be after validFrom.");
    const reason = optionalText(body, "reason") ?? "";
    const domain = param(call, "domain");
    const before = await tx.roles.member(domain, id, subject);
    const item = { subject, role: id, validFrom: body["validFrom"], validUntil: body["validUntil"] };
    if (!differs(before, { op: "put", subject, from, until, reason })) return { answer: { status: 200, body: item } };
    await tx.roles.putMember(domain, id, { subject, from, until }, by(reason));
    return {
      answer: { status: before === undefined ? 201 : 200, body: item },
      event: { action: "member.put", object: `roles/${id}/members/${subject}`, reason, detail: { from, until } },
    };
  });
}

function deleteMember(call: Call): Promise<Answer> {
  return change(call, async (tx, by) => {
    const { id } = await foundRole(call, tx);
    const subject = subjectOf(call);
    const domain = param(call, "domain");
    if ((await tx.roles.member(domain, id, subject)) === undefined) return { answer: { status: 204 } };
    const reason = call.query.get("reason") ?? "";
    await tx.roles.endMember(domain, id, subject, by(reason));
    return { answer: { status: 204 }, event: { action: "member.delete", object: `roles/${id}/members/${subject}`, reason } };
  });
}

function differs(before: Member | undefined, { op, from, until }: MemberLine): boolean {
  if (op === "delete") return before !== undefined;
  return before === undefined || before.from !== from || before.until !== until;
}

async function batch(call: Call): Promise<Answer> {
  await foundRole(call);
  const lines = memberLines(call);
  const dryRun = call.query.get("dryRun") === "true";
  return change(call, async (tx, by) => {
    const { id } = await foundRole(call, tx);
    const domain = param(call, "domain");
    const changed: MemberLine[] = [];
    for (const line of lines) {
      if (differs(await tx.roles.member(domain, id, line.subject), line)) changed.push(line);
    }
    const answer = batchAnswer(lines, changed.length, dryRun);
    if (changed.length === 0 || dryRun) return { answer };
    const reason = call.query.get("reason") ?? "";
    for (const { op, subject, from, until, reason: own } of changed) {
      if (op === "delete") await tx.roles.endMember(domain, id, subject, by(own ?? reason));
      else await tx.roles.putMember(domain, id, { subject, from, until }, by(own ?? reason));
    }
    const detail = { changed: changed.length, digest: sha256(call.rawBody) };
    return { answer, event: { action: "member.batch", object: `roles/${id}/members`, reason, detail } };
  });
}

function suspension(suspend: boolean): (call: Call) => Promise<Answer> {
  return (call) =>
    change(call, async (tx, by) => {
      const subject = subjectOf(call);
      const domain = param(call, "domain");
      const reason = optionalText(objectBody(call.body ?? {}, ["reason"]), "reason") ?? "";
      const answer = { status: 200, body: { subject, suspended: suspend } };
      if ((await tx.roles.isSuspended(domain, subject)) === suspend) return { answer };
      if (suspend) await tx.roles.suspend(domain, subject, by(reason));
      else await tx.roles.restore(domain, subject, by(reason));
      const action = suspend ? "subject.suspend" : "subject.restore";
      return { answer, event: { action, object: `subjects/${subject}`, reason } };
    });
}

/** What a subject holds, also through the roles that its roles include. */
async function subjectItem(call: Call): Promise<Answer> {
  const { id: domain } = await foundDomain(call);
  const subject = subjectOf(call);
  const { roles: reads } = call.rms.store;
  const held = await reads.heldBy(domain, subject);
  const all = new Map((await reads.list(domain)).map((role): [string, RoleFacts] => [role.id, { ...role, members: [] }]));
  const responsibilities = held.flatMap(({ role }) =>
    includedRoles(role, all).flatMap((id) => (all.get(id)?.responsibilities ?? []).map((grant) => ({ role, ...grant }))),
  );
  return {
    status: 200,
    body: {
      subject,
      suspended: await reads.isSuspended(domain, subject),
      roles: held.map(({ role }) => role),
      responsibilities,
    },
  };
}

export const roleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/roles`,
    scope: "read",
    summary: "The roles of a domain",
    handle: async (call) => {
      const { id } = await foundDomain(call);
      const wanted = call.query.get("q")?.toLowerCase() ?? "";
      const counts = await call.rms.store.roles.memberCounts(id);
      const items = (await call.rms.store.roles.list(id))
        .filter((one) => `${one.id} ${one.title ?? ""}`.toLowerCase().includes(wanted))
        .map((role) => ({ ...role, memberCount: counts.get(role.id) ?? 0 }));
      return { status: 200, body: { items } };
    },
  },
  {
    method: "GET",
    path: `${domainPath}/roles/:role`,
    scope: "read",
    summary: "One role",
    handle: async (call) => {
      const role = await foundRole(call);
      const memberCount = await call.rms.store.roles.memberCount(param(call, "domain"), role.id);
      return { status: 200, body: { ...role, memberCount } };
    },
  },
  { method: "PUT", path: `${domainPath}/roles/:role`, scope: "roles:write", summary: "Set a role as a whole", handle: putRole },
  {
    method: "DELETE",
    path: `${domainPath}/roles/:role`,
    scope: "roles:write",
    summary: "End a role; its history stays",
    handle: deleteRole,
  },
  {
    method: "GET",
    path: `${domainPath}/roles/:role/members`,
    scope: "read",
    summary: "The members of a role",
    handle: async (call) => {
      const { id } = await foundRole(call);
      const members = await call.rms.store.roles.members(param(call, "domain"), id);
      const items = members.map(({ subject, from, until }) => ({ subject, validFrom: time(from), validUntil: time(until) }));
      return { status: 200, body: { items } };
    },
  },
  {
    method: "POST",
    path: `${domainPath}/roles/:role/members:batch`,
    scope: "roles:write",
    summary: "Change many memberships at once, all or none: NDJSON",
    maxBody: 32 * 1024 * 1024,
    consumes: ["application/x-ndjson", "application/ndjson", "application/jsonl"],
    handle: batch,
  },
  {
    method: "PUT",
    path: `${domainPath}/roles/:role/members/:subject`,
    scope: "roles:write",
    summary: "Make a subject a member",
    handle: putMember,
  },
  {
    method: "DELETE",
    path: `${domainPath}/roles/:role/members/:subject`,
    scope: "roles:write",
    summary: "End a membership",
    handle: deleteMember,
  },
  {
    method: "GET",
    path: `${domainPath}/subjects/:subject`,
    scope: "read",
    summary: "What a subject holds",
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

function time(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}
