// A campaign: a reviewer's list, decided many at once, each with who gave it, since when and why.
import { invalid } from "../../server/http/problem.ts";
import { Fields, filter, form, reason } from "../form.ts";
import { type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, link, pager, plural, state, table, time } from "../parts.ts";
import type { CampaignItem, CampaignMembership } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { progress } from "./campaigns.ts";
import { origin } from "./memberships.ts";
import { personLink, roleLink } from "./people.ts";

/** Memberships of one page: what a reviewer looks at before deciding. */
const shownItems = 100;

const addressOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "campaigns", visit.param("campaign")];

interface Asked extends Readonly<Record<string, string | undefined>> {
  readonly who: string;
  readonly state: string;
  readonly cursor: string | undefined;
}

/** Reviewers see first what waits for them. */
function askedOf(visit: Visit): Asked {
  return { who: visit.query("who") ?? "mine", state: visit.query("state") ?? "undecided", cursor: visit.query("cursor") };
}

export const campaignPage: Page = {
  path: "/domains/:domain/campaigns/:campaign",
  summary: "A campaign with its memberships",
  show: async (visit) => {
    const domain = visit.param("domain");
    const campaign = await visit.read<CampaignItem>(addressOf(visit));
    const asked = askedOf(visit);
    const list = await visit.read<Listed<CampaignMembership>>([...addressOf(visit), "items"], {
      reviewer: asked.who === "mine" ? visit.who.subject : undefined,
      state: asked.state === "any" ? undefined : asked.state,
      cursor: asked.cursor,
      limit: shownItems,
    });
    const mayDecide = visit.may("review:write") && campaign.signed === undefined && list.items.length > 0;
    return {
      title: campaign.title,
      heading: name(campaign.title),
      domain,
      crumbs: [{ text: "Campaigns", to: href(["domains", domain, "campaigns"]) }],
      main: html`${overview(domain, campaign)}
${visit.may("roles:write") && campaign.signed === undefined && html`<p>${link(href([...addressOf(visit), "sign"]), "Preview what signing would do, and sign")}</p>`}
<h2>Memberships</h2>
${choose(visit, asked)}
${mayDecide ? decideForm(visit, domain, list.items) : items(domain, list.items, false)}${pager(list, asked, "memberships")}`,
    };
  },
  acts: { decide },
};

export function overview(domain: string, campaign: CampaignItem): Html {
  const { counts, due, openedBy, reviewers, reviewer, undecided, scope, signed, signedBy, digest } = campaign;
  const rules: Readonly<Record<string, string>> = { manager: "each member's manager", owner: "each role's owner" };
  const rule = rules[reviewers];
  const narrowed = Object.entries(scope).map(
    ([key, value]) => `${key} ${Array.isArray(value) ? value.join(", ") : String(value)}`,
  );
  return facts({
    State: state(campaign.state),
    Due: time(due),
    Decided: `${progress(counts)}: ${counts.keep.toLocaleString("en")} kept, ${counts.end.toLocaleString("en")} to end`,
    "Gone meanwhile": counts.gone > 0 && counts.gone.toLocaleString("en"),
    "Opened by": html`${name(openedBy)}, ${time(campaign.at)}`,
    "Reviewed by": html`${rule !== undefined && `${rule}; else `}${personLink(domain, reviewer)}`,
    "What nobody decides about": undecided === "end" ? "ends when it is due" : "stays",
    "Which memberships": narrowed.length === 0 ? "all" : narrowed.join("; "),
    Signed: signed !== undefined && html`${time(signed)} by ${name(signedBy ?? "")}`,
    "Digest of all decisions": digest !== undefined && html`<code>${digest}</code>`,
  });
}

function choose(visit: Visit, { who, state: wanted }: Asked): Html {
  const fields = Fields.asking(visit);
  const reviewers = [
    ["mine", "me"],
    ["all", "everybody"],
  ] as const;
  const states = [
    ["undecided", "undecided"],
    ["keep", "kept"],
    ["end", "to end"],
    ["gone", "gone meanwhile"],
    ["any", "any"],
  ] as const;
  return filter(
    "Choose memberships",
    html`${fields.choice("who", "Reviewed by", reviewers, who)}${fields.choice("state", "State", states, wanted)}`,
  );
}

function items(domain: string, all: readonly CampaignMembership[], chosen: boolean): Html {
  const rows = all.map((item): readonly Part[] => {
    const { role, subject, since, givenBy, givenFor, reviewer, state: standing, by, reason: why } = item;
    return [
      html`${chosen && check(item)}${personLink(domain, subject)}`,
      roleLink(domain, role),
      time(since),
      givenBy !== undefined && name(givenBy),
      visible(givenFor),
      since !== undefined && origin(item),
      reviewer === undefined ? "who answers for the domain" : name(reviewer),
      html`${state(standing)}${by !== undefined && html` by ${name(by)}: ${visible(why)}`}`,
    ];
  });
  const head = ["Person", "Role", "Stands since", "Given by", "For", "Made", "Reviewer", "Decision"];
  return table({ caption: "Memberships of the campaign", head, rows, empty: "No membership is such." });
}

/** Which membership a decision is about, as it stood when it was looked at. */
const keyOf = ({ role, subject, since }: CampaignMembership): object => ({ role, subject, since });

function check(item: CampaignMembership): Part {
  const { role, subject, state: standing } = item;
  if (standing === "gone") return undefined;
  const value = JSON.stringify(keyOf(item));
  return html`<input type="checkbox" name="item" value="${value}" aria-label="${subject} in the role ${role}"> `;
}

/** The list with a box at each membership, and below it what becomes of those that are ticked. */
function decideForm(visit: Visit, domain: string, all: readonly CampaignMembership[]): Html {
  const fields = new Fields(visit, "decide");
  const decisions = [
    ["keep", "they are kept"],
    ["end", "they end when the campaign is signed"],
    ["delegate", "somebody else reviews them"],
  ] as const;
  const open = all.filter((item) => item.state !== "gone");
  const inputs = html`${items(domain, all, true)}
<p class="field"><label><input type="checkbox" name="every" value="yes" data-ticks="item"> All ${plural(open.length, "membership")} of this page</label></p>
${fields.radios("decision", "Of the memberships that are ticked", decisions)}
${fields.text("to", "Who reviews them instead", { max: 256 })}${reason(fields)}`;
  const hidden = { shown: JSON.stringify(open.map(keyOf)) };
  return form(visit, { act: "decide", submit: "Record the decision", fields: inputs, hidden, wide: true });
}

async function decide(visit: Visit): Promise<string> {
  const decision = visit.given("decision");
  const chosen = chosenBy(visit);
  if (chosen.length === 0) throw invalid("Tick the memberships that you decide about.");
  const common = { reason: visit.given("reason") ?? "", items: chosen };
  const handedOn = decision === "delegate";
  const body = handedOn ? { ...common, to: visit.given("to") ?? "" } : { ...common, decision };
  await visit.change("POST", [...addressOf(visit), handedOn ? "delegate" : "decide"], { body });
  const { cursor: _cursor, ...asked } = askedOf(visit);
  return href(addressOf(visit), { ...asked, done: handedOn ? "handed-on" : "decided" });
}

/** What is ticked; the API looks at whatever it is. */
function chosenBy({ form: sent }: Visit): readonly unknown[] {
  const texts = sent?.get("every") === "yes" ? [sent.get("shown") ?? "[]"] : (sent?.getAll("item") ?? []);
  try {
    return texts.flatMap((text) => JSON.parse(text) as unknown);
  } catch {
    throw invalid("The form was changed on its way: open the page again.");
  }
}
