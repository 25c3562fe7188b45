// The role service: roles, members and suspensions, bitemporal; each change makes a new snapshot and wakes the sidecars.
import { includedRoles, type RoleFacts, readDomainFacts } from "#bundles/rms-data.ts";
import type { Role } from "../../store/roles.ts";
import type { Reads } from "../../store/store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/paging.ts";
import { invalid, invalidMember, notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, optionalText, optionalTime, reasonOf, textList } from "../http/shape.ts";
import { isDryRun } from "../http/write.ts";
import { domainPath, foundDomain } from "./domains.ts";
import { changeFacts, demandReason, diffOf, foundRole, memberItem, subjectOf } from "./facts.ts";
import { batch } from "./members-batch.ts";

/** Names of groups elsewhere are ids of roles here, so that these are not only lower-case words. */
const roleId = /^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,127}$/;

function putRole(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx, by) => {
    const domain = param(call, "domain");
    const id = param(call, "role");
    if (!roleId.test(id))
      throw invalid(`${JSON.stringify(id)} is no role id: those are letters, digits and _ . : @ -, 128 at most.`);
    const { reason: given, owner, ...facts } = bodyOf(call);
    const below = await rolesBelow(tx, domain, textList(facts, "includes"));
    const stubs = Object.fromEntries([...below.keys()].map((other) => [other, {}]));
    const read = readDomainFacts({ domain, roles: { ...stubs, [id]: facts } });
    if ("fault" in read) throw invalid(read.fault);
    const { members: _members, ...own } = read.facts.roles.find((one) => one.id === id)!;
    for (const included of own.includes) {
      if (includedRoles(included, below).includes(id)) throw invalid(`The roles ${id} and ${included} would include each other.`);
    }
    const role: Role = typeof owner === "string" ? { ...own, owner } : own;
    const before = await tx.roles.get(domain, id);
    const status = before === undefined ? 201 : 200;
    const memberCount = await tx.roles.memberCount(domain, id);
    const answer = { status, body: { ...role, memberCount, ...diffOf(call, before, role) } };
    if (before !== undefined && sameRole(before, role)) return { answer };
    const reason = typeof given === "string" ? given : "";
    await tx.roles.put(domain, role, by(reason));
    const { id: _id, ...detail } = role;
    return { answer, event: { action: "role.put", object: `roles/${id}`, reason, detail } };
  });
}

/** The roles of these names that there are, and all that they include. */
async function rolesBelow(reads: Reads, domain: string, names: readonly string[]): Promise<ReadonlyMap<string, RoleFacts>> {
  const found = new Map<string, RoleFacts>();
  const waiting = [...names];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const role = found.has(next) ? undefined : await reads.roles.get(domain, next);
    if (role === undefined) continue;
    found.set(next, { ...role, members: [] });
    waiting.push(...role.includes);
  }
  return found;
}

function sameRole(a: Role, b: Role): boolean {
  const plain = ({ id, title, owner, risk, includes, responsibilities }: Role): string =>
    JSON.stringify([id, title, owner, risk, includes, responsibilities]);
  return plain(a) === plain(b);
}

function deleteRole(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx, by) => {
    const { domain, ...role } = await foundRole(call, tx);
    const { id } = role;
    const user = (await tx.roles.list(domain)).find((one) => one.includes.includes(id));
    if (user !== undefined) throw invalid(`The role ${user.id} includes ${id}: change that first.`);
    const reason = reasonOf(call);
    await tx.roles.end(domain, id, by(reason));
    return {
      answer: { status: 204, ...removedBody(call, role) },
      event: { action: "role.delete", object: `roles/${id}`, reason },
    };
  });
}

/** A dry run of a removal has a body. */
function removedBody(call: Call, before: unknown): Pick<Answer, "body"> {
  return isDryRun(call) ? { body: diffOf(call, before, null) } : {};
}

function putMember(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx, by) => {
    const { id, domain } = await foundRole(call, tx);
    const subject = subjectOf(call);
    const body = bodyOf(call);
    const member = { subject, from: optionalTime(body, "validFrom"), until: optionalTime(body, "validUntil") };
    const { from, until } = member;
    if (from !== undefined && until !== undefined && until <= from) throw invalidMember("validUntil", "must be after validFrom");
    const reason = optionalText(body, "reason") ?? "";
    const why = demandReason(call, from, reason);
    if (why !== undefined) throw invalid(why);
    const before = await tx.roles.member(domain, id, subject);
    const diff = diffOf(call, before === undefined ? undefined : memberItem(before), memberItem(member));
    const answer = { status: before === undefined ? 201 : 200, body: { ...memberItem(member), role: id, ...diff } };
    // One that a source made becomes somebody's own: the source ends it no more.
    if (before !== undefined && before.origin === undefined && before.from === from && before.until === until) return { answer };
    await tx.roles.putMember(domain, id, member, by(reason));
    return {
      answer,
      event: { action: "member.put", object: `roles/${id}/members/${subject}`, reason, detail: { from, until } },
    };
  });
}

function deleteMember(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx, by) => {
    const { id, domain } = await foundRole(call, tx);
    const subject = subjectOf(call);
    const before = await tx.roles.member(domain, id, subject);
    const gone = { status: 204, ...removedBody(call, before === undefined ? undefined : memberItem(before)) };
    if (before === undefined) return { answer: gone };
    const reason = reasonOf(call);
    await tx.roles.endMember(domain, id, subject, by(reason));
    return { answer: gone, event: { action: "member.delete", object: `roles/${id}/members/${subject}`, reason } };
  });
}

export const roleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/roles`,
    scope: "read",
    summary: "The roles of a domain",
    handle: async (call) => {
      const { id: domain } = await foundDomain(call);
      const wanted = call.query.get("q")?.toLowerCase() ?? "";
      return page(call.query, {
        read: (part) => call.reads.roles.list(domain, part),
        key: ({ id }) => id,
        show: async (role) => ({ ...role, memberCount: await call.reads.roles.memberCount(domain, role.id) }),
        ...(wanted === "" ? {} : { keep: ({ id, title }: Role) => `${id} ${title ?? ""}`.toLowerCase().includes(wanted) }),
      });
    },
  },
  {
    method: "GET",
    path: `${domainPath}/roles/:role`,
    scope: "read",
    summary: "One role",
    handle: async (call) => {
      const { domain, ...role } = await foundRole(call);
      return { status: 200, body: { ...role, memberCount: await call.reads.roles.memberCount(domain, role.id) } };
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
      const { id, domain } = await foundRole(call);
      return page(call.query, {
        read: (part) => call.reads.roles.members(domain, id, part),
        key: ({ subject }) => subject,
        show: memberItem,
      });
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
    method: "GET",
    path: `${domainPath}/roles/:role/members/:subject`,
    scope: "read",
    summary: "One membership",
    handle: async (call) => {
      const { id, domain } = await foundRole(call);
      const member = await call.reads.roles.member(domain, id, subjectOf(call));
      if (member === undefined) throw notFound();
      return { status: 200, body: memberItem(member) };
    },
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
];
