// Everybody whom a domain knows, found by a part of the id.
import { Fields, filter } from "../form.ts";
import { commas, type Html, href, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { type Listed, link, pager, state, table } from "../parts.ts";
import type { KnownSubjectItem } from "../shapes.ts";

export const peoplePage: Page = {
  path: "/domains/:domain/people",
  summary: "Everybody whom a domain knows",
  show: async (visit) => {
    const domain = visit.param("domain");
    const query = { q: visit.query("q"), cursor: visit.query("cursor") };
    const list = await visit.read<Listed<KnownSubjectItem>>(["domains", domain, "subjects"], query);
    const fields = Fields.asking(visit).text("q", "A part of the id", { type: "search", value: query.q, max: 256 });
    const rows = list.items.map(({ subject, suspended, roles }): readonly Part[] => [
      personLink(domain, subject),
      suspended && state("suspended"),
      commas(roles.map((role) => roleLink(domain, role))),
    ]);
    return {
      title: "People",
      domain,
      main: html`${filter("Find people", fields, "Find")}
${table({
  caption: "People",
  head: ["Person", "State", "Roles held now"],
  rows,
  empty: query.q === undefined ? "The domain knows nobody yet." : "Nobody's id has this in it.",
})}${pager(list, query, "people")}`,
    };
  },
};

export function personLink(domain: string, subject: string): Html {
  return link(href(["domains", domain, "person"], { id: subject }), name(subject));
}

export function roleLink(domain: string, role: string): Html {
  return link(href(["domains", domain, "roles", role]), name(role));
}

export function membershipLink(domain: string, role: string, subject: string, text: Part): Html {
  return link(href(["domains", domain, "roles", role, "member"], { id: subject }), text);
}
