// The sidecars of a policy: what each runs, which lag, and why some refuse.
import { Fields, filter } from "../form.ts";
import { href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { age, type Listed, link, pager, span, state, table, time } from "../parts.ts";
import type { ActivationItem, RolloutItem } from "../shapes.ts";
import { sidecars, versionOf } from "./rollouts.ts";

const states = [
  ["", "any"],
  ["lagging", "lagging"],
  ["failed", "failed"],
  ["active", "active"],
  ["gone", "gone"],
] as const;

export const sidecarsPage: Page = {
  path: "/domains/:domain/policies/:policy/sidecars",
  summary: "The sidecars of a policy",
  show: async (visit) => {
    const [domain, policy] = [visit.param("domain"), visit.param("policy")];
    const base = ["domains", domain, "policies", policy];
    const query = { channel: visit.query("channel"), state: visit.query("state"), cursor: visit.query("cursor") };
    const list = await visit.read<Listed<ActivationItem> & { readonly channels: readonly RolloutItem[] }>(
      [...base, "activations"],
      query,
    );
    const fields = Fields.asking(visit);
    const rows = list.items.map((one): readonly Part[] => [
      link(href([...base, "sidecar"], { instance: one.instance }), name(one.instance)),
      html`${state(one.state)}${one.lagSeconds !== undefined && ` for ${span(one.lagSeconds)}`}`,
      one.labels["channel"] ?? "",
      html`${versionOf(one.revision)} <span class="soft">${one.revision}</span>`,
      html`${age(one.lastSeen, visit.now)} ago`,
      visible(one.error),
    ]);
    return {
      title: `Sidecars of ${policy}`,
      domain,
      crumbs: [{ text: policy, to: href(base) }],
      main: html`${filter(
        "Choose sidecars",
        html`${fields.choice("state", "State", states, query.state)}${fields.text("channel", "Channel", { value: query.channel, max: 32 })}`,
      )}
${list.channels.map((rollout) => html`<p>${link(href([...base, "channels", rollout.channel]), rollout.channel)}: ${sidecars(rollout)}, since ${time(rollout.since)}</p>`)}
${table({
  caption: "Sidecars",
  head: ["Sidecar", "State", "Channel", "Runs", "Last seen", "Last error"],
  rows,
  empty: query.state === undefined ? "No sidecar has told of itself yet." : `No sidecar is ${query.state}.`,
})}${pager(list, query, "sidecars")}`,
    };
  },
};
