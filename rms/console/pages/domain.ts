// A domain: its policies, what each channel serves, and which sidecars obey.
import { commas, href, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, link, pager, span, state, table } from "../parts.ts";
import type { DomainItem, PolicyItem, RolloutItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { rolloutHead, rolloutRow } from "./rollouts.ts";
import { waiting } from "./waiting.ts";

/** Policies of one page: each is asked for its channels. */
const shownPolicies = 20;

export const domainPage: Page = {
  path: "/domains/:domain",
  summary: "A domain with its policies and their channels",
  show: async (visit) => {
    const id = visit.param("domain");
    const domain = await visit.read<DomainItem>(["domains", id]);
    const query = { cursor: visit.query("cursor") };
    const list = await visit.read<Listed<PolicyItem>>(["domains", id, "policies"], { ...query, limit: shownPolicies });
    const rows = await Promise.all(list.items.map((policy) => policyRows(visit, id, policy)));
    const head = ["Policy", ...rolloutHead];
    const empty = "The domain has no policy yet. Whoever publishes to it makes one.";
    return {
      title: domain.title,
      heading: name(domain.title),
      domain: id,
      main: html`${facts({
        Domain: name(id),
        Package: html`<code>${domain.package}</code>`,
        State: state(domain.state),
        Owners: domain.owners.length > 0 && commas(domain.owners.map((owner) => name(owner))),
        "Data count as fresh for": span(domain.maxDataAge),
      })}
${await waiting(visit, id, list.items)}
<h2>Policies</h2>
${table({ caption: "Policies and their channels", head, rows: rows.flat(), empty })}${pager(list, query, "policies")}`,
    };
  },
};

/** A row for each channel of the policy, or one that says that it has none. */
async function policyRows(visit: Visit, domain: string, { id }: PolicyItem): Promise<readonly (readonly Part[])[]> {
  const { channels } = await visit.read<{ readonly channels: readonly RolloutItem[] }>(
    ["domains", domain, "policies", id, "activations"],
    { limit: 1 },
  );
  const policy = link(href(["domains", domain, "policies", id]), id);
  if (channels.length === 0) return [[policy, html`<span class="soft">no channel</span>`, "", "", ""]];
  return channels.map((rollout) => [policy, ...rolloutRow(domain, id, rollout, visit.now)]);
}
