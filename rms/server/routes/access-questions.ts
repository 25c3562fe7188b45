// Who can do what by the roles of now: the grants of everybody's roles as sets, without evaluating a policy.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { includedRoles, type RoleFacts } from "#bundles/rms-data.ts";
import { demand } from "../access.ts";
import { invalid, notFound } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { seconds } from "../rms.ts";

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
  if (domain === undefined) throw invalid("Name the domain in the query: ?domain=.");
  if (subject === undefined && action === undefined && resource === undefined)
    throw invalid("Name a subject, an action or a resource in the query.");
  if (query.has("at") || query.has("knownAt")) throw invalid("Questions about another time than now are not answered yet.");
  demand(principal, "read", domain);
  if ((await rms.store.domains.get(domain)) === undefined) throw notFound();
  const { facts } = await rms.store.roles.facts(domain);
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
            ...(until === undefined ? {} : { validUntil: new Date(until * 1000).toISOString() }),
          }),
        ),
      );
  });
  return { status: 200, body: { items: items.sort(inOrder) } };
}

function grantsOf(role: RoleFacts, roles: ReadonlyMap<string, RoleFacts>): RoleFacts["responsibilities"] {
  return includedRoles(role.id, roles).flatMap((id) => roles.get(id)?.responsibilities ?? []);
}

function inOrder(a: Access, b: Access): number {
  return byUtf8(a.subject, b.subject) || byUtf8(a.role, b.role) || byUtf8(a.action, b.action) || byUtf8(a.resource, b.resource);
}

export const accessRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/access",
    scope: "read",
    summary: "Who can do something, or what somebody can do, by the roles of now",
    handle: access,
  },
];
