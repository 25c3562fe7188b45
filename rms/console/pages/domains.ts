// The domains that who is signed in may see.
import { commas, href, html, name } from "../html.ts";
import type { Page } from "../page.ts";
import { type Listed, link, pager, state, table } from "../parts.ts";
import type { DomainItem } from "../shapes.ts";
import { waitingEverywhere } from "./waiting.ts";

export const domainsPage: Page = {
  path: "",
  summary: "The domains that the token may see",
  show: async (visit) => {
    const query = { cursor: visit.query("cursor") };
    const list = await visit.read<Listed<DomainItem>>(["domains"], query);
    const rows = list.items.map(({ id, title, owners, state: standing }) => [
      link(href(["domains", id]), name(id)),
      name(title),
      owners.length === 0 ? "" : commas(owners.map((owner) => name(owner))),
      state(standing),
    ]);
    const empty = "Your token sees no domain. An administrator of RMS makes domains, and tokens for them.";
    return {
      title: "Domains",
      main: html`${query.cursor === undefined && (await waitingEverywhere(visit, list.items))}
<h2>All domains</h2>
${table({ caption: "Domains", head: ["Domain", "Title", "Owners", "State"], rows, empty })}${pager(list, query, "domains")}`,
    };
  },
};
