// Signing a campaign: first what it would do, then the signature of exactly that.
import { Fields, form, reason } from "../form.ts";
import { type Html, href, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, plural, table } from "../parts.ts";
import type { CampaignItem, SignedCampaign } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { overview } from "./campaign.ts";
import { limits } from "./memberships.ts";
import { personLink } from "./people.ts";

const addressOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "campaigns", visit.param("campaign")];

export const campaignSignPage: Page = {
  path: "/domains/:domain/campaigns/:campaign/sign",
  summary: "What signing a campaign would do",
  show: async (visit) => {
    const domain = visit.param("domain");
    // The tag is older than the preview: what is decided between the two is refused, too.
    const { body: campaign, tag } = await visit.tagged<CampaignItem>(addressOf(visit));
    const preview = await visit.change<SignedCampaign>("POST", [...addressOf(visit), "sign"], { query: { dryRun: "true" } });
    return {
      title: `Sign ${campaign.title}`,
      heading: html`Sign ${name(campaign.title)}`,
      domain,
      crumbs: [
        { text: "Campaigns", to: href(["domains", domain, "campaigns"]) },
        { text: name(campaign.title), to: href(addressOf(visit)) },
      ],
      main: html`${overview(domain, campaign)}
<h2>What signing does now</h2>
${facts({
  "Memberships that end": preview.ended.toLocaleString("en"),
  "Memberships that stay": preview.kept.toLocaleString("en"),
  "Decided by nobody": preview.byDefault > 0 && preview.byDefault.toLocaleString("en"),
  "Can no longer do something": plural(preview.losing, "person", "people"),
})}
${losers(domain, preview)}
${signForm(visit, campaign, tag)}`,
    };
  },
  acts: {
    sign: async (visit) => {
      const body = { reason: visit.given("reason") ?? "" };
      await visit.change("POST", [...addressOf(visit), "sign"], { body, tag: visit.given("tag") });
      return href(addressOf(visit), { who: "all", state: "any", done: "signed" });
    },
  },
};

function losers(domain: string, { losing, losers: named }: SignedCampaign): Html {
  const rows = named.map(({ subject, loses }): readonly Part[] => [
    personLink(domain, subject),
    loses.map((one) => html`<div>${one.action} ${one.resource} ${limits(one)}</div>`),
  ]);
  const rest = losing - named.length;
  return html`${table({
    caption: "Who can no longer do what",
    head: ["Person", "Loses"],
    rows,
    empty: "Nobody loses anything that another role does not let them do.",
  })}${rest > 0 && html`<p>${plural(rest, "more person", "more people")}.</p>`}`;
}

function signForm(visit: Visit, { counts, due, signed }: CampaignItem, tag: string): Html {
  if (signed !== undefined) return html`<p class="empty">The campaign is signed.</p>`;
  if (counts.undecided > 0 && Date.parse(due) > visit.now.getTime())
    return html`<p>${plural(counts.undecided, "membership is", "memberships are")} undecided and the campaign is not due yet: it cannot be signed now.</p>`;
  const fields = reason(new Fields(visit, "sign"));
  return html`<h2>Sign</h2>${form(visit, { act: "sign", submit: "Sign the campaign", fields, tag, danger: true })}`;
}
