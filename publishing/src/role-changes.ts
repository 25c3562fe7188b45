// What a roles file changes in RMS: each change as a line and as the call that makes it, and what RMS has beside the file.
import { canonicalJson, toJson } from "#bundles/canonical-json.ts";
import type { DomainFacts, Membership, RoleFacts } from "#bundles/rms-data.ts";
import type { Reply } from "./reply.ts";
import type { KnownMember, KnownRole, RmsClient } from "./rms-client.ts";

export interface RoleChange {
  /** `+ eve in auditor`. */
  readonly line: string;
  readonly make: () => Promise<Reply<unknown>>;
}

export interface RoleChanges {
  readonly changes: readonly RoleChange[];
  /** To be made with `--prune` alone: who moved to another role, or left, would keep the old one unseen. */
  readonly ends: readonly RoleChange[];
}

/** Compares the file with RMS. */
export async function roleChanges(
  client: RmsClient,
  domain: string,
  facts: DomainFacts,
  reason: string,
): Promise<Reply<RoleChanges>> {
  const listed = await client.roles(domain);
  if (!listed.ok) return listed;
  const known = new Map(listed.value.items.map((role) => [role.id, role]));
  const named = new Set(facts.roles.map(({ id }) => id));
  const changes: RoleChange[] = [];
  const gone = includedFirst([...known.values()].filter(({ id }) => !named.has(id))).toReversed();
  const ends: RoleChange[] = gone.map(({ id }) => ({
    line: `- the role ${id}`,
    make: () => client.deleteRole(domain, id, reason),
  }));
  for (const role of includedFirst(facts.roles)) {
    const { members: _members, id, ...body } = role;
    const before = known.get(id);
    const what = before === undefined ? [] : differences(before, role);
    if (before !== undefined && what.length === 0) continue;
    const owner = before?.owner === undefined ? {} : { owner: before.owner };
    const line = before === undefined ? `+ the role ${id}` : `~ the role ${id}: ${what.join(", ")}`;
    changes.push({ line, make: () => client.putRole(domain, id, { ...body, ...owner, reason }) });
  }
  for (const { id, members } of facts.roles) {
    const held = known.has(id) ? await client.members(domain, id) : undefined;
    if (held?.ok === false) return held;
    const before = held?.value.items ?? [];
    const bySubject = new Map(before.map((member) => [member.subject, member]));
    for (const member of members) {
      const line = memberLine(id, member, bySubject.get(member.subject));
      if (line !== undefined)
        changes.push({ line, make: () => client.putMember(domain, id, member.subject, spanOf(member, reason)) });
    }
    const own = new Set(members.map(({ subject }) => subject));
    // What a source made is the source's to end.
    for (const { subject, source } of before)
      if (!own.has(subject) && source === undefined)
        ends.push({ line: `- ${subject} in ${id}`, make: () => client.deleteMember(domain, id, subject, reason) });
  }
  for (const subject of facts.suspended) {
    const found = await client.subject(domain, subject);
    if (!found.ok) return found;
    if (!found.value.suspended)
      changes.push({ line: `+ ${subject} is suspended`, make: () => client.suspend(domain, subject, reason) });
  }
  return { ...listed, value: { changes, ends } };
}

const timeText = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

const spanOf = ({ from, until }: Membership, reason: string): unknown => ({
  validFrom: timeText(from),
  validUntil: timeText(until),
  reason,
});

/** Undefined for a membership that RMS has. */
function memberLine(role: string, { subject, from, until }: Membership, before: KnownMember | undefined): string | undefined {
  const same = (text: string | undefined, seconds: number | undefined): boolean =>
    (text === undefined ? undefined : Math.floor(Date.parse(text) / 1000)) === seconds;
  if (before !== undefined && same(before.validFrom, from) && same(before.validUntil, until)) return undefined;
  const span = [from === undefined ? "" : ` from ${timeText(from)}`, until === undefined ? "" : ` until ${timeText(until)}`];
  return `${before === undefined ? "+" : "~"} ${subject} in ${role}${span.join("")}`;
}

/** The names of what the file says otherwise of a role. */
function differences(before: KnownRole, role: RoleFacts): readonly string[] {
  return (["title", "risk", "includes", "responsibilities"] as const).filter((name) => plain(before[name]) !== plain(role[name]));
}

function plain(value: unknown): string {
  return canonicalJson(toJson(value ?? null));
}

/** Roles in an order in which none names one that is not there yet; those that include each other last. */
function includedFirst<Role extends Pick<KnownRole, "id" | "includes">>(roles: readonly Role[]): readonly Role[] {
  const byId = new Map(roles.map((role) => [role.id, role]));
  const ordered = new Set<Role>();
  const seen = new Set<Role>();
  const add = (role: Role): void => {
    if (seen.has(role)) return;
    seen.add(role);
    for (const id of role.includes) {
      const included = byId.get(id);
      if (included !== undefined) add(included);
    }
    ordered.add(role);
  };
  roles.forEach(add);
  return [...ordered];
}
