// Reviews of movers: opened when a source tells of a move, and closed by what was decided, or when their time is over.
import { appendAudit } from "../store/audit-log.ts";
import { eachApart } from "../store/each-apart.ts";
import type { Review, ReviewDecision } from "../store/reviews.ts";
import type { Member } from "../store/roles.ts";
import type { Source } from "../store/sources.ts";
import type { Store, Transaction } from "../store/store.ts";
import { graceOf, type Move } from "./compare.ts";

/** Who tells of a move, and the request that has it recorded. */
interface Told {
  readonly domain: string;
  readonly requestId: string;
  readonly now: Date;
}

const secondsOf = (now: Date): number => Math.floor(now.getTime() / 1000);

/** Opens a review of the roles that the mover holds by hand, by another source or for a grace; one of an earlier move goes over into it. */
export async function openReview(tx: Transaction, told: Told, { id, settings }: Source, move: Move): Promise<void> {
  const { domain, requestId, now } = told;
  if (settings.review === undefined) return;
  const at = secondsOf(now);
  const { subject, from, to } = move;
  const roles = (await tx.roles.heldBy(domain, subject)).filter((held) => isReviewed(held, id, at)).map(({ role }) => role);
  const before = await tx.reviews.openOf(domain, subject);
  if (before !== undefined) await tx.reviews.close(domain, before.number, at);
  if (roles.length === 0) return;
  const manager = (await tx.sources.sayings(domain, subject)).get(id)?.manager;
  const due = at + graceOf(settings);
  const review = { subject, source: id, at, due, from, to, manager, undecided: settings.review };
  const number = await tx.reviews.open(domain, review, roles);
  await appendAudit(
    tx,
    {
      actor: `source:${id}`,
      action: "review.open",
      domain,
      object: `${domain}/reviews/${number}`,
      requestId,
      reason: "the unit changed",
      detail: { subject, roles, due, ...(before === undefined ? {} : { instead: before.number }) },
    },
    now,
  );
}

/** What the source gives by its rules also in the new unit needs no review. */
function isReviewed({ origin, until }: Member, source: string, at: number): boolean {
  if (until !== undefined && until <= at) return false;
  return origin !== source || until !== undefined;
}

export interface Decided {
  readonly role: string;
  readonly decision: ReviewDecision;
  readonly actor: string;
  readonly reason: string;
}

/** Records a decision and does what it says; true when memberships changed. The last one closes the review. */
export async function decideReview(
  tx: Transaction,
  domain: string,
  { number, subject, items }: Review,
  { role, decision, actor, reason }: Decided,
  now: Date,
): Promise<boolean> {
  const at = secondsOf(now);
  await tx.reviews.decide(domain, number, role, { decision, actor, reason, at });
  if (items.every((item) => item.role === role || item.decided !== undefined)) await tx.reviews.close(domain, number, at);
  const held = await tx.roles.member(domain, role, subject);
  if (held === undefined || (held.until !== undefined && held.until <= at)) return false;
  const by = { at: now.getTime() * 1000, actor, reason };
  if (decision === "end") await tx.roles.endMember(domain, role, subject, by);
  else if (held.origin === undefined || held.until === undefined) return false;
  else await tx.roles.putMember(domain, role, { subject, from: held.from, until: undefined }, by);
  return true;
}

/** Ends what nobody decided about in time, where the source wants that; gives the domains that changed. */
export async function endOverdue(store: Store, now: Date): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  await eachApart(await store.reviews.overdue(secondsOf(now)), ({ domain, number }) =>
    store.transaction(async (tx) => {
      const review = await tx.reviews.get(domain, number);
      if (review === undefined || review.closed !== undefined) return;
      const actor = `source:${review.source}`;
      const reason = "nobody decided in time";
      const roles = review.items.filter(({ decided }) => decided === undefined).map(({ role }) => role);
      let left: Review | undefined = review;
      for (const role of roles) {
        if (left !== undefined && (await decideReview(tx, domain, left, { role, decision: "end", actor, reason }, now)))
          changed.add(domain);
        left = await tx.reviews.get(domain, number);
      }
      if (changed.has(domain)) await tx.domains.factsChanged(domain, now.getTime() * 1000);
      const object = `${domain}/reviews/${number}`;
      await appendAudit(tx, { actor, action: "review.end", domain, object, requestId: "", reason, detail: { roles } }, now);
    }),
  );
  return changed;
}
