// What pages are made of: tables, times, states, lists of facts, and the way to the next page of a list.
import { type Html, html, type Part, searchOf } from "./html.ts";
import type { Query } from "./visit.ts";

/** A page of the API's lists. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

interface Table {
  /** What the table is, for those who do not see it. */
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly Part[])[];
  /** Said in place of a table without rows. */
  readonly empty: string;
}

export function table({ caption, head, rows, empty }: Table): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
<tbody>${rows.map(rowOf)}</tbody>
</table></div>`;
}

function rowOf([first, ...cells]: readonly Part[]): Html {
  return html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
}

/** Names with what is said of them; what is undefined is left out. */
export function facts(pairs: Readonly<Record<string, Part>>): Html {
  const shown = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== false);
  return html`<dl class="facts">${shown.map(([key, value]) => html`<div><dt>${key}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A time of the API, to the minute. */
export function time(text: string | undefined): Part {
  if (text === undefined) return undefined;
  const shown = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(text);
  return html`<time datetime="${text}">${shown === null ? text : `${shown[1]} ${shown[2]} UTC`}</time>`;
}

/** How long ago something was, in the largest unit that fits. */
export function age(text: string, now: Date): string {
  return span(Math.max(0, Math.floor((now.getTime() - Date.parse(text)) / 1000)));
}

/** So many seconds in words. */
export function span(seconds: number): string {
  const units = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ] as const;
  const [size, unit] = units.find(([most]) => seconds >= most) ?? [1, "second"];
  return plural(Math.floor(seconds / size), unit);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

const tones: Readonly<Record<string, string>> = {
  published: "good",
  active: "good",
  keep: "good",
  ok: "good",
  fresh: "good",
  changed: "good",
  unchanged: "good",
  signed: "good",
  approved: "good",
  awaiting_approval: "wait",
  needs_approval: "wait",
  lagging: "wait",
  rolling: "wait",
  undecided: "wait",
  open: "wait",
  frozen: "wait",
  rejected: "bad",
  failed: "bad",
  overdue: "bad",
  refused: "bad",
  stale: "bad",
  suspended: "bad",
  end: "bad",
};

/** A state in words; its colour says nothing that the words do not. */
export function state(text: string): Html {
  return html`<span class="state ${tones[text] ?? "plain"}">${text.replaceAll("_", " ")}</span>`;
}

/** The way on in a list, and back to its beginning. */
export function pager(list: Listed<unknown>, query: Query, what: string): Html {
  const { cursor, ...rest } = query;
  const first = searchOf(rest);
  return html`${
    (cursor !== undefined || list.next !== undefined) &&
    html`<nav class="pager" aria-label="Pages of ${what}">
${cursor !== undefined && html`<a href="?${first}">First page</a>`}
${list.next !== undefined && html`<a rel="next" href="?${searchOf({ ...rest, cursor: list.next })}">Next page</a>`}
</nav>`
  }`;
}

export function link(to: string, text: Part): Html {
  return html`<a href="${to}">${text}</a>`;
}
