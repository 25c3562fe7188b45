// Reviews of people who moved to another unit.
import { Fields, filter } from "../form.ts";
import { href, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { type Listed, link, pager, state, table, time } from "../parts.ts";
import type { ReviewItem } from "../shapes.ts";

const states = [
  ["open", "open"],
  ["overdue", "overdue"],
  ["closed", "closed"],
  ["any", "any"],
] as const;

export const reviewsPage: Page = {
  path: "/domains/:domain/reviews",
  summary: "Reviews of people who moved",
  show: async (visit) => {
    const domain = visit.param("domain");
    const asked = { state: visit.query("state") ?? "open", subject: visit.query("subject"), cursor: visit.query("cursor") };
    const list = await visit.read<Listed<ReviewItem>>(["domains", domain, "reviews"], {
      ...asked,
      state: asked.state === "any" ? undefined : asked.state,
    });
    const fields = Fields.asking(visit);
    const rows = list.items.map(({ review, subject, state: standing, due, manager, roles }): readonly Part[] => [
      link(href(["domains", domain, "reviews", String(review)]), html`${review}: ${name(subject)}`),
      state(standing),
      time(due),
      manager !== undefined && name(manager),
      `${roles.filter(({ decision }) => decision !== undefined).length} of ${roles.length}`,
    ]);
    return {
      title: "Reviews",
      domain,
      main: html`${filter(
        "Choose reviews",
        html`${fields.choice("state", "State", states, asked.state)}${fields.text("subject", "Of the person", { value: asked.subject, max: 256 })}`,
      )}
${table({
  caption: "Reviews, the newest first",
  head: ["Review", "State", "Due", "New manager", "Roles decided"],
  rows,
  empty: "No review is such. A source with review in its settings opens one when somebody moves.",
})}${pager(list, asked, "reviews")}`,
    };
  },
};
