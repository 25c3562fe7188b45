// A policy: its channels and its versions, the newest first.
import { commas, type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, link, pager, plural, state, table, time } from "../parts.ts";
import type { ImpactGate, PeopleBound, PolicyItem, RolloutItem, VersionItem } from "../shapes.ts";
import { rolloutHead, rolloutRow, versionOf } from "./rollouts.ts";

export const policyPage: Page = {
  path: "/domains/:domain/policies/:policy",
  summary: "A policy with its channels and versions",
  show: async (visit) => {
    const [domain, id] = [visit.param("domain"), visit.param("policy")];
    const base = ["domains", domain, "policies", id];
    const query = { cursor: visit.query("cursor") };
    const [policy, { channels }, list] = await Promise.all([
      visit.read<PolicyItem>(base),
      visit.read<{ readonly channels: readonly RolloutItem[] }>([...base, "activations"], { limit: 1 }),
      visit.read<Listed<VersionItem>>([...base, "versions"], query),
    ]);
    const servedBy = (version: string): string =>
      channels
        .filter(({ revision }) => versionOf(revision) === version)
        .map(({ channel }) => channel)
        .join(", ");
    const rows = list.items.map(({ version, state: standing, author, at, message }): readonly Part[] => [
      link(href([...base, "versions", version]), version),
      state(standing),
      servedBy(version),
      name(author),
      time(at),
      visible(message),
    ]);
    return {
      title: id,
      domain,
      main: html`${facts({ ...asked(policy), Entrypoints: policy.entrypoints.length > 0 && policy.entrypoints.map((one) => html`<code>${one}</code> `) })}
<h2>Channels</h2>
${table({
  caption: "Channels",
  head: rolloutHead,
  rows: channels.map((rollout) => rolloutRow(domain, id, rollout, visit.now)),
  empty: "No channel serves the policy yet: no sidecar has it.",
})}
<p>${link(href([...base, "sidecars"]), "Sidecars of the policy")} · ${link(href([...base, "decide"]), "Ask what it decides")}</p>
<h2>Versions</h2>
${table({
  caption: "Versions, the newest first",
  head: ["Version", "State", "Served by", "Author", "Published", "Message"],
  rows,
  empty: "Nothing was published yet.",
})}${pager(list, query, "versions")}`,
    };
  },
};

/** What the policy's gates ask of each version. */
export function asked({ gates }: PolicyItem): Readonly<Record<string, Part>> {
  const approvals = gates.approvals ?? (gates.approval === true ? 1 : 0);
  return {
    "A version needs": approvals === 0 ? "no approval" : plural(approvals, "approval"),
    "Tests must reach": gates.coverage !== undefined && `${gates.coverage} % of the lines`,
    "Who may gain and lose": gates.impact !== undefined && limitsOf(gates.impact),
    "Builtins allowed": gates.builtins !== undefined && gates.builtins.length > 0 && gates.builtins.join(", "),
  };
}

function limitsOf({ channel, gain, lose, changed, never = [], refusals = [], otherwise }: ImpactGate): Html {
  const bounds = [
    boundOf(gain, "gains", "gain"),
    boundOf(lose, "loses", "lose"),
    boundOf(changed, "gets another decision", "get another decision"),
  ].filter((one) => one !== undefined);
  const last = otherwise === "refuse" ? "What exceeds that is refused." : "What exceeds that waits for an approval.";
  return html`beside ${channel}${bounds.length > 0 && html` at most ${bounds.join(", ")}`}${never.length > 0 && html`; nobody with ${commas(never.map(name))} gains or loses`}${refusals.length > 0 && html`; whom ${commas(refusals.map(name))} names is kept out`}. ${last}`;
}

/** `5 people (1 %) lose`; of both the lesser one holds. */
function boundOf(bound: PeopleBound | undefined, one: string, many: string): string | undefined {
  if (bound === undefined) return undefined;
  const { people, percent } = bound;
  if (people === undefined) return `${percent ?? 0} % of the people ${many}`;
  const share = percent === undefined ? "" : ` (${percent} %)`;
  return plural(people, `person${share} ${one}`, `people${share} ${many}`);
}
