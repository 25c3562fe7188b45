// What signing a campaign does: what nobody decided about in time follows its rule, and what is to end ends, all at once.
import { appendAudit } from "../store/audit-log.ts";
import { sha256 } from "../store/blobs.ts";
import { breath } from "../store/breath.ts";
import type { Campaign, CampaignItem, MembershipKey } from "../store/campaigns.ts";
import { eachApart } from "../store/each-apart.ts";
import type { Reads, Store, Transaction } from "../store/store.ts";

const stretch = 1000;
const late = "nobody decided in time";

export interface SignedCampaign {
  readonly kept: number;
  readonly ended: number;
  /** How many of both nobody decided about. */
  readonly byDefault: number;
  /** What ends, in the order of roles and subjects. */
  readonly ends: readonly MembershipKey[];
  readonly digest: string;
}

/** What signing now would end: what was decided so, and past the due time what nobody decided about. */
export async function endsOf(reads: Reads, domain: string, campaign: Campaign, at: number): Promise<readonly MembershipKey[]> {
  const byDefault = campaign.undecided === "end" && campaign.due <= at;
  const items = await allItems(reads, domain, campaign.number);
  return items.filter(({ member, decided }) =>
    member === undefined ? false : decided === undefined ? byDefault : decided.decision === "end",
  );
}

export interface Signing {
  readonly actor: string;
  readonly now: Date;
  /** Records that these memberships of a role end, at most a thousand at once. */
  record(role: string, subjects: readonly string[]): Promise<void>;
}

/** Undefined, and nothing done, while something is undecided that still has time. */
export async function signCampaign(
  tx: Transaction,
  domain: string,
  campaign: Campaign,
  { actor, now, record }: Signing,
): Promise<SignedCampaign | undefined> {
  const at = Math.floor(now.getTime() / 1000);
  const { number, due, undecided } = campaign;
  const left = (await allItems(tx, domain, number)).filter(
    ({ member, decided }) => member !== undefined && decided === undefined,
  );
  if (left.length > 0 && due > at) return undefined;
  const byDefault = { decision: undecided, actor, reason: late, at: now.getTime() * 1000 };
  for (let start = 0; start < left.length; start += stretch) {
    await breath();
    await tx.campaigns.decide(domain, number, left.slice(start, start + stretch), byDefault);
  }
  const items = (await allItems(tx, domain, number)).filter(({ member }) => member !== undefined);
  const digest = digestOf(items);
  // Before anything ends: what is signed is what stood.
  await tx.campaigns.sign(domain, number, { at, actor, digest });
  const ends = items.filter(({ decided }) => decided?.decision === "end");
  for (const [role, ending] of Map.groupBy(ends, (item) => item.role))
    for (let start = 0; start < ending.length; start += stretch) {
      await breath();
      const changes = ending.slice(start, start + stretch).map(({ subject, decided }) => ({
        subject,
        member: undefined,
        reason: `campaign ${number}: ${decided?.reason ?? late}`,
      }));
      await tx.roles.changeMembers(domain, role, changes, { at: now.getTime() * 1000, actor });
      const subjects = changes.map(({ subject }) => subject);
      await record(role, subjects);
    }
  return { kept: items.length - ends.length, ended: ends.length, byDefault: left.length, ends, digest };
}

/** Signs what is overdue and ends by its rule; gives the domains whose facts changed. */
export async function signOverdue(store: Store, now: Date): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  await eachApart(await store.campaigns.overdue(Math.floor(now.getTime() / 1000)), ({ domain, number }) =>
    store.transaction(async (tx) => {
      const campaign = await tx.campaigns.get(domain, number);
      if (campaign === undefined || campaign.signed !== undefined) return;
      const actor = `campaign:${number}`;
      const by = { actor, domain, object: `${domain}/campaigns/${number}`, requestId: "", reason: late };
      const record = (role: string, subjects: readonly string[]): Promise<void> =>
        appendAudit(tx, { ...by, action: "campaign.end", detail: { role, subjects } }, now);
      const done = await signCampaign(tx, domain, campaign, { actor, now, record });
      if (done === undefined) return;
      if (done.ended > 0) await tx.domains.factsChanged(domain, now.getTime() * 1000);
      if (done.ended > 0) changed.add(domain);
      const { ends: _ends, ...detail } = done;
      await appendAudit(tx, { ...by, action: "campaign.sign", detail }, now);
    }),
  );
  return changed;
}

async function allItems(reads: Reads, domain: string, number: number): Promise<readonly CampaignItem[]> {
  const items: CampaignItem[] = [];
  for (let page: readonly CampaignItem[]; ; ) {
    await breath();
    page = await reads.campaigns.items(domain, number, { after: items.at(-1), limit: stretch });
    items.push(...page);
    if (page.length < stretch) return items;
  }
}

/** One line a decision, in the order of roles and subjects: whoever has the decisions can make it again. */
function digestOf(items: readonly CampaignItem[]): string {
  const lines = items.map(({ role, subject, decided }) =>
    JSON.stringify([role, subject, decided?.decision, decided?.actor, decided?.reason, decided?.at]),
  );
  return sha256(lines.join("\n"));
}
