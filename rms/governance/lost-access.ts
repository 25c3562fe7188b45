// What people can no longer do when memberships end: what the ended roles let them, and none of those that stay does, also by letting them more.
import { includedRoles, type Responsibility, type RoleFacts } from "#bundles/rms-data.ts";
import { Pace } from "../store/breath.ts";
import type { MembershipKey } from "../store/campaigns.ts";
import type { Role } from "../store/roles.ts";
import type { Reads } from "../store/store.ts";

export interface Loser {
  readonly subject: string;
  readonly loses: readonly Responsibility[];
}

export interface LostAccess {
  /** How many people lose something. */
  readonly people: number;
  /** The first of them, by their ids. */
  readonly losers: readonly Loser[];
}

/** `most` is how many people are named. */
export async function lostAccess(
  reads: Reads,
  domain: string,
  ended: readonly MembershipKey[],
  { at, most }: { readonly at: number; readonly most: number },
): Promise<LostAccess> {
  const grants = grantsOf(await reads.roles.list(domain));
  const rolesBySubject = Map.groupBy(ended, ({ subject }) => subject);
  const losers: Loser[] = [];
  const pace = new Pace(100);
  let people = 0;
  for (const subject of [...rolesBySubject.keys()].sort()) {
    await pace.step();
    const gone = new Set(rolesBySubject.get(subject)?.map(({ role }) => role));
    const held = (await reads.roles.heldBy(domain, subject)).filter(({ until }) => until === undefined || until > at);
    const stays = new Set(
      held.filter(({ role }) => !gone.has(role)).flatMap(({ role }) => [...(grants.get(role)?.keys() ?? [])]),
    );
    const lost = new Map(
      [...gone]
        .flatMap((role) => [...(grants.get(role) ?? [])])
        .filter(([, one]) => !covering(one).some((key) => stays.has(key))),
    );
    if (lost.size === 0) continue;
    people += 1;
    if (losers.length < most) losers.push({ subject, loses: [...lost.values()] });
  }
  return { people, losers };
}

type Grants = ReadonlyMap<string, Responsibility>;

/** What each role lets its members do, with what it includes. */
function grantsOf(roles: readonly Role[]): ReadonlyMap<string, Grants> {
  const byId = new Map(roles.map((role): [string, RoleFacts] => [role.id, { ...role, members: [] }]));
  const own = ({ responsibilities }: RoleFacts): readonly (readonly [string, Responsibility])[] =>
    responsibilities.map((one) => [keyOf(one), one]);
  return new Map(roles.map(({ id }) => [id, new Map(includedRoles(id, byId).flatMap((one) => own(byId.get(one) ?? empty)))]));
}

/** Equal for what lets people the same. */
function keyOf({ action, resource, constraints = {} }: Responsibility): string {
  return JSON.stringify([action, resource, Object.keys(constraints).length === 0 ? null : constraints]);
}

/** The keys of what lets people as much or more, as in `rms.rbac`: any action, a resource above, without constraints or with the same. */
function covering({ action, resource, constraints }: Responsibility): readonly string[] {
  const above = [...resource.matchAll(/\//g)].map(({ index }) => `${resource.slice(0, index)}/*`);
  return [action, "*"].flatMap((one) =>
    [resource, "*", ...above].flatMap((place) => [
      keyOf({ action: one, resource: place }),
      ...(constraints === undefined ? [] : [keyOf({ action: one, resource: place, constraints })]),
    ]),
  );
}

const empty: RoleFacts = { id: "", includes: [], responsibilities: [], members: [] };
