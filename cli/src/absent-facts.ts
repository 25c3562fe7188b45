// The roles and memberships that RMS has and a roles file has not: who changed their work, or left, would keep them unseen.
import type { RoleFacts } from "#bundles/rms-data.ts";
import type { KnownRole, Reply, RmsClient } from "#publishing/rms-client.ts";

/** A membership, or without a subject a whole role. */
export interface AbsentFact {
  readonly role: string;
  readonly subject?: string;
}

/** To be asked once the file is in RMS: roles, the including ones first, and memberships. */
export async function absentFacts(
  client: RmsClient,
  domain: string,
  roles: readonly RoleFacts[],
): Promise<Reply<readonly AbsentFact[]>> {
  const known = await client.roles(domain);
  if (!known.ok) return known;
  const byId = new Map(roles.map((role) => [role.id, role]));
  const value: AbsentFact[] = includingFirst(known.value.items.filter(({ id }) => !byId.has(id))).map(({ id }) => ({ role: id }));
  for (const { id, memberCount } of known.value.items) {
    const role = byId.get(id);
    if (role === undefined) continue;
    const own = new Set(role.members.map(({ subject }) => subject));
    // Those of the file are there: as many of them means that there are no others.
    if (memberCount === own.size) continue;
    const members = await client.members(domain, id);
    if (!members.ok) return members;
    for (const { subject } of members.value.items) if (!own.has(subject)) value.push({ role: id, subject });
  }
  return { ...known, value };
}

/** RMS ends no role that another one includes. */
function includingFirst(roles: readonly KnownRole[]): readonly KnownRole[] {
  const ordered: KnownRole[] = [];
  const add = (role: KnownRole): void => {
    if (ordered.includes(role)) return;
    for (const other of roles) if (other !== role && other.includes.includes(role.id)) add(other);
    ordered.push(role);
  };
  roles.forEach(add);
  return ordered;
}

/** Ends them; the first that RMS refuses is the answer. */
export async function endFacts(
  client: RmsClient,
  domain: string,
  facts: readonly AbsentFact[],
  reason: string,
): Promise<Reply<undefined>> {
  for (const { role, subject } of facts) {
    const reply =
      subject === undefined
        ? await client.deleteRole(domain, role, reason)
        : await client.deleteMember(domain, role, subject, reason);
    if (!reply.ok) return reply;
  }
  return { ok: true, status: 204, value: undefined, tag: undefined };
}

export const factLine = ({ role, subject }: AbsentFact): string =>
  subject === undefined ? `  the role ${role}\n` : `  ${subject} in ${role}\n`;
