// Who can do what by the roles of now: the grants of everybody's roles as sets, without evaluating a policy.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { includedRoles, type RoleFacts } from "#bundles/rms-data.ts";
import type { Reads } from "../store/store.ts";
import type { Access, AccessQuestion } from "./questions.ts";
import { timeText } from "./rms.ts";

type Grant = RoleFacts["responsibilities"][number];

/** True when a grant of an action and a resource, as in `rms.rbac`, covers what is asked; nothing asked is covered by all. */
function covers(granted: Grant, { action, resource }: AccessQuestion): boolean {
  if (action !== undefined && granted.action !== "*" && granted.action !== action) return false;
  if (resource === undefined || granted.resource === "*" || granted.resource === resource) return true;
  return granted.resource.endsWith("/*") && resource.startsWith(granted.resource.slice(0, -1));
}

/** In the order of their keys. */
export async function answerAccess({ roles: reads }: Pick<Reads, "roles">, question: AccessQuestion): Promise<readonly Access[]> {
  const { domain, now, page } = question;
  const { facts } = await reads.facts(domain);
  const roles = new Map(facts.roles.map((role) => [role.id, role]));
  const found = facts.roles.flatMap((role) => itemsOf(role, roles, question, new Set(facts.suspended), now));
  const keyed = found.map((item) => ({ item, key: accessKey(item) })).sort((a, b) => compareKeys(a.key, b.key));
  if (page === undefined) return keyed.map(({ item }) => item);
  const { after, limit } = page;
  const start = after === undefined ? 0 : keyed.findIndex(({ key }) => compareKeys(key, after) > 0);
  return start < 0 ? [] : keyed.slice(start, start + limit).map(({ item }) => item);
}

function itemsOf(
  role: RoleFacts,
  roles: ReadonlyMap<string, RoleFacts>,
  question: AccessQuestion,
  suspended: ReadonlySet<string>,
  now: number,
): readonly Access[] {
  const { subject } = question;
  const granted = includedRoles(role.id, roles).flatMap((id) => roles.get(id)?.responsibilities ?? []);
  const grants = granted.filter((grant) => covers(grant, question));
  if (grants.length === 0) return [];
  return role.members
    .filter((member) => (subject === undefined || member.subject === subject) && !suspended.has(member.subject))
    .filter(({ from = 0, until = Number.POSITIVE_INFINITY }) => from <= now && now < until)
    .flatMap(({ subject: who, until }) => {
      const end = until === undefined ? {} : { validUntil: timeText(until) };
      return grants.map((grant): Access => ({ subject: who, role: role.id, ...grant, ...end }));
    });
}

/** What tells items apart, in the order of a list. */
export function accessKey({ subject, role, action, resource, constraints }: Access): readonly string[] {
  return [subject, role, action, resource, JSON.stringify(constraints ?? null)];
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const order = byUtf8(part, b[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
