// The roles of a domain.
import { Fields, filter } from "../form.ts";
import { href, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { type Listed, link, pager, table } from "../parts.ts";
import type { RoleItem } from "../shapes.ts";
import { personLink } from "./people.ts";

export const rolesPage: Page = {
  path: "/domains/:domain/roles",
  summary: "The roles of a domain",
  show: async (visit) => {
    const domain = visit.param("domain");
    const query = { q: visit.query("q"), cursor: visit.query("cursor") };
    const list = await visit.read<Listed<RoleItem>>(["domains", domain, "roles"], query);
    const fields = Fields.asking(visit).text("q", "A part of id or title", { type: "search", value: query.q, max: 256 });
    const rows = list.items.map(({ id, title, owner, risk, memberCount }): readonly Part[] => [
      link(href(["domains", domain, "roles", id]), name(id)),
      title,
      owner !== undefined && personLink(domain, owner),
      risk,
      memberCount.toLocaleString("en"),
    ]);
    return {
      title: "Roles",
      domain,
      main: html`${filter("Find roles", fields, "Find")}
${table({
  caption: "Roles",
  head: ["Role", "Title", "Owner", "Risk", "Members"],
  rows,
  empty: query.q === undefined ? "The domain has no role yet." : "No role has this in its id or title.",
})}${pager(list, query, "roles")}`,
    };
  },
};
