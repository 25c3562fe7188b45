// Who could do what, and what somebody could do: now, or at another time as it was known at one.
import { Fields, filter, givenTime } from "../form.ts";
import { type Html, html, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { type Listed, pager, table, time } from "../parts.ts";
import type { AccessItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { limits } from "./memberships.ts";
import { personLink, roleLink } from "./people.ts";

const names = ["subject", "action", "resource", "at", "knownAt"] as const;

export const accessPage: Page = {
  path: "/domains/:domain/access",
  summary: "Who can do what",
  show: async (visit) => {
    const domain = visit.param("domain");
    await visit.read(["domains", domain]);
    const given = Object.fromEntries(names.map((one) => [one, visit.query(one)]));
    const asks = given["subject"] !== undefined || given["action"] !== undefined || given["resource"] !== undefined;
    return {
      title: "Who can do what",
      domain,
      main: html`${filterOf(visit, given)}
<p class="soft">By roles alone. What a policy decides beyond them is asked on the policy's page.</p>
${asks ? await answerTo(visit, domain, given) : html`<p class="empty">Name a person, an action or a resource.</p>`}`,
    };
  },
};

type Given = Readonly<Record<string, string | undefined>>;

function filterOf(visit: Visit, given: Given): Html {
  const fields = Fields.asking(visit);
  const text = (field: string, label: string): Html => fields.text(field, label, { value: given[field], max: 1024 });
  return filter(
    "Ask who can do what",
    html`${text("subject", "Person")}${text("action", "Action")}${text("resource", "Resource")}${moments(fields, given)}`,
    "Ask",
  );
}

/** The time that a question is about, and the one whose knowledge answers. */
export function moments(fields: Fields, given: Given): Html {
  const moment = (field: string, label: string): Html =>
    fields.text(field, label, { type: "datetime-local", value: given[field] });
  return html`${moment("at", "As of (UTC)")}${moment("knownAt", "As known at (UTC)")}`;
}

async function answerTo(visit: Visit, domain: string, given: Given): Promise<Html> {
  const cursor = visit.query("cursor");
  const asked = { ...given, at: givenTime(given["at"]), knownAt: givenTime(given["knownAt"]) };
  const list = await visit.read<Listed<AccessItem> & { readonly basis?: { readonly at: string; readonly knownAt: string } }>(
    ["access"],
    { domain, ...asked, cursor },
  );
  const { basis } = list;
  const rows = list.items.map((one): readonly Part[] => [
    personLink(domain, one.subject),
    one.action,
    one.resource,
    limits(one),
    roleLink(domain, one.role),
    time(one.validUntil),
  ]);
  return html`<p>${basis === undefined ? "Now." : html`As of ${time(basis.at)}, as known at ${time(basis.knownAt)}.`}</p>
${table({
  caption: "Who can do what",
  head: ["Person", "Action", "Resource", "Within", "By the role", "Until"],
  rows,
  empty: "Nobody.",
})}${pager(list, { ...given, cursor }, "answers")}`;
}
