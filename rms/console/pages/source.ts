// One source of people: its settings, what became of each sync, and a sync by hand.
import { Fields, folded } from "../form.ts";
import { type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, pager, state, table, time } from "../parts.ts";
import type { SourceItem, SourceRunItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { freshness, schedule } from "./sources.ts";

const addressOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "sources", visit.param("source")];

export const sourcePage: Page = {
  path: "/domains/:domain/sources/:source",
  summary: "One source with its syncs",
  show: async (visit) => {
    const domain = visit.param("domain");
    const query = { cursor: visit.query("cursor") };
    const [source, runs] = await Promise.all([
      visit.read<SourceItem>(addressOf(visit)),
      visit.read<Listed<SourceRunItem>>([...addressOf(visit), "runs"], query),
    ]);
    return {
      title: `Source ${source.id}`,
      domain,
      crumbs: [{ text: "Sources", to: href(["domains", domain, "sources"]) }],
      main: html`${facts({
        Title: source.settings.title,
        Kind: source.settings.kind,
        "What it says is": freshness(source, visit.now),
        Syncs: schedule(source),
        Required: source.settings.required === true && "yes: all data of the domain are stale with it",
        "Settings by": html`${name(source.by)}, ${time(source.since)}`,
      })}
${visit.may("sources:write") && syncForm(visit)}
<h2>Syncs</h2>
${table({
  caption: "Syncs, the newest first",
  head: ["Sync", "Read", "Result", "By", "What happened"],
  rows: runs.items.map((run): readonly Part[] => [run.run, time(run.at), state(run.result), name(run.actor), told(run)]),
  empty: "It was never read.",
})}${pager(runs, query, "syncs")}
<h2>Settings</h2>
<p class="soft">Secrets stand in them by name alone.</p>
<pre tabindex="0" aria-label="Settings of the source">${JSON.stringify(source.settings, null, 2)}</pre>`,
    };
  },
  acts: {
    sync: async (visit) => {
      const force = visit.given("force") === "yes";
      const body = { reason: visit.given("reason") ?? "", ...(force ? { force } : {}) };
      const done = await visit.change<{ readonly running: boolean; readonly run?: SourceRunItem }>(
        "POST",
        [...addressOf(visit), "sync"],
        { body },
      );
      const bad = done.run?.result === "refused" || done.run?.result === "failed";
      return href(addressOf(visit), { done: done.running ? "syncing" : bad ? "not-synced" : "synced" });
    },
  },
};

function syncForm(visit: Visit): Html {
  const fields = new Fields(visit, "sync");
  const inputs = html`${fields.text("reason", "Reason", { hint: "A forced sync needs one. Stands in the audit log." })}
${fields.check("force", "Take it however much is gone (in a domain with approvals a second person must want the same)")}`;
  return folded(visit, "Sync now", { act: "sync", submit: "Sync", fields: inputs });
}

/** What a sync did, or why it did nothing. */
function told({ message, consent, reason, counts = {}, drops = [], missingRoles = [] }: SourceRunItem): Part {
  const changed = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count.toLocaleString("en")} ${what}`);
  return [
    message !== undefined && html`<div>${visible(message)}</div>`,
    consent !== undefined && html`<div>${name(consent)} wants it forced; a second person must, too.</div>`,
    reason !== "" && html`<div>Reason: ${visible(reason)}</div>`,
    changed.length > 0 && html`<div class="soft">${changed.join(", ")}</div>`,
    drops.map(
      ({ what, before, after }) =>
        html`<div>${what}: ${before.toLocaleString("en")} before, ${after.toLocaleString("en")} now</div>`,
    ),
    missingRoles.length > 0 && html`<div>Roles that are not there: ${missingRoles.join(", ")}</div>`,
  ];
}
