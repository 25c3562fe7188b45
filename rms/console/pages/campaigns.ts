// The campaigns of a domain, and a form that opens one.
import { Fields, filter, folded, givenTime, reason } from "../form.ts";
import { type Html, href, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { type Listed, link, pager, state, table, time } from "../parts.ts";
import type { CampaignItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";

const states = [
  ["", "all"],
  ["open", "open"],
  ["overdue", "overdue"],
  ["signed", "signed"],
] as const;

export const campaignsPage: Page = {
  path: "/domains/:domain/campaigns",
  summary: "Campaigns in which memberships are certified again",
  show: async (visit) => {
    const domain = visit.param("domain");
    const query = { state: visit.query("state"), cursor: visit.query("cursor") };
    const list = await visit.read<Listed<CampaignItem>>(["domains", domain, "campaigns"], query);
    const rows = list.items.map(({ campaign, title, state: standing, due, openedBy, counts }): readonly Part[] => [
      link(href(["domains", domain, "campaigns", String(campaign)]), html`${campaign}: ${name(title)}`),
      state(standing),
      time(due),
      name(openedBy),
      progress(counts),
    ]);
    return {
      title: "Campaigns",
      domain,
      main: html`${filter("Choose campaigns", Fields.asking(visit).choice("state", "State", states, query.state))}
${visit.may("roles:write") && openForm(visit)}
${table({
  caption: "Campaigns, the newest first",
  head: ["Campaign", "State", "Due", "Opened by", "Decided"],
  rows,
  empty: query.state === undefined ? "No campaign was opened yet." : `No campaign is ${query.state}.`,
})}${pager(list, query, "campaigns")}`,
    };
  },
  acts: {
    open: async (visit) => {
      const domain = visit.param("domain");
      const opened = await visit.change<CampaignItem>("POST", ["domains", domain, "campaigns"], { body: newCampaign(visit) });
      return href(["domains", domain, "campaigns", String(opened.campaign)], { done: "opened" });
    },
  },
};

export function progress({ items, undecided, gone }: CampaignItem["counts"]): string {
  const decided = items - undecided - gone;
  return `${decided.toLocaleString("en")} of ${(items - gone).toLocaleString("en")}`;
}

function openForm(visit: Visit): Html {
  const fields = new Fields(visit, "open");
  const rules = [
    ["manager", "each member's manager"],
    ["owner", "each role's owner"],
    ["named", "the one named below"],
  ] as const;
  const ends = [
    ["keep", "stays"],
    ["end", "ends"],
  ] as const;
  const inputs = html`${fields.text("title", "Title", { required: true, max: 256 })}
${fields.text("due", "Due (UTC)", { type: "datetime-local", required: true })}
${fields.radios("reviewers", "Reviewed by", rules, "manager")}
${fields.text("reviewer", "Reviewer where the rule names nobody", { required: true, max: 256 })}
${fields.radios("undecided", "What nobody decided about in time", ends, "keep")}
<fieldset><legend>Which memberships</legend>
<p class="hint">What is empty narrows nothing.</p>
${fields.text("roles", "Of these roles", { hint: "Ids, by commas or spaces." })}
${fields.text("risks", "Of roles with these risks", { hint: "By commas or spaces, such as high." })}
${fields.text("manager", "Of people with this manager", { max: 256 })}
${fields.text("subject", "Of this person", { max: 256 })}
${fields.text("before", "Unchanged since before (UTC)", { type: "datetime-local" })}
${fields.check("orphans", "Only of people whom no source knows")}</fieldset>
${reason(fields, false)}`;
  return folded(visit, "Open a campaign", { act: "open", submit: "Open the campaign", fields: inputs });
}

function newCampaign(visit: Visit): Readonly<Record<string, unknown>> {
  const words = (field: string): readonly string[] | undefined =>
    visit
      .given(field)
      ?.split(/[\s,]+/)
      .filter((one) => one !== "");
  const scope = {
    roles: words("roles"),
    risks: words("risks"),
    manager: visit.given("manager"),
    subject: visit.given("subject"),
    before: givenTime(visit.given("before")),
    orphans: visit.given("orphans") === "yes" ? true : undefined,
  };
  // JSON has nothing for what is undefined.
  return {
    title: visit.given("title") ?? "",
    due: givenTime(visit.given("due")),
    reviewers: visit.given("reviewers"),
    reviewer: visit.given("reviewer") ?? "",
    undecided: visit.given("undecided"),
    scope,
    reason: visit.given("reason"),
  };
}
