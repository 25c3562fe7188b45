// Who gains and who loses by a version: everybody whom the domain knows, beside what a channel serves.
import { Fields, form } from "../form.ts";
import { commas, type Html, href, html, name, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, plural, table } from "../parts.ts";
import type { AffectedItem, ImpactItem, PolicyItem, RolloutItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { personLink, roleLink } from "./people.ts";

const baseOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "policies", visit.param("policy")];

export const impactPage: Page = {
  path: "/domains/:domain/policies/:policy/versions/:version/impact",
  summary: "Who gains and who loses by a version",
  show: async (visit, answer) => {
    const base = baseOf(visit);
    const version = visit.param("version");
    const [policy, { channels }] = await Promise.all([
      visit.read<PolicyItem>(base),
      visit.read<{ readonly channels: readonly RolloutItem[] }>([...base, "activations"], { limit: 1 }),
      visit.read([...base, "versions", version]),
    ]);
    return {
      title: `Who gains and who loses by ${version}`,
      domain: visit.param("domain"),
      crumbs: [
        { text: policy.id, to: href(base) },
        { text: version, to: href([...base, "versions", version]) },
      ],
      main: html`<p>Everybody whom the domain knows is put in the place of who asks, in each of the policy's samples, and decided for by both versions with the roles and members of now.</p>
${questionForm(visit, policy, channels)}${answer}`,
    };
  },
  acts: { compare },
};

function questionForm(visit: Visit, { entrypoints }: PolicyItem, channels: readonly RolloutItem[]): Html {
  if (channels.length === 0) return html`<p class="empty">No channel serves the policy: there is nothing to compare with.</p>`;
  const fields = new Fields(visit, "compare");
  const served = channels.map(({ channel }) => [channel, channel] as const);
  const rules = entrypoints.map((one) => [one, one] as const);
  const inputs = html`${fields.choice("channel", "Beside what this channel serves", served, "prod")}${rules.length > 1 && fields.choice("entrypoint", "Rule", rules)}`;
  return form(visit, { act: "compare", submit: "Compare", fields: inputs });
}

async function compare(visit: Visit): Promise<Html> {
  const domain = visit.param("domain");
  const found = await visit.question<ImpactItem>([...baseOf(visit), "impact"], {
    channel: visit.given("channel") ?? "",
    version: visit.param("version"),
    entrypoint: visit.given("entrypoint"),
  });
  const { gained, lost, against, people, requests, basis, recorded, withoutSubject } = found;
  const short = requests.filter(({ covered }) => covered < people);
  return html`<section aria-labelledby="impact"><h2 id="impact">${plural(gained.people, "person gains", "people gain")}, ${plural(lost.people, "person loses", "people lose")}, beside ${against}</h2>
${strangers(found)}
${short.length > 0 && html`<p class="fault">Not everybody was decided for in ${commas(short.map((one) => name(one.name)))}: the time for it ended.</p>`}
${people === 0 && html`<p>The domain knows nobody.</p>`}
${requests.length === 0 && html`<p>The policy has no sample in which somebody known asks, so nobody could be decided for.</p>`}
${affected(domain, "Who gains", gained)}${affected(domain, "Who loses", lost)}
<h3>How it was found</h3>
${facts({
  People: people.toLocaleString("en"),
  "Decided for": basis === "each" ? "each by themselves" : "those of equal roles together, and each whom a policy names",
  "Samples without somebody known": withoutSubject.length > 0 && commas(withoutSubject.map(name)),
  "Logged decisions, again":
    recorded.read > 0 && `${recorded.read} read: ${recorded.gained} gain, ${recorded.lost} lose, ${recorded.changed} change`,
})}
${table({
  caption: "By sample",
  head: ["Sample", "Who asks stands at", "Gain", "Lose", "Changed", "Failed otherwise", "Decided for"],
  rows: requests.map((one): readonly Part[] => [
    name(one.name),
    html`<code>${one.place}</code>`,
    ...[one.gained, one.lost, one.changed, one.failed, one.covered].map((count) => count.toLocaleString("en")),
  ]),
  empty: "No sample.",
})}</section>`;
}

/** Whoever RMS does not know comes first: that is everybody else. */
function strangers({ strangers: { gained, lost } }: ImpactItem): Part {
  return [
    gained.length > 0 && html`<p class="fault">Whoever RMS does not know may now, in ${commas(gained.map(name))}.</p>`,
    lost.length > 0 && html`<p>Whoever RMS does not know may no longer, in ${commas(lost.map(name))}.</p>`,
  ];
}

function affected(domain: string, caption: string, { people, subjects }: AffectedItem): Part {
  if (people === 0) return undefined;
  const rows = subjects.map(({ subject, roles, requests }): readonly Part[] => [
    personLink(domain, subject),
    commas(roles.map((role) => roleLink(domain, role))),
    commas(requests.map(name)),
  ]);
  const rest = people - subjects.length;
  return html`<h3>${caption}</h3>${table({ caption, head: ["Person", "Roles", "In the samples"], rows, empty: "" })}${rest > 0 && html`<p>${plural(rest, "more person", "more people")}.</p>`}`;
}
