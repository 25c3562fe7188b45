// The auditor's report: one page of a domain between two dates, made to be printed.
import { Fields, filter } from "../form.ts";
import { commas, type Html, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, plural, state, table, time } from "../parts.ts";
import type {
  ActivationItem,
  AuditItem,
  CampaignItem,
  DomainItem,
  PolicyItem,
  ReviewItem,
  RoleItem,
  SourceItem,
} from "../shapes.ts";
import type { Query, Visit } from "../visit.ts";
import { progress } from "./campaigns.ts";
import { eventTable } from "./events.ts";
import { freshness } from "./sources.ts";

/** Pages of 200 that the report reads of a list: it says so where there is more. */
const mostPages = 10;
const day = 86_400_000;

interface Gathered<Item> {
  readonly items: readonly Item[];
  readonly isWhole: boolean;
}

/** The parts of the report that tell of events, with how their actions begin. */
const chapters: readonly (readonly [title: string, begins: readonly string[]])[] = [
  ["Versions: published, approved, rejected, withdrawn", ["version."]],
  ["Channels: moved, rolled back, pinned", ["channel."]],
  ["Roles, memberships and suspensions", ["role.", "member.", "subject."]],
  ["Campaigns and reviews", ["campaign.", "review."]],
  ["Sources", ["source."]],
  ["Settings, tokens and the rest", [""]],
];

export const reportPage: Page = {
  path: "/domains/:domain/report",
  summary: "The auditor's report of a domain",
  show: async (visit) => {
    const id = visit.param("domain");
    const domain = await visit.read<DomainItem>(["domains", id]);
    const to = dateOf(visit.query("to")) ?? dateText(visit.now.getTime() + day);
    const from = dateOf(visit.query("from")) ?? dateText(visit.now.getTime() - 30 * day);
    const span = { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` };
    const events = await gather<AuditItem>(visit, ["audit"], { domain: id, ...span });
    const fields = Fields.asking(visit);
    const dates = html`${fields.text("from", "From (UTC)", { type: "date", value: from })}${fields.text("to", "Before (UTC)", { type: "date", value: to })}`;
    return {
      title: `Report of ${domain.title}`,
      heading: html`Report of ${name(domain.title)}`,
      domain: id,
      main: html`${filter("Choose the time", dates, "Make the report")}
${facts({
  Domain: name(id),
  State: state(domain.state),
  Owners: domain.owners.length > 0 && commas(domain.owners.map((owner) => name(owner))),
  Covers: `${from} up to, not with, ${to}`,
  Made: html`${time(visit.now.toISOString())} for ${name(visit.who.subject)}`,
  Events: plural(events.items.length, "event"),
})}
${!events.isWhole && html`<p class="fault">Only the last ${events.items.length.toLocaleString("en")} events of this time are told here: make reports of shorter times.</p>`}
${breakGlass(events.items)}
${changes(events.items)}
${await roles(visit, id)}
${await certified(visit, id)}
${await sources(visit, id, events.items)}
${await refusals(visit, id)}`,
    };
  },
};

const dateText = (millis: number): string => new Date(millis).toISOString().slice(0, 10);
const dateOf = (text: string | undefined): string | undefined =>
  /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(Date.parse(text ?? "")) ? text : undefined;

async function gather<Item>(visit: Visit, parts: readonly string[], query: Query = {}): Promise<Gathered<Item>> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const list: Listed<Item> = await visit.read(parts, { ...query, limit: 200, cursor });
    items.push(...list.items);
    cursor = list.next;
    if (cursor === undefined) return { items, isWhole: true };
  }
  return { items, isWhole: false };
}

function breakGlass(events: readonly AuditItem[]): Html {
  const found = events.filter(({ actor, action }) => actor.startsWith("break-glass:") || action.startsWith("break-glass"));
  return html`<h2>Break-glass use</h2>${eventTable(found, "Nobody broke the glass in this time.", "Break-glass use")}`;
}

/** Every event stands in the first chapter that it belongs to. */
function changes(events: readonly AuditItem[]): Html {
  let left = events;
  const parts = chapters.map(([title, begins]) => {
    const own = (event: AuditItem): boolean => begins.some((one) => event.action.startsWith(one));
    const found = left.filter(own);
    left = left.filter((event) => !own(event));
    return html`<h3>${title}</h3>${eventTable(found, "Nothing.", title)}`;
  });
  return html`<h2>What changed, by whom and why</h2>${parts}`;
}

async function roles(visit: Visit, domain: string): Promise<Html> {
  const { items, isWhole } = await gather<RoleItem>(visit, ["domains", domain, "roles"]);
  const rows = items.map(({ id, title, owner, risk, memberCount }): readonly Part[] => [
    name(id),
    title,
    owner !== undefined && name(owner),
    risk,
    memberCount.toLocaleString("en"),
  ]);
  return html`<h2>Who has what now</h2>
${table({ caption: "Roles", head: ["Role", "Title", "Owner", "Risk", "Members"], rows, empty: "There are no roles." })}${!isWhole && html`<p class="soft">There are more roles.</p>`}
<p class="soft">The members of each are on its page. Who can do what as CSV: <code>GET /api/v1/access?domain=${domain}&amp;action=ACTION&amp;format=csv</code>.</p>`;
}

async function certified(visit: Visit, domain: string): Promise<Html> {
  const campaigns = await gather<CampaignItem>(visit, ["domains", domain, "campaigns"]);
  const reviews = await gather<ReviewItem>(visit, ["domains", domain, "reviews"]);
  const count = (wanted: string): number => reviews.items.filter((one) => one.state === wanted).length;
  const rows = campaigns.items.map((one): readonly Part[] => [
    `${one.campaign}: ${one.title}`,
    state(one.state),
    time(one.due),
    progress(one.counts),
    one.signedBy !== undefined && html`${name(one.signedBy)}, ${time(one.signed)}`,
    one.digest !== undefined && html`<code>${one.digest}</code>`,
  ]);
  const head = ["Campaign", "State", "Due", "Decided", "Signed", "Digest"];
  return html`<h2>Certified again</h2>${table({ caption: "Campaigns", head, rows, empty: "There was no campaign." })}
<p>Reviews of movers: ${count("closed")} closed, ${count("open")} open, ${count("overdue")} overdue.</p>`;
}

async function sources(visit: Visit, domain: string, events: readonly AuditItem[]): Promise<Html> {
  const { items } = await gather<SourceItem>(visit, ["domains", domain, "sources"]);
  const refused = events.filter(({ action }) => action === "source.refuse");
  const rows = items.map((source): readonly Part[] => [
    name(source.id),
    source.settings.kind,
    freshness(source, visit.now),
    source.lastRun !== undefined && html`${state(source.lastRun.result)} ${source.lastRun.message}`,
  ]);
  return html`<h2>Freshness</h2>
${table({ caption: "Sources", head: ["Source", "Kind", "What it says is", "Last sync"], rows, empty: "There are no sources." })}
<p>${plural(refused.length, "sync was", "syncs were")} refused in this time.</p>`;
}

async function refusals(visit: Visit, domain: string): Promise<Html> {
  const policies = await gather<PolicyItem>(visit, ["domains", domain, "policies"]);
  const rows: (readonly Part[])[] = [];
  for (const { id } of policies.items) {
    const address = ["domains", domain, "policies", id, "activations"];
    const { items } = await gather<ActivationItem>(visit, address, { state: "failed" });
    for (const one of items) rows.push([name(one.instance), id, one.revision, time(one.lastSeen), one.error]);
  }
  return html`<h2>Sidecars that refuse their bundle now</h2>${table({
    caption: "Sidecars that refuse their bundle",
    head: ["Sidecar", "Policy", "Runs", "Last seen", "Error"],
    rows,
    empty: "None.",
  })}`;
}
