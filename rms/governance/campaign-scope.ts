// The memberships that a campaign is about, with who looks at each: never the subject itself.
import type { CampaignScope, MembershipKey, NewCampaign } from "../store/campaigns.ts";
import type { Member, Role } from "../store/roles.ts";
import type { Reads } from "../store/store.ts";

/** Memberships of one campaign: more are looked at role by role. */
export const mostItems = 100_000;

export interface LookedAt extends MembershipKey {
  readonly reviewer: string | undefined;
}

/** Undefined where there would be more than `mostItems`. */
export async function campaignItems(
  reads: Reads,
  domain: string,
  campaign: Pick<NewCampaign, "scope" | "reviewers" | "fallback" | "at">,
): Promise<readonly LookedAt[] | undefined> {
  const { scope, reviewers, fallback, at } = campaign;
  const asksForPeople = reviewers === "manager" || scope.manager !== undefined || scope.orphans === true;
  const people = asksForPeople ? await reads.sources.people(domain) : new Map<string, string | undefined>();
  const items: LookedAt[] = [];
  for (const role of (await reads.roles.list(domain)).filter((one) => isOfScope(one, scope))) {
    const since = scope.before === undefined ? undefined : await reads.roles.recordedSince(domain, role.id);
    for (const member of await reads.roles.members(domain, role.id)) {
      const { subject } = member;
      if (!stands(member, at) || !isMeant(subject, scope, people)) continue;
      if (scope.before !== undefined && (since?.get(subject) ?? 0) >= scope.before * 1_000_000) continue;
      const named = { manager: people.get(subject), owner: role.owner?.normalize("NFC"), named: fallback }[reviewers];
      items.push({ role: role.id, subject, reviewer: [named, fallback].find((one) => one !== undefined && one !== subject) });
      if (items.length > mostItems) return undefined;
    }
  }
  return items;
}

function isOfScope({ id, risk }: Role, { roles, risks }: CampaignScope): boolean {
  return roles?.includes(id) !== false && (risks === undefined || (risk !== undefined && risks.includes(risk)));
}

/** What has ended by its time needs nobody's look. */
function stands({ until }: Member, at: number): boolean {
  return until === undefined || until > at;
}

function isMeant(subject: string, scope: CampaignScope, people: ReadonlyMap<string, string | undefined>): boolean {
  if (scope.subject !== undefined && scope.subject !== subject) return false;
  if (scope.manager !== undefined && people.get(subject) !== scope.manager) return false;
  return scope.orphans !== true || !people.has(subject);
}
