// Reviews of movers: which are open, and what somebody decides of a role.
import { decideReview } from "../../sources/reviews.ts";
import type { Review, ReviewDecision } from "../../store/reviews.ts";
import type { Reads } from "../../store/store.ts";
import type { Answer } from "../http/answer.ts";
import { pageByNumber } from "../http/paging.ts";
import { conflict, notFound, Problem } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, textField } from "../http/shape.ts";
import { seconds, timeText } from "../times.ts";
import { domainPath, foundDomain } from "./domains.ts";
import { changeFacts, diffOf } from "./facts.ts";

async function foundReview(call: Call, reads: Reads = call.reads): Promise<Review & { readonly domain: string }> {
  const { id: domain } = await foundDomain(call, reads);
  const text = param(call, "review");
  const review = /^[1-9]\d{0,14}$/.test(text) ? await reads.reviews.get(domain, Number(text)) : undefined;
  if (review === undefined) throw notFound();
  return { ...review, domain };
}

function stateOf({ closed, due }: Review, now: number): "open" | "overdue" | "closed" {
  if (closed !== undefined) return "closed";
  return due <= now ? "overdue" : "open";
}

function reviewItem(review: Review, now: number): Readonly<Record<string, unknown>> {
  const { number, subject, source, at, due, from, to, manager, undecided, closed, items } = review;
  return {
    review: number,
    subject,
    source,
    state: stateOf(review, now),
    at: timeText(at),
    due: timeText(due),
    from,
    to,
    ...(manager === undefined ? {} : { manager }),
    undecided,
    ...(closed === undefined ? {} : { closed: timeText(closed) }),
    roles: items.map(({ role, decided }) => ({
      role,
      ...(decided === undefined
        ? {}
        : { decision: decided.decision, by: decided.actor, reason: decided.reason, at: timeText(decided.at) }),
    })),
  };
}

function decide(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx) => {
    const { domain, ...review } = await foundReview(call, tx);
    const body = bodyOf(call);
    const [role, reason] = [textField(body, "role"), textField(body, "reason")];
    const decision = textField(body, "decision") as ReviewDecision;
    const { subject: actor } = call.principal;
    const now = call.rms.now();
    if (actor === review.subject) throw new Problem(403, "own-review", "Not allowed", "Nobody decides on roles of their own.");
    const item = review.items.find((one) => one.role === role);
    if (item === undefined) throw notFound();
    if (review.closed !== undefined) throw conflict("The review is closed.");
    if (item.decided !== undefined) throw conflict(`${item.decided.actor} decided about this role already.`);
    const changed = await decideReview(tx, domain, review, { role, decision, actor, reason }, now);
    const after = (await tx.reviews.get(domain, review.number)) ?? review;
    const at = seconds(now);
    return {
      answer: { status: 200, body: { ...reviewItem(after, at), ...diffOf(call, reviewItem(review, at), reviewItem(after, at)) } },
      factsStay: !changed,
      event: {
        action: "review.decide",
        object: `reviews/${review.number}`,
        reason,
        detail: { subject: review.subject, role, decision },
      },
    };
  });
}

export const reviewRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/reviews`,
    scope: "read",
    summary: "Reviews of those who moved to another unit, the newest first",
    handle: async (call) => {
      const { id: domain } = await foundDomain(call);
      const now = seconds(call.rms.now());
      const [state, subject] = [call.query.get("state"), call.query.get("subject")];
      return pageByNumber(call.query, {
        read: (part) => call.reads.reviews.list(domain, part),
        key: ({ number }) => number,
        keep: (review) => (state === null || stateOf(review, now) === state) && (subject === null || review.subject === subject),
        show: (review) => reviewItem(review, now),
      });
    },
  },
  {
    method: "GET",
    path: `${domainPath}/reviews/:review`,
    scope: "read",
    summary: "One review of a mover, with what was decided of each role",
    handle: async (call) => ({ status: 200, body: reviewItem(await foundReview(call), seconds(call.rms.now())) }),
  },
  {
    method: "POST",
    path: `${domainPath}/reviews/:review/decide`,
    scope: "review:write",
    summary: "Decide whether a mover keeps a role; nobody decides on their own",
    handle: decide,
  },
];
