// One sidecar, and what it ran since when.
import { notFound } from "../../server/http/problem.ts";
import { href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, state, table, time } from "../parts.ts";
import type { ActivationDetail } from "../shapes.ts";
import { versionOf } from "./rollouts.ts";

export const sidecarPage: Page = {
  path: "/domains/:domain/policies/:policy/sidecar",
  summary: "One sidecar of a policy",
  show: async (visit) => {
    const [domain, policy] = [visit.param("domain"), visit.param("policy")];
    const base = ["domains", domain, "policies", policy];
    const instance = visit.query("instance");
    if (instance === undefined) throw notFound();
    const one = await visit.read<ActivationDetail>([...base, "activations", instance]);
    return {
      title: `Sidecar ${instance}`,
      heading: html`Sidecar ${name(instance)}`,
      domain,
      crumbs: [
        { text: policy, to: href(base) },
        { text: "Sidecars", to: href([...base, "sidecars"]) },
      ],
      main: html`${facts({
        State: state(one.state),
        Runs: one.revision,
        "Last seen": time(one.lastSeen),
        "OPA's version": one.opaVersion,
        "Last error": one.error !== undefined && visible(one.error),
        Labels: Object.entries(one.labels).map(([key, value]) => html`<div>${key}: ${name(value)}</div>`),
      })}
<h2>What it ran</h2>
${table({
  caption: "What it ran, the newest first",
  head: ["Since", "Version", "Revision"],
  rows: one.history.map(({ revision, at }): readonly Part[] => [time(at), versionOf(revision), revision]),
  empty: "Nothing is recorded.",
})}`,
    };
  },
};
