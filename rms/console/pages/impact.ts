// Who gains and who loses by a version: everybody whom the domain knows, beside what a channel serves.
import { Fields, filter, folded, reason } from "../form.ts";
import { commas, type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, plural, state, table } from "../parts.ts";
import type { AffectedItem, ImpactItem, PolicyItem, RolloutItem, VersionDetail } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { personLink, roleLink } from "./people.ts";

const baseOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "policies", visit.param("policy")];

const addressOf = (visit: Visit): readonly string[] => [...baseOf(visit), "versions", visit.param("version")];

export const impactPage: Page = {
  path: "/domains/:domain/policies/:policy/versions/:version/impact",
  summary: "Who gains and who loses by a version",
  show: async (visit) => {
    const base = baseOf(visit);
    const [policy, { channels }, version] = await Promise.all([
      visit.read<PolicyItem>(base),
      visit.read<{ readonly channels: readonly RolloutItem[] }>([...base, "activations"], { limit: 1 }),
      visit.read<VersionDetail>(addressOf(visit)),
    ]);
    const channel = visit.query("channel");
    const names = channels.map((one) => [one.channel, one.channel] as const);
    const wanted = channel ?? policy.gates.impact?.channel ?? "prod";
    const fields = Fields.asking(visit).choice("channel", "Beside what this channel serves", names, wanted);
    return {
      title: `Who gains and who loses by ${version.version}`,
      domain: visit.param("domain"),
      crumbs: [
        { text: policy.id, to: href(base) },
        { text: version.version, to: href(addressOf(visit)) },
      ],
      main: html`<p>Everybody whom the domain knows is put in the place of who asks, in each sample, and decided for by both versions with the roles and members of now.</p>
${names.length === 0 ? html`<p class="empty">No channel serves the policy: there is nothing to compare with.</p>` : filter("Choose a channel", fields, "Compare")}
${channel !== undefined && (await told(visit, version, channel))}`,
    };
  },
  acts: {
    approve: async (visit) => {
      const body = { reason: visit.given("reason") ?? "", impact: visit.given("impact") };
      await visit.change("POST", [...addressOf(visit), "approve"], { body, tag: visit.given("tag") });
      return href(addressOf(visit), { done: "approved" });
    },
  },
};

async function told(visit: Visit, version: VersionDetail, channel: string): Promise<Html> {
  const domain = visit.param("domain");
  const found = await visit.read<ImpactItem>([...addressOf(visit), "impact"], { channel });
  const {
    gained,
    lost,
    changed,
    unclear,
    lackingSamples = [],
    against,
    people,
    requests,
    basis,
    recorded,
    withoutSubject,
    entrypoints,
    refusals = [],
    clock = [],
  } = found;
  const short = requests.filter(({ covered }) => covered < people);
  return html`<h2>${plural(gained.people, "person gains", "people gain")}, ${plural(lost.people, "person loses", "people lose")}, beside ${against}</h2>
${verdict(visit, version, found)}${strangers(found)}
${short.length > 0 && html`<p class="fault">Not everybody was decided for in ${commas(short.map((one) => name(one.name)))}: the time for it, or what one decision may take, ended.</p>`}
${people === 0 && html`<p>The domain knows nobody.</p>`}
${requests.length === 0 && html`<p>There is no sample in which somebody known asks, so nobody could be decided for.</p>`}
${affected(domain, "Who gains", gained)}${affected(domain, "Who loses", lost)}${affected(domain, "Who gets a decision of which nobody can tell whether it lets them in", unclear)}${affected(domain, "Who gets another decision", changed)}
<h3>How it was found</h3>
${facts({
  Entrypoints: commas(entrypoints.map(name)),
  "Keep people out where they say anything": refusals.length > 0 && commas(refusals.map(name)),
  People: people.toLocaleString("en"),
  "Decided for": basis === "each" ? "each by themselves" : "those of equal roles together, and each whom a policy names",
  "At another time": clock.length > 0 && html`not looked at, and the policies call ${commas(clock.map(name))}`,
  "Not in the version, and decided all the same": lackingSamples.length > 0 && commas(lackingSamples.map(name)),
  "Samples without somebody known": withoutSubject.length > 0 && commas(withoutSubject.map(name)),
  "Logged decisions, again":
    recorded.read > 0 && `${recorded.read} read: ${recorded.gained} gain, ${recorded.lost} lose, ${recorded.changed} change`,
})}
${table({
  caption: "By sample",
  head: ["Sample", "Who asks stands at", "Gain", "Lose", "Changed", "Fails now", "Decided for"],
  rows: requests.map((one): readonly Part[] => [
    name(one.name),
    html`<code>${one.place}</code>`,
    ...[one.gained, one.lost, one.changed, one.failed, one.covered].map((count) => count.toLocaleString("en")),
  ]),
  empty: "No sample.",
})}`;
}

/** What the policy's gate says to it, and the approval of just these people. */
function verdict(visit: Visit, version: VersionDetail, { gate, digest }: ImpactItem): Part {
  if (gate === undefined) return undefined;
  const { ok, otherwise, exceeds, consents } = gate;
  if (ok) return html`<p>${state("ok")} That is within what the policy's owner allows.</p>`;
  const list = html`<ul>${exceeds.map((one) => html`<li>${visible(one)}</li>`)}</ul>`;
  if (otherwise === "refuse")
    return html`<p>${state("refused")} That is more than the policy's owner allows, and no approval helps.</p>${list}`;
  const lead =
    consents.length > 0
      ? html`<p>${state("approved")} That is more than the policy's owner allows. Approved with just these people by ${commas(consents.map(name))}.</p>`
      : html`<p>${state("needs_approval")} That is more than the policy's owner allows: no channel serves it before somebody else approves just these people.</p>`;
  return html`${lead}${list}${consentForm(visit, version, digest)}`;
}

function consentForm(visit: Visit, { author, state: standing }: VersionDetail, digest: string): Part {
  const isOpen = standing === "published" || standing === "awaiting_approval";
  if (!visit.may("channel:write") || !isOpen) return undefined;
  if (author === visit.who.subject) return html`<p class="soft">It is yours: somebody else approves it.</p>`;
  const fields = reason(new Fields(visit, "approve"));
  return folded(visit, "Approve it with just these people", {
    act: "approve",
    submit: "Approve",
    fields,
    hidden: { impact: digest },
  });
}

/** Whoever RMS does not know comes first: that is everybody else. */
function strangers({ strangers: { gained, lost, unknown = [], changed = [], unclear = [] } }: ImpactItem): Part {
  const others = changed.filter((one) => !unclear.includes(one));
  return [
    gained.length > 0 && html`<p class="fault">Whoever RMS does not know may now, in ${commas(gained.map(name))}.</p>`,
    unknown.length > 0 &&
      html`<p class="fault">Whether whoever RMS does not know may is not known in ${commas(unknown.map(name))}: one decision takes too long or too much memory.</p>`,
    unclear.length > 0 &&
      html`<p class="fault">Whether another decision lets whoever RMS does not know in cannot be told in ${commas(unclear.map(name))}.</p>`,
    others.length > 0 && html`<p>Whoever RMS does not know gets another decision in ${commas(others.map(name))}.</p>`,
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
