// What waits for who is signed in: campaigns to review, movers' roles, versions to approve.
import { type Html, href, html, name } from "../html.ts";
import { type Listed, link, time } from "../parts.ts";
import type { CampaignItem, CampaignMembership, DomainItem, PolicyItem, ReviewItem, VersionItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";

/** Campaigns, reviews and versions that are looked through. */
const mostCampaigns = 20;
const mostReviews = 5;
const newestVersions = 5;
/** Where all domains are looked at, which is many calls for one page. */
const mostDomains = 10;
const firstPolicies = 5;

/** Of one domain; nothing where nothing waits. */
export async function waiting(visit: Visit, domain: string, policies: readonly PolicyItem[]): Promise<Html> {
  const found = await waitingIn(visit, domain, policies);
  return found.length === 0 ? html`` : html`<h2>Waiting for you</h2><ul>${found.map((one) => html`<li>${one}</li>`)}</ul>`;
}

/** Of the first active domains, and of the first policies of each. */
export async function waitingEverywhere(visit: Visit, domains: readonly DomainItem[]): Promise<Html> {
  const living = domains.filter(({ state }) => state === "active").slice(0, mostDomains);
  const found = await Promise.all(
    living.map(async ({ id }) => {
      const { items } = await visit.read<Listed<PolicyItem>>(["domains", id, "policies"], { limit: firstPolicies });
      return (await waitingIn(visit, id, items)).map((one) => html`<li>${link(href(["domains", id]), name(id))}: ${one}</li>`);
    }),
  );
  const all = found.flat();
  return all.length === 0 ? html`` : html`<h2>Waiting for you</h2><ul>${all}</ul>`;
}

async function waitingIn(visit: Visit, domain: string, policies: readonly PolicyItem[]): Promise<readonly Html[]> {
  return [
    ...(visit.may("review:write") ? await campaigns(visit, domain) : []),
    ...(visit.may("review:write") ? await reviews(visit, domain) : []),
    ...(visit.may("channel:write") ? await versions(visit, domain, policies) : []),
  ];
}

/** Those in which somebody is to decide. */
async function campaigns(visit: Visit, domain: string): Promise<readonly Html[]> {
  const base = ["domains", domain, "campaigns"];
  const { items } = await visit.read<Listed<CampaignItem>>(base, { limit: mostCampaigns });
  const open = items.filter(({ signed, counts }) => signed === undefined && counts.undecided > 0);
  const own = await Promise.all(
    open.map(async (one) => {
      const asked = { reviewer: visit.who.subject, state: "undecided", limit: 1 };
      const list = await visit.read<Listed<CampaignMembership>>([...base, String(one.campaign), "items"], asked);
      return list.items.length > 0 ? [one] : [];
    }),
  );
  return own
    .flat()
    .map(({ campaign, title, due }) => html`Campaign ${link(href([...base, String(campaign)]), name(title))}, due ${time(due)}`);
}

async function reviews(visit: Visit, domain: string): Promise<readonly Html[]> {
  const base = ["domains", domain, "reviews"];
  const list = await visit.read<Listed<ReviewItem>>(base, { state: "open", limit: mostReviews });
  const found = list.items
    .filter(({ subject }) => subject !== visit.who.subject)
    .map(
      ({ review, subject, due }) =>
        html`${link(href([...base, String(review)]), html`Review of ${name(subject)}`)}, due ${time(due)}`,
    );
  return list.next === undefined ? found : [...found, html`${link(href(base), "More reviews")}`];
}

async function versions(visit: Visit, domain: string, policies: readonly PolicyItem[]): Promise<readonly Html[]> {
  const found = await Promise.all(
    policies.map(async ({ id }) => {
      const base = ["domains", domain, "policies", id, "versions"];
      const { items } = await visit.read<Listed<VersionItem>>(base, { limit: newestVersions });
      return items
        .filter(({ state, author, approvedBy = [] }) => {
          const { subject } = visit.who;
          return state === "awaiting_approval" && author !== subject && !approvedBy.includes(subject);
        })
        .map(
          ({ version, author }) =>
            html`${link(href([...base, version]), `${id} ${version}`)} by ${name(author)}: approve it or reject it`,
        );
    }),
  );
  return found.flat();
}
