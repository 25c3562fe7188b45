// Events of the audit log as tables show them, and what they are asked by.
import { Fields, fieldTime, filter, givenTime } from "../form.ts";
import { type Html, html, name, type Part, visible } from "../html.ts";
import { type Listed, pager, table, time } from "../parts.ts";
import type { AuditItem } from "../shapes.ts";
import type { Query, Visit } from "../visit.ts";

/** What the address asks of the log. */
export function askedOf(visit: Visit, domain: string | undefined): Query {
  const [actor, action, object, cursor] = ["actor", "action", "object", "cursor"].map((one) => visit.query(one));
  return { domain, actor, action, object, from: givenTime(visit.query("from")), to: givenTime(visit.query("to")), cursor };
}

export async function log(visit: Visit, asked: Query, mayName: boolean): Promise<Html> {
  const list = await visit.read<Listed<AuditItem>>(["audit"], asked);
  const { cursor, domain, ...rest } = asked;
  const query = { ...(mayName ? { domain } : {}), ...rest, from: visit.query("from"), to: visit.query("to"), cursor };
  return html`${filterOf(visit, asked, mayName)}
<p class="soft">Each is looked for as a whole: <code>version.publish</code>, <code>orders/roles/clerk</code>.</p>${eventTable(list.items, "Nothing in the log is such.")}${pager(list, query, "events")}`;
}

function filterOf(visit: Visit, asked: Query, mayName: boolean): Html {
  const fields = Fields.asking(visit);
  const text = (field: string, label: string): Html => fields.text(field, label, { value: textOf(asked[field]), max: 512 });
  const moment = (field: string, label: string): Html =>
    fields.text(field, label, { type: "datetime-local", value: fieldTime(textOf(asked[field])) });
  return filter(
    "Choose events",
    html`${mayName && text("domain", "Domain")}${text("actor", "By")}${text("action", "What")}${text("object", "To what")}${moment("from", "From (UTC)")}${moment("to", "Before (UTC)")}`,
  );
}

const textOf = (value: string | number | undefined): string | undefined => (value === undefined ? undefined : String(value));

export function eventTable(events: readonly AuditItem[], empty: string, caption = "Audit log, the newest first"): Html {
  const rows = events.map(({ seq, at, actor, action, object, reason }): readonly Part[] => [
    seq,
    time(at),
    name(actor),
    html`<code class="word">${action}</code>`,
    name(object),
    visible(reason),
  ]);
  return table({ caption, head: ["Event", "When", "By", "What", "To what", "Reason"], rows, empty });
}
