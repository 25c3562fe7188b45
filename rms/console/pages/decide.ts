// What a policy decides for an input: now, or with the version, the facts and the clock of another time.
import { Fields, form, givenTime } from "../form.ts";
import { type Html, href, html, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, link, state, time } from "../parts.ts";
import type { DecisionItem, PolicyItem, RolloutItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";

const baseOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "policies", visit.param("policy")];
/** Samples that are offered by name. */
const shownSamples = 50;
/** Lines of an explanation that a page shows. */
const mostLines = 2000;

export const decidePage: Page = {
  path: "/domains/:domain/policies/:policy/decide",
  summary: "What a policy decides for an input",
  show: async (visit, answer) => {
    const base = baseOf(visit);
    const [policy, { channels }, { items: samples }] = await Promise.all([
      visit.read<PolicyItem>(base),
      visit.read<{ readonly channels: readonly RolloutItem[] }>([...base, "activations"], { limit: 1 }),
      visit.read<Listed<{ readonly name: string }>>([...base, "samples"], { limit: shownSamples }),
    ]);
    const sample = visit.query("sample");
    const text = sample === undefined ? undefined : await visit.text([...base, "samples", sample]);
    return {
      title: `Ask ${policy.id}`,
      domain: visit.param("domain"),
      crumbs: [{ text: policy.id, to: href(base) }],
      main: html`${answer}
${samples.length > 0 && html`<p>Begin with a sample: ${samples.map((one) => html`${link(href([...base, "decide"], { sample: one.name }), one.name)} `)}</p>`}
${questionForm(visit, policy, channels, text)}`,
    };
  },
  acts: { ask },
};

function questionForm(
  visit: Visit,
  { entrypoints }: PolicyItem,
  channels: readonly RolloutItem[],
  sample: string | undefined,
): Html {
  const fields = new Fields(visit, "ask");
  const served = channels.map(({ channel }) => [channel, channel] as const);
  const explains = [
    ["off", "nothing more"],
    ["fails", "what failed on the way"],
    ["notes", "what the policy notes"],
    ["full", "the whole way"],
  ] as const;
  const moment = (field: string, label: string, hint: string): Html =>
    fields.text(field, label, { type: "datetime-local", hint });
  const inputs = html`${served.length > 0 && fields.choice("channel", "Decided as by the channel", served, "prod")}
${fields.text("version", "Or by this version", { max: 64, hint: "In place of what the channel serves." })}
${
  entrypoints.length > 0 &&
  fields.choice(
    "entrypoint",
    "Rule",
    entrypoints.map((one) => [one, one] as const),
  )
}
${entrypoints.length === 0 && fields.text("entrypoint", "Rule", { required: true, max: 512, hint: "As package/rule." })}
${fields.text("input", "Input", { lines: 10, max: 1024 * 1024, value: sample, hint: "HOCON or JSON." })}
<fieldset><legend>Another time</legend>
${moment("at", "As of (UTC)", "With the version, the roles, the members and the clock of then.")}
${moment("knownAt", "As known at (UTC)", "Now where it is empty: with what was corrected since.")}</fieldset>
${fields.choice("explain", "Explain", explains, "off")}`;
  return form(visit, { act: "ask", submit: "Ask", fields: inputs });
}

async function ask(visit: Visit): Promise<Html> {
  const version = visit.given("version");
  const decision = await visit.question<DecisionItem>([...baseOf(visit), "decide"], {
    channel: version === undefined ? visit.given("channel") : undefined,
    version,
    entrypoint: visit.given("entrypoint"),
    hocon: visit.form?.get("input")?.trim() || undefined,
    at: givenTime(visit.given("at")),
    knownAt: givenTime(visit.given("knownAt")),
    explain: visit.given("explain"),
  });
  const { basis, revision, snapshot, fresh, explanation } = decision;
  return html`<section aria-labelledby="decision"><h2 id="decision">Decision: ${shortOf(decision)}</h2>
<pre tabindex="0" aria-label="Result">${visible(decision.result === undefined ? "undefined" : JSON.stringify(decision.result, null, 2))}</pre>
${facts({
  Decided:
    basis.kind === "asKnown" ? html`as of ${time(basis.at)}, as known at ${time(basis.knownAt)}` : "as sidecars decide now",
  Version: link(href([...baseOf(visit), "versions", basis.version]), basis.version),
  Revision: html`<code>${revision}</code>`,
  "Snapshot of the data": snapshot,
  "Data are": state(fresh ? "fresh" : "stale"),
  Digest: html`<code>${basis.digest}</code>`,
})}
${explained(explanation)}</section>`;
}

/** A result in a word, where it is one. */
function shortOf({ result }: DecisionItem): string {
  if (result === undefined) return "undefined, which is no";
  return typeof result === "boolean" ? String(result) : "see the result";
}

function explained(lines: readonly string[] | undefined): Part {
  if (lines === undefined) return undefined;
  return html`<h3>Why</h3><pre tabindex="0" aria-label="Explanation">${visible(lines.slice(0, mostLines).join("\n"))}</pre>${lines.length > mostLines && html`<p class="soft"><code>rw decide --explain</code> shows the rest.</p>`}`;
}
