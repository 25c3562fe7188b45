// Who can do what by the roles of now: the grants of everybody's roles as sets, without evaluating a policy.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { includedRoles, type RoleFacts } from "#bundles/rms-data.ts";
import { demand } from "../access.ts";
import { pageOfComputed } from "../http/paging.ts";
import { invalid, notFound } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { seconds, timeText } from "../rms.ts";

interface Access {
  readonly subject: string;
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly constraints?: unknown;
  readonly validUntil?: string;
}

/** True when a grant of an action and a resource, as in `rms.rbac`, covers what is asked; nothing asked is covered by all. */
function covers(granted: { readonly action: string; readonly resource: string }, action?: string, resource?: string): boolean {
  if (action !== undefined && granted.action !== "*" && granted.action !== action) return false;
  if (resource === undefined || granted.resource === "*" || granted.resource === resource) return true;
  return granted.resource.endsWith("/*") && resource.startsWith(granted.resource.slice(0, -1));
}

async function access(call: Call): Promise<Answer> {
  const { rms, principal, query } = call;
  const given = (name: string): string | undefined => query.get(name) ?? undefined;
  const [domain, subject, action, resource] = ["domain", "subject", "action", "resource"].map(given);
  const csv = query.get("format") === "csv";
  if (domain === undefined) throw invalid("Name the domain in the query: ?domain=.");
  if (subject === undefined && action === undefined && resource === undefined)
    throw invalid("Name a subject, an action or a resource in the query.");
  demand(principal, "read", domain);
  if ((await call.reads.domains.get(domain)) === undefined) throw notFound();
  const { facts } = await call.reads.roles.facts(domain);
  const now = seconds(rms.now());
  const suspended = new Set(facts.suspended);
  const roles = new Map(facts.roles.map((role) => [role.id, role]));
  const items = facts.roles.flatMap((role) => {
    const grants = grantsOf(role, roles).filter((grant) => covers(grant, action, resource));
    if (grants.length === 0) return [];
    return role.members
      .filter((member) => (subject === undefined || member.subject === subject) && !suspended.has(member.subject))
      .filter(({ from = 0, until = Number.POSITIVE_INFINITY }) => from <= now && now < until)
      .flatMap(({ subject: who, until }) =>
        grants.map(
          (grant): Access => ({
            subject: who,
            role: role.id,
            ...grant,
            ...(until === undefined ? {} : { validUntil: timeText(until) }),
          }),
        ),
      );
  });
  const sorted = items.map((item) => ({ item, key: keyOf(item) })).sort((a, b) => compareKeys(a.key, b.key));
  if (csv) return csvAnswer(sorted.map(({ item }) => item));
  const { body, ...answer } = pageOfComputed(query, sorted, 5, ({ key }) => key, compareKeys);
  const { items: shown, ...more } = body as { readonly items: readonly (typeof sorted)[number][] };
  return { ...answer, body: { items: shown.map(({ item }) => item), ...more } };
}

function keyOf({ subject, role, action, resource, constraints }: Access): readonly string[] {
  return [subject, role, action, resource, JSON.stringify(constraints ?? null)];
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const order = byUtf8(part, b[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

/** The whole list as RFC 4180 lines. A cell that a spreadsheet would take for a formula is quoted from it. */
function csvAnswer(items: readonly Access[]): Answer {
  const cell = (value: string): string => {
    const text = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = items.map(({ subject, role, action, resource, constraints, validUntil }) => [
    subject,
    role,
    action,
    resource,
    constraints === undefined ? "" : JSON.stringify(constraints),
    validUntil ?? "",
  ]);
  const head = ["subject", "role", "action", "resource", "constraints", "validUntil"];
  const body = [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  return { status: 200, headers: { "Content-Type": "text/csv; charset=utf-8; header=present" }, body };
}

function grantsOf(role: RoleFacts, roles: ReadonlyMap<string, RoleFacts>): RoleFacts["responsibilities"] {
  return includedRoles(role.id, roles).flatMap((id) => roles.get(id)?.responsibilities ?? []);
}

export const accessRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/access",
    scope: "read",
    summary: "Who can do something, or what somebody can do, by the roles of now",
    produces: ["application/json", "text/csv"],
    handle: access,
  },
];
