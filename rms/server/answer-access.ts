// Who can do what by the roles of now or of another time: the grants of everybody's roles as sets, without evaluating a policy.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { type Access, includedRoles, type RoleFacts } from "#bundles/rms-data.ts";
import type { Member } from "../store/roles.ts";
import type { Reads } from "../store/store.ts";
import type { AccessQuestion } from "./questions.ts";
import { timeText } from "./times.ts";

type Grant = RoleFacts["responsibilities"][number];

/** True when a grant of an action and a resource, as in `rms.rbac`, covers what is asked; nothing asked is covered by all. */
function covers(granted: Grant, { action, resource }: AccessQuestion): boolean {
  if (action !== undefined && granted.action !== "*" && granted.action !== action) return false;
  if (resource === undefined || granted.resource === "*" || granted.resource === resource) return true;
  return granted.resource.endsWith("/*") && resource.startsWith(granted.resource.slice(0, -1));
}

type Held = Partial<Pick<Member, "from" | "until">> & Pick<Member, "subject"> & { readonly role: string };

/** In the order of their keys. Only those are read whose roles grant what is asked. */
export async function answerAccess({ roles: reads }: Pick<Reads, "roles">, question: AccessQuestion): Promise<readonly Access[]> {
  const { domain, subject, now, page, moment } = question;
  const then = moment === undefined ? undefined : await reads.rolesAt(domain, moment);
  const roles = new Map(
    then?.roles.map((role): [string, RoleFacts] => [role.id, role]) ??
      (await reads.list(domain)).map((role): [string, RoleFacts] => [role.id, { ...role, members: [] }]),
  );
  const granted = new Map<string, readonly Grant[]>();
  for (const id of roles.keys()) {
    const grants = includedRoles(id, roles).flatMap((included) => roles.get(included)?.responsibilities ?? []);
    const covering = grants.filter((grant) => covers(grant, question));
    if (covering.length > 0) granted.set(id, covering);
  }
  const suspended = new Set(then?.suspended ?? (await reads.suspended(domain)));
  const found: Access[] = [];
  const add = ({ subject: who, role, from = 0, until }: Held): void => {
    // Memberships of another time hold then, whatever their bounds.
    const holds = then !== undefined || (from <= now && (until === undefined || now < until));
    if (suspended.has(who) || !holds) return;
    const end = until === undefined ? {} : { validUntil: timeText(until) };
    for (const grant of granted.get(role) ?? []) found.push({ subject: who, role, ...grant, ...end });
  };
  if (moment !== undefined) {
    const only = subject === undefined ? { roles: [...granted.keys()] } : { subject };
    for (const held of await reads.membersAt(domain, moment, only)) add(held);
  } else if (subject !== undefined) for (const held of await reads.heldBy(domain, subject)) add(held);
  else for (const role of granted.keys()) for (const member of await reads.members(domain, role)) add({ ...member, role });
  const keyed = found.map((item) => ({ item, key: accessKey(item) })).sort((a, b) => compareKeys(a.key, b.key));
  if (page === undefined) return keyed.map(({ item }) => item);
  const { after, limit } = page;
  const start = after === undefined ? 0 : keyed.findIndex(({ key }) => compareKeys(key, after) > 0);
  return start < 0 ? [] : keyed.slice(start, start + limit).map(({ item }) => item);
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
