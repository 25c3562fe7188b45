// A version: what changed, by whom, what its gates said, who approved it; and the acts of those who answer for it.
import { Fields, filter, folded, reason } from "../form.ts";
import { commas, type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, link, pager, plural, state, table, time } from "../parts.ts";
import type { PolicyItem, RolloutItem, VersionDetail, VersionDiff } from "../shapes.ts";
import type { Tagged, Visit } from "../visit.ts";
import { diffOf } from "./diff.ts";
import { versionOf } from "./rollouts.ts";

const baseOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "policies", visit.param("policy")];
const addressOf = (visit: Visit): readonly string[] => [...baseOf(visit), "versions", visit.param("version")];

export const versionPage: Page = {
  path: "/domains/:domain/policies/:policy/versions/:version",
  summary: "A version with its gates, files and changes",
  show: async (visit) => {
    const base = baseOf(visit);
    const [found, policy, { channels }] = await Promise.all([
      visit.tagged<VersionDetail>(addressOf(visit)),
      visit.read<PolicyItem>(base),
      visit.read<{ readonly channels: readonly RolloutItem[] }>([...base, "activations"], { limit: 1 }),
    ]);
    const { version, author, at, message, digest, library, state: standing } = found.body;
    const serving = channels.filter(({ revision }) => versionOf(revision) === version);
    return {
      title: `${visit.param("policy")} ${version}`,
      domain: visit.param("domain"),
      crumbs: [{ text: visit.param("policy"), to: href(base) }],
      main: html`${facts({
        State: state(standing),
        Author: name(author),
        Published: time(at),
        Message: visible(message),
        "Served by":
          serving.length > 0 && serving.map(({ channel }) => html`${link(href([...base, "channels", channel]), channel)} `),
        ...approvals(found.body, policy),
        "Digest of the source": html`<code>${digest}</code>`,
        "Library of RMS": library,
      })}
${acts(visit, found, serving.length > 0)}
${gates(found.body)}
${await changes(visit, found.body, channels)}
${await files(visit)}`,
    };
  },
  acts: {
    approve: (visit) => decide(visit, "approve", "approved"),
    reject: (visit) => decide(visit, "reject", "rejected"),
    withdraw: (visit) => decide(visit, "withdraw", "withdrawn"),
  },
};

async function decide(visit: Visit, act: string, done: string): Promise<string> {
  const body = { reason: visit.given("reason") ?? "" };
  await visit.change("POST", [...addressOf(visit), act], { body, tag: visit.given("tag") });
  return href(addressOf(visit), { done });
}

function approvals(
  { approvedBy, state: standing, gates: results }: VersionDetail,
  { gates: asked }: PolicyItem,
): Readonly<Record<string, Part>> {
  const given = approvedBy ?? [];
  if (standing !== "awaiting_approval") return { "Approved by": given.length > 0 && commas(given.map((one) => name(one))) };
  // What exceeds the gate impact waits for one, whatever else the policy asks for.
  const felt = results.some(({ gate, ok }) => gate === "impact" && !ok);
  const needed = Math.max(asked.approvals ?? (asked.approval === true ? 1 : 0), felt ? 1 : 0);
  return {
    Approvals: html`${given.length} of ${needed}${given.length > 0 && html`: ${commas(given.map((one) => name(one)))}`}`,
  };
}

function acts(visit: Visit, { body: { state: standing, author }, tag }: Tagged<VersionDetail>, isServed: boolean): Part {
  if (!visit.may("channel:write")) return undefined;
  const own = author === visit.who.subject;
  const parts: Html[] = [];
  if (standing === "awaiting_approval" && own)
    parts.push(html`<p class="soft">It is yours: somebody else approves or rejects it.</p>`);
  if (standing === "awaiting_approval" && !own)
    parts.push(actForm(visit, "approve", "Approve", tag), actForm(visit, "reject", "Reject", tag));
  if (standing === "awaiting_approval" || (standing === "published" && !isServed))
    parts.push(actForm(visit, "withdraw", "Withdraw", tag));
  return html`${parts}`;
}

const explained: Readonly<Record<string, string>> = {
  approve: "Approve this version",
  reject: "Reject this version",
  withdraw: "Withdraw this version, so that no channel moves to it",
};

function actForm(visit: Visit, act: string, submit: string, tag: string): Html {
  const fields = reason(new Fields(visit, act));
  const danger = act !== "approve";
  return folded(visit, explained[act], { act, submit, fields, tag, danger });
}

/** A version that is kept though the gate impact did not pass needs an approval for it, or has one. */
function resultOf({ gate, ok }: VersionDetail["gates"][number], standing: string): string {
  if (ok) return "ok";
  if (gate !== "impact") return "failed";
  return standing === "published" ? "approved" : "needs_approval";
}

function gates({ gates: results, state: standing }: VersionDetail): Html {
  const rows = results.map((result): readonly Part[] => [
    html`<span class="word">${result.gate}</span>`,
    state(resultOf(result, standing)),
    [
      ...result.diagnostics.map(
        ({ file, row, message }) =>
          html`<div>${file !== undefined && html`<code>${file}${row !== undefined && `:${row}`}</code> `}${message}</div>`,
      ),
      ...(result.notes ?? []).map((note) => html`<div class="soft">${note}</div>`),
    ],
  ]);
  return html`<h2>Gates</h2>${table({ caption: "What the gates said", head: ["Gate", "Result", "Found"], rows, empty: "No gate looked at it." })}`;
}

/** Against what is in force, unless another version is asked for. */
async function changes(visit: Visit, { version, diff }: VersionDetail, channels: readonly RolloutItem[]): Promise<Html> {
  const inForce = channels.map(({ channel, revision }) => [versionOf(revision), channel] as const);
  const others = new Map<string, string>();
  if (diff !== undefined) others.set(diff.against, `${diff.against}, the version before`);
  for (const [served, channel] of inForce) if (served !== version) others.set(served, `${served}, served by ${channel}`);
  const preferred = inForce.find(([served, channel]) => channel === "prod" && served !== version)?.[0];
  const [first] = inForce.flatMap(([served]) => (served === version ? [] : [served]));
  const against = visit.query("against") ?? preferred ?? first ?? diff?.against;
  if (against === undefined) return html`<h2>Changes</h2><p class="empty">It is the first version: everything in it is new.</p>`;
  if (!others.has(against)) others.set(against, against);
  const found = await visit.read<VersionDiff>([...addressOf(visit), "diff"], { against });
  const fields = Fields.asking(visit).choice("against", "Compare with", [...others], against);
  return html`<h2>Changes since ${against}</h2>
<p>${link(href([...addressOf(visit), "impact"]), "Who gains and who loses by it, of all people")}</p>${filter("Compare with another version", fields, "Compare")}
<p>${plural(found.files.length, "file differs", "files differ")}.</p>${diffOf(found)}`;
}

async function files(visit: Visit): Promise<Html> {
  const query = { cursor: visit.query("cursor"), against: visit.query("against") };
  const list = await visit.read<Listed<{ readonly path: string }>>([...addressOf(visit), "files"], {
    cursor: query.cursor,
    limit: 200,
  });
  const rows = list.items.map(({ path }) => [link(href([...addressOf(visit), "file"], { path }), name(path))]);
  return html`<h2>Files</h2>${table({ caption: "Files of the version", head: ["File"], rows, empty: "It has no file." })}${pager(list, query, "files")}`;
}
