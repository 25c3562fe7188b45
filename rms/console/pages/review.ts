// One review of a mover: each role is kept or ended, by somebody else and with a reason.
import { Fields, form, reason } from "../form.ts";
import { type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, state, table, time } from "../parts.ts";
import type { ReviewItem } from "../shapes.ts";
import type { Tagged, Visit } from "../visit.ts";
import { personLink, roleLink } from "./people.ts";

const addressOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "reviews", visit.param("review")];

export const reviewPage: Page = {
  path: "/domains/:domain/reviews/:review",
  summary: "One review of a mover",
  show: async (visit) => {
    const domain = visit.param("domain");
    const found = await visit.tagged<ReviewItem>(addressOf(visit));
    const { review, subject, source, at, due, from, to, manager, undecided, closed, roles } = found.body;
    return {
      title: `Review ${review} of ${subject}`,
      heading: html`Review ${review} of ${name(subject)}`,
      domain,
      crumbs: [{ text: "Reviews", to: href(["domains", domain, "reviews"]) }],
      main: html`${facts({
        Person: personLink(domain, subject),
        State: state(found.body.state),
        Due: time(due),
        "Told by the source": html`${name(source)}, ${time(at)}`,
        "Moved from": unit(from),
        "Moved to": unit(to),
        "New manager": manager !== undefined && personLink(domain, manager),
        "What nobody decides about": undecided === "end" ? "ends when it is due" : "stays",
        Closed: time(closed),
      })}
<h2>Roles</h2>
${table({
  caption: "Roles of the review",
  head: ["Role", "Decision", "By", "When", "Reason"],
  rows: roles.map((one): readonly Part[] => [
    roleLink(domain, one.role),
    state(one.decision ?? "undecided"),
    one.by !== undefined && name(one.by),
    time(one.at),
    visible(one.reason),
  ]),
  empty: "It has no role.",
})}
${decideForm(visit, found)}`,
    };
  },
  acts: {
    decide: async (visit) => {
      const body = { role: visit.given("role") ?? "", decision: visit.given("decision"), reason: visit.given("reason") ?? "" };
      await visit.change("POST", [...addressOf(visit), "decide"], { body, tag: visit.given("tag") });
      return href(addressOf(visit), { done: "decided" });
    },
  },
};

/** A unit is the manager and what else the source names. */
function unit(value: unknown): Part {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value).map(
    ([key, one]) => html`<div>${key}: ${name(typeof one === "string" ? one : JSON.stringify(one))}</div>`,
  );
}

function decideForm(visit: Visit, { body, tag }: Tagged<ReviewItem>): Html {
  const open = body.roles.filter(({ decision }) => decision === undefined);
  if (!visit.may("review:write") || open.length === 0 || body.closed !== undefined) return html``;
  if (body.subject === visit.who.subject) return html`<p class="soft">It is about you: somebody else decides.</p>`;
  const fields = new Fields(visit, "decide");
  const decisions = [
    ["keep", "it is kept, by hand and without an end"],
    ["end", "it ends at once"],
  ] as const;
  const inputs = html`${fields.choice(
    "role",
    "Role",
    open.map(({ role }) => [role, role] as const),
  )}${fields.radios("decision", "Decision", decisions)}${reason(fields)}`;
  return html`<h2>Decide</h2>${form(visit, { act: "decide", submit: "Record the decision", fields: inputs, tag })}`;
}
