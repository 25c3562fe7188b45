// The memberships that a campaign is about, with who looks at each: never the subject itself, and nobody who is gone.
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
  const isGone = goneAsker(reads, domain);
  const items: LookedAt[] = [];
  for (const role of (await reads.roles.list(domain)).filter((one) => isOfScope(one, scope))) {
    const since = scope.before === undefined ? undefined : await reads.roles.recordedSince(domain, role.id);
    for (const member of await reads.roles.members(domain, role.id)) {
      const { subject } = member;
      if (!stands(member, at) || !isMeant(subject, scope, people)) continue;
      if (scope.before !== undefined && (since?.get(subject) ?? 0) >= scope.before * 1_000_000) continue;
      const named = { manager: people.get(subject), owner: role.owner?.normalize("NFC"), named: fallback }[reviewers];
      let reviewer: string | undefined;
      for (const one of [named, fallback])
        if (reviewer === undefined && one !== undefined && one !== subject && !(await isGone(one))) reviewer = one;
      items.push({ role: role.id, subject, reviewer });
      if (items.length > mostItems) return undefined;
    }
  }
  return items;
}

/** Tells of somebody whether every source that knows them says that they have left, or they are suspended; asked once of each. */
function goneAsker(reads: Reads, domain: string): (subject: string) => Promise<boolean> {
  const asked = new Map<string, Promise<boolean>>();
  const ask = async (subject: string): Promise<boolean> => {
    const said = [...(await reads.sources.sayings(domain, subject)).values()];
    if (said.length > 0 && said.every(({ status }) => status === "left")) return true;
    return reads.roles.isSuspended(domain, subject);
  };
  return (subject) => {
    const known = asked.get(subject) ?? ask(subject);
    asked.set(subject, known);
    return known;
  };
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
