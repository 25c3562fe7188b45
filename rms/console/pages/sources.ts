// Where a domain's people come from, and how fresh what is said of them is.
import { type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { age, type Listed, link, pager, span, state, table, time } from "../parts.ts";
import type { SourceItem } from "../shapes.ts";

export const sourcesPage: Page = {
  path: "/domains/:domain/sources",
  summary: "The sources of people of a domain",
  show: async (visit) => {
    const domain = visit.param("domain");
    const query = { cursor: visit.query("cursor") };
    const list = await visit.read<Listed<SourceItem>>(["domains", domain, "sources"], query);
    const rows = list.items.map((source): readonly Part[] => [
      link(href(["domains", domain, "sources", source.id]), name(source.settings.title ?? source.id)),
      source.settings.kind,
      freshness(source, visit.now),
      lastRun(source, visit.now),
      schedule(source),
    ]);
    return {
      title: "Sources",
      domain,
      main: html`${table({
        caption: "Sources of people",
        head: ["Source", "Kind", "What it says is", "Last sync", "Syncs"],
        rows,
        empty: "The domain has no source: its memberships are made by hand.",
      })}${pager(list, query, "sources")}`,
    };
  },
};

/** Whether what a source says still counts as fresh, and of when it is. */
export function freshness({ asOf, freshUntil }: SourceItem, now: Date): Html {
  if (asOf === undefined || freshUntil === undefined) return html`${state("stale")} nothing was taken yet`;
  const isFresh = Date.parse(freshUntil) > now.getTime();
  return html`${state(isFresh ? "fresh" : "stale")} ${age(asOf, now)} old, fresh until ${time(freshUntil)}`;
}

function lastRun({ lastRun: run }: SourceItem, now: Date): Part {
  if (run === undefined) return html`<span class="soft">none yet</span>`;
  return html`${state(run.result)} ${age(run.ended, now)} ago${run.message !== undefined && html`: ${visible(run.message)}`}`;
}

export function schedule({ settings: { every, cron } }: SourceItem): string {
  if (cron !== undefined) return `at ${cron} (UTC)`;
  return every === undefined ? "by hand" : `every ${span(every)}`;
}
