// Campaigns: memberships are certified again. Opened over a scope, decided by reviewers, signed as a whole.
import { campaignItems, mostItems } from "../../governance/campaign-scope.ts";
import { lostAccess } from "../../governance/lost-access.ts";
import { endsOf, signCampaign } from "../../governance/sign-campaign.ts";
import type {
  Campaign,
  CampaignItem,
  CampaignScope,
  ItemState,
  MembershipKey,
  NewCampaign,
  ReviewerRule,
} from "../../store/campaigns.ts";
import type { ReviewDecision } from "../../store/reviews.ts";
import type { Reads } from "../../store/store.ts";
import { isAdmin, type Principal } from "../access.ts";
import type { Answer } from "../http/answer.ts";
import { pageByNumber, pageOfComputed } from "../http/paging.ts";
import { conflict, invalid, invalidMember, notFound, Problem } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { type Body, bodyOf, optionalText, optionalTime, optionalTruth, reasonOf, textField, textList } from "../http/shape.ts";
import { isDryRun } from "../http/write.ts";
import { micros, microsText, seconds, timeText } from "../times.ts";
import { audit, domainPath, foundDomain } from "./domains.ts";
import { changeFacts } from "./facts.ts";

const campaignPath = `${domainPath}/campaigns/:campaign`;

/** People who are named in an answer; the rest is counted. */
const mostNamed = 100;
/** Memberships that are written between two breaths. */
const stretch = 1000;

/** Campaigns of a domain that are not signed; each may hold 100,000 memberships, and is counted anew where it is shown. */
const mostOpen = 50;

async function foundCampaign(call: Call, reads: Reads = call.reads): Promise<Campaign & { readonly domain: string }> {
  const { id: domain } = await foundDomain(call, reads);
  const text = param(call, "campaign");
  const campaign = /^[1-9]\d{0,14}$/.test(text) ? await reads.campaigns.get(domain, Number(text)) : undefined;
  if (campaign === undefined) throw notFound();
  return { ...campaign, domain };
}

function stateOf({ signed, due }: Campaign, now: number): "open" | "overdue" | "signed" {
  if (signed !== undefined) return "signed";
  return due <= now ? "overdue" : "open";
}

function campaignItem(campaign: Campaign, now: number): Readonly<Record<string, unknown>> {
  const { number, title, scope, reviewers, fallback, at, openedBy, due, undecided, signed, counts } = campaign;
  const { before, ...parts } = scope;
  return {
    campaign: number,
    title,
    state: stateOf(campaign, now),
    at: timeText(at),
    openedBy,
    due: timeText(due),
    reviewers,
    reviewer: fallback,
    undecided,
    scope: { ...parts, ...(before === undefined ? {} : { before: timeText(before) }) },
    counts,
    ...(signed === undefined ? {} : { signed: timeText(signed.at), signedBy: signed.actor, digest: signed.digest }),
  };
}

function itemState({ member, decided }: CampaignItem, isSigned: boolean): ItemState {
  if (decided !== undefined && (isSigned || member !== undefined)) return decided.decision;
  return member === undefined ? "gone" : "undecided";
}

function membershipItem(item: CampaignItem, isSigned: boolean): Readonly<Record<string, unknown>> {
  const { role, subject, reviewer, member, decided } = item;
  return {
    role,
    subject,
    state: itemState(item, isSigned),
    ...(reviewer === undefined ? {} : { reviewer }),
    ...(member === undefined
      ? {}
      : {
          since: microsText(member.since),
          givenBy: member.by,
          givenFor: member.reason,
          ...(member.from === undefined ? {} : { validFrom: timeText(member.from) }),
          ...(member.until === undefined ? {} : { validUntil: timeText(member.until) }),
          ...(member.origin === undefined ? {} : { source: member.origin }),
        }),
    ...(decided === undefined ? {} : { by: decided.actor, reason: decided.reason, decided: microsText(decided.at) }),
  };
}

function scopeOf(body: Body): CampaignScope {
  const scope = (body["scope"] ?? {}) as Body;
  const [roles, risks] = [textList(scope, "roles"), textList(scope, "risks")];
  const [manager, subject] = ["manager", "subject"].map((name) => optionalText(scope, name)?.normalize("NFC"));
  const [before, orphans] = [optionalTime(scope, "before"), optionalTruth(scope, "orphans")];
  return {
    ...(roles.length === 0 ? {} : { roles }),
    ...(risks.length === 0 ? {} : { risks }),
    ...(manager === undefined ? {} : { manager }),
    ...(subject === undefined ? {} : { subject }),
    ...(before === undefined ? {} : { before }),
    ...(orphans === true ? { orphans } : {}),
  };
}

function newCampaign(call: Call): NewCampaign {
  const body = bodyOf(call);
  const at = seconds(call.rms.now());
  const due = optionalTime(body, "due");
  if (due === undefined || due <= at) throw invalidMember("due", "must be a time to come");
  return {
    title: textField(body, "title"),
    scope: scopeOf(body),
    reviewers: (optionalText(body, "reviewers") ?? "named") as ReviewerRule,
    fallback: textField(body, "reviewer").normalize("NFC"),
    at,
    openedBy: call.principal.subject,
    due,
    undecided: (optionalText(body, "undecided") ?? "keep") as ReviewDecision,
  };
}

function open(call: Call): Promise<Answer> {
  const campaign = newCampaign(call);
  return changeFacts(call, async (tx) => {
    const { id: domain } = await foundDomain(call, tx);
    if ((await tx.campaigns.unsigned(domain)) >= mostOpen)
      throw conflict(`${mostOpen} campaigns of the domain are not signed yet: sign one of them first.`);
    const missing = await missingRole(tx, domain, campaign.scope);
    if (missing !== undefined) throw invalid(`There is no role ${missing}.`);
    const items = await campaignItems(tx, domain, campaign);
    if (items === undefined) throw invalid(`The scope has more than ${mostItems} memberships: make several campaigns of it.`);
    if (items.length === 0) throw invalid("No membership is in the scope.");
    const number = await tx.campaigns.open(domain, campaign);
    for (let start = 0; start < items.length; start += stretch)
      await tx.campaigns.add(domain, number, items.slice(start, start + stretch));
    const opened = await tx.campaigns.get(domain, number);
    if (opened === undefined) throw new Error("a campaign was opened and is not there");
    const { title, due, scope, reviewers, undecided } = campaign;
    return {
      answer: { status: 201, body: campaignItem(opened, campaign.at) },
      factsStay: true,
      event: {
        action: "campaign.open",
        object: `campaigns/${number}`,
        reason: reasonOf(call),
        detail: { title, due, scope, reviewers, undecided, items: items.length },
      },
    };
  });
}

async function missingRole(reads: Reads, domain: string, { roles = [] }: CampaignScope): Promise<string | undefined> {
  for (const role of roles) if ((await reads.roles.get(domain, role)) === undefined) return role;
  return undefined;
}

/** The memberships that the body names, which must all be in the campaign and stand, as they did when they were looked at. */
async function namedItems(
  call: Call,
  reads: Reads,
  campaign: Campaign & { readonly domain: string },
): Promise<readonly CampaignItem[]> {
  if (campaign.signed !== undefined) throw conflict("The campaign is signed.");
  const named = ((bodyOf(call)["items"] ?? []) as readonly Body[]).map((one) => ({
    role: textField(one, "role"),
    subject: textField(one, "subject").normalize("NFC"),
    since: optionalText(one, "since"),
  }));
  const items = await reads.campaigns.itemsNamed(campaign.domain, campaign.number, named);
  const found = new Map(items.map((item) => [keyText(item), item]));
  for (const { since, ...key } of named) {
    const item = found.get(keyText(key));
    if (item === undefined) throw invalid(`${key.subject} in the role ${key.role} is not in the campaign.`);
    if (item.member === undefined) throw conflict(`${key.subject} is no longer in the role ${key.role}.`);
    const stands = microsText(item.member.since);
    if (since !== undefined && since !== stands)
      throw conflict(`${key.subject} in the role ${key.role} has changed at ${stands}: look again.`);
  }
  return [...found.values()];
}

const keyText = ({ role, subject }: MembershipKey): string => JSON.stringify([role, subject]);

/** Reviewers decide about what they are named for, those who answer for the domain about all; nobody about themselves. */
function demandReviewer({ subject, scopes: held, ...principal }: Principal, items: readonly CampaignItem[]): void {
  const answersForAll = held.has("domain:admin") || isAdmin({ subject, scopes: held, ...principal });
  for (const item of items) {
    if (item.subject === subject)
      throw new Problem(403, "own-review", "Not allowed", "Nobody decides on memberships of their own.");
    if (!answersForAll && item.reviewer !== subject)
      throw new Problem(
        403,
        "other-reviewer",
        "Not allowed",
        `${item.subject} in the role ${item.role} is reviewed by ${item.reviewer ?? "those who answer for the domain"}.`,
      );
  }
}

function decide(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx) => {
    const campaign = await foundCampaign(call, tx);
    const { domain, number } = campaign;
    const body = bodyOf(call);
    const [decision, reason] = [textField(body, "decision") as ReviewDecision, textField(body, "reason")];
    const items = await namedItems(call, tx, campaign);
    demandReviewer(call.principal, items);
    const now = call.rms.now();
    await tx.campaigns.decide(domain, number, items, { decision, actor: call.principal.subject, reason, at: micros(now) });
    return {
      answer: { status: 200, body: await afterwards(call, tx) },
      factsStay: true,
      event: { action: "campaign.decide", object: `campaigns/${number}`, reason, detail: { decision, items: items.map(keyOf) } },
    };
  });
}

function delegate(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx) => {
    const campaign = await foundCampaign(call, tx);
    const { domain, number } = campaign;
    const body = bodyOf(call);
    const [to, reason] = [textField(body, "to").normalize("NFC"), textField(body, "reason")];
    const items = await namedItems(call, tx, campaign);
    demandReviewer(call.principal, items);
    if (items.some(({ subject }) => subject === to)) throw invalid(`${to} would review a membership of their own.`);
    await tx.campaigns.assign(domain, number, items, to);
    return {
      answer: { status: 200, body: await afterwards(call, tx) },
      factsStay: true,
      event: { action: "campaign.delegate", object: `campaigns/${number}`, reason, detail: { to, items: items.map(keyOf) } },
    };
  });
}

const keyOf = ({ role, subject }: MembershipKey): MembershipKey => ({ role, subject });

async function afterwards(call: Call, reads: Reads): Promise<Readonly<Record<string, unknown>>> {
  return campaignItem(await foundCampaign(call, reads), seconds(call.rms.now()));
}

function sign(call: Call): Promise<Answer> {
  return changeFacts(call, async (tx) => {
    const campaign = await foundCampaign(call, tx);
    const { domain, number, signed, counts } = campaign;
    const now = call.rms.now();
    const at = seconds(now);
    if (signed !== undefined) throw conflict(`${signed.actor} signed the campaign already.`);
    const ends = await endsOf(tx, domain, campaign, at);
    const losses = await lostAccess(tx, domain, ends, { at, most: mostNamed });
    // A preview tells what the decisions made so far would do.
    const isEarly = counts.undecided > 0 && campaign.due > at;
    if (isEarly && !isDryRun(call))
      throw conflict(`Not everything is decided (${counts.undecided} left), and there is time until ${timeText(campaign.due)}.`);
    const object = `campaigns/${number}`;
    const record = (role: string, subjects: readonly string[]): Promise<void> =>
      audit(tx, call, "campaign.end", domain, `${domain}/${object}`, reasonOf(call), { role, subjects });
    const done = isEarly ? undefined : await signCampaign(tx, domain, campaign, { actor: call.principal.subject, now, record });
    const ended = ends.length;
    const body = {
      ...(await afterwards(call, tx)),
      ended,
      kept: done?.kept ?? counts.keep,
      byDefault: done?.byDefault ?? 0,
      losing: losses.people,
      losers: losses.losers,
    };
    if (done === undefined) return { answer: { status: 200, body } };
    const { ends: _ends, ...detail } = done;
    return {
      answer: { status: 200, body },
      factsStay: ended === 0,
      event: { action: "campaign.sign", object, reason: reasonOf(call), detail },
    };
  });
}

export const campaignRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/campaigns`,
    scope: "read",
    summary: "Campaigns in which memberships are certified again, the newest first",
    handle: async (call) => {
      const { id: domain } = await foundDomain(call);
      const now = seconds(call.rms.now());
      const state = call.query.get("state");
      return pageByNumber(call.query, {
        read: (part) => call.reads.campaigns.list(domain, part),
        key: ({ number }) => number,
        keep: (campaign) => state === null || stateOf(campaign, now) === state,
        show: (campaign) => campaignItem(campaign, now),
      });
    },
  },
  {
    method: "POST",
    path: `${domainPath}/campaigns`,
    scope: "roles:write",
    summary: "Open a campaign over the memberships of a scope",
    handle: open,
  },
  {
    method: "GET",
    path: campaignPath,
    scope: "read",
    summary: "One campaign, with how far it has come",
    handle: async (call) => ({ status: 200, body: campaignItem(await foundCampaign(call), seconds(call.rms.now())) }),
  },
  {
    method: "GET",
    path: `${campaignPath}/items`,
    scope: "read",
    summary: "The memberships of a campaign with their evidence and what was decided",
    handle: async (call) => {
      const { domain, number, signed } = await foundCampaign(call);
      const reviewer = call.query.get("reviewer")?.normalize("NFC");
      const state = (call.query.get("state") ?? undefined) as ItemState | undefined;
      const answer = await pageOfComputed<CampaignItem>(
        call.query,
        2,
        ({ role, subject }) => [role, subject],
        ({ after, limit }) => {
          const [role = "", subject = ""] = after ?? [];
          return call.reads.campaigns.items(domain, number, { reviewer, state, after: { role, subject }, limit });
        },
      );
      const body = answer.body as { readonly items: readonly CampaignItem[] };
      return { ...answer, body: { ...body, items: body.items.map((item) => membershipItem(item, signed !== undefined)) } };
    },
  },
  {
    method: "POST",
    path: `${campaignPath}/decide`,
    scope: "review:write",
    summary: "Keep memberships or end them when the campaign is signed; nobody decides on their own",
    handle: decide,
  },
  {
    method: "POST",
    path: `${campaignPath}/delegate`,
    scope: "review:write",
    summary: "Have somebody else review memberships",
    handle: delegate,
  },
  {
    method: "POST",
    path: `${campaignPath}/sign`,
    scope: "roles:write",
    summary: "Sign a campaign: what is to end ends at once; a dry run tells who would lose what",
    handle: sign,
  },
];
