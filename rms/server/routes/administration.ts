// Tokens, keys and audit.
import type { AuditEntry, AuditFilter } from "../../store/audit.ts";
import { verifyAudit } from "../../store/audit-log.ts";
import { breath } from "../../store/breath.ts";
import type { Reads } from "../../store/store.ts";
import type { Token } from "../../store/tokens.ts";
import { createToken, isAdmin, missingDomain, type NewToken, type Principal } from "../access.ts";
import type { Answer } from "../http/answer.ts";
import { page, pageByNumber } from "../http/paging.ts";
import { forbidden, invalid, notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, optionalNumber, optionalText, reasonOf, textField, textList } from "../http/shape.ts";
import { write } from "../http/write.ts";
import { seconds, timeText } from "../times.ts";
import { audit } from "./domains.ts";

const year = 365 * 86_400;
const sidecarScopes: readonly string[] = ["bundle:read", "telemetry:write"];

function newToken(call: Call): Promise<Answer> {
  const { rms, principal } = call;
  const body = bodyOf(call);
  const kind: NewToken["kind"] = body["kind"] === "sidecar" ? "sidecar" : "user";
  const wanted = {
    kind,
    subject: textField(body, "subject"),
    domains: textList(body, "domains"),
    scopes: body["scopes"] === undefined && kind === "sidecar" ? sidecarScopes : textList(body, "scopes"),
    policies: body["policies"] === undefined ? undefined : textList(body, "policies"),
    ttlSeconds: optionalNumber(body, "ttlSeconds") ?? year,
  };
  const { subject, domains, policies } = wanted;
  if (!isAdmin(principal)) {
    const own = domains.length > 0 && domains.every((domain) => principal.domains.includes(domain));
    if (kind !== "sidecar" || !own || !principal.scopes.has("domain:admin")) throw forbidden("rms:admin");
    if (wanted.scopes.some((scope) => !sidecarScopes.includes(scope))) throw forbidden("rms:admin");
  }
  if (kind === "sidecar" && wanted.scopes.some((scope) => !sidecarScopes.includes(scope)))
    throw invalid("A sidecar's token has only the scopes bundle:read and telemetry:write.");
  if (wanted.scopes.length === 0) throw invalid("A token without scopes may do nothing: name some in scopes.");
  if (domains.length === 0 && !wanted.scopes.some((scope) => scope.startsWith("rms:")))
    throw invalid("A token without domains sees nothing: name some in domains.");
  // The audit log names sources and campaigns so, and what an operator does.
  if (/^(?:source|campaign|operator|break-glass):/.test(subject))
    throw invalid(`No token is for ${subject}: RMS itself is named so in the audit log.`);
  if (kind === "user" && policies !== undefined) throw invalid("Only a sidecar's token is for single policies.");
  return write(call, async (tx) => {
    const missing = await missingDomain(tx, domains);
    if (missing !== undefined) throw invalid(`There is no domain ${missing}.`);
    const { id, token, expiresAt } = await createToken(tx, wanted, seconds(rms.now()));
    const detail = { kind, subject, scopes: wanted.scopes, ...(policies === undefined ? {} : { policies }) };
    const reason = optionalText(body, "reason");
    for (const domain of auditedIn(domains))
      await audit(tx, call, "token.create", domain, `tokens/${id}`, reason, { ...detail, domains: [domain] });
    return { status: 201, body: { id, token, expiresAt: timeText(expiresAt) } };
  });
}

/** Each domain of a token has an event of its own, which names no other one: those who look into one must not know of others. */
const auditedIn = (domains: readonly string[]): readonly string[] => (domains.length === 0 ? [""] : [...new Set(domains)]);

/** An administrator sees every token, an owner the sidecars of domains that are all its own. */
function seesToken({ principal }: Call, { kind, domains }: Token): boolean {
  if (isAdmin(principal)) return true;
  return kind === "sidecar" && domains.length > 0 && domains.every((domain) => principal.domains.includes(domain));
}

function tokenItem({ expiresAt, createdAt: _createdAt, policies, ...token }: Token): Readonly<Record<string, unknown>> {
  return { ...token, ...(policies === undefined ? {} : { policies }), expiresAt: timeText(expiresAt) };
}

export const administrationRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/tokens",
    scope: "domain:admin",
    summary: "Make a token; its text is shown once",
    handle: newToken,
  },
  {
    method: "GET",
    path: "/api/v1/tokens",
    scope: "domain:admin",
    summary: "The tokens, without their texts; an owner's are the sidecars of the own domains",
    handle: (call) =>
      page(call.query, {
        read: (part) => call.reads.tokens.list(part),
        key: ({ id }) => id,
        show: tokenItem,
        keep: (token) => seesToken(call, token),
      }),
  },
  {
    method: "DELETE",
    path: "/api/v1/tokens/:token",
    scope: "domain:admin",
    summary: "Revoke a token",
    handle: (call) =>
      write(call, async (tx, after) => {
        const token = await tx.tokens.get(param(call, "token"));
        if (token === undefined || !seesToken(call, token)) throw notFound();
        await tx.tokens.remove(token.id);
        after(() => call.rms.signIns.forget());
        for (const domain of auditedIn(token.domains))
          await audit(tx, call, "token.delete", domain, `tokens/${token.id}`, reasonOf(call));
        return { status: 204 };
      }),
  },
  {
    method: "GET",
    path: "/api/v1/keys",
    scope: undefined,
    summary: "The public keys that verify bundles; `format=opa` gives OPA's keys object",
    handle: async ({ rms, query }) => {
      const domain = query.get("domain");
      const scope = domain === null ? "" : `rms:${domain}`;
      const keys = await rms.store.keys.list();
      if (query.get("format") === "opa")
        return {
          status: 200,
          body: Object.fromEntries(keys.map(({ kid, alg, pem }) => [kid, { algorithm: alg, key: pem, scope }])),
        };
      return { status: 200, body: { keys: keys.map(({ kid, alg, pem, state }) => ({ kid, alg, pem, scope, state })) } };
    },
  },
  {
    method: "POST",
    path: "/api/v1/keys/rotate",
    scope: "rms:admin",
    summary: "The next step of a key rotation: publish a next key, then sign with it and retire the old one",
    handle: (call) => {
      const { rms } = call;
      return write(call, async (tx, after) => {
        const body = bodyOf(call);
        const alg = body["alg"] === "RS256" || body["alg"] === "ES256" ? body["alg"] : undefined;
        const done = await rms.keys.rotate(tx, seconds(rms.now()), alg);
        await audit(tx, call, "key.rotate", "", `keys/${done.kid}`, optionalText(body, "reason"), done);
        const domains = await tx.domains.list();
        after(() => {
          if (done.state === "active") for (const { id } of domains) rms.serving.changed(rms, id);
        });
        return { status: 200, body: done };
      });
    },
  },
  {
    method: "GET",
    path: "/api/v1/audit",
    scope: "audit:read",
    summary: "Audit events, newest first",
    handle: ({ reads, principal, query }) => {
      const filter = auditFilter(principal, query);
      return pageByNumber(query, {
        read: (part) => reads.audit.list(filter, part),
        key: ({ seq }) => seq,
        show: auditItem,
      });
    },
  },
  {
    method: "GET",
    path: "/api/v1/audit/export",
    scope: "audit:read",
    summary: "All audit events that the filter leaves, newest first, one JSON object a line",
    produces: ["application/x-ndjson"],
    handle: ({ reads, principal, query }) => {
      const body = auditLines(reads, auditFilter(principal, query));
      return { status: 200, headers: { "Content-Type": "application/x-ndjson" }, body };
    },
  },
  {
    method: "POST",
    path: "/api/v1/audit/verify",
    scope: "audit:read",
    summary: "Recompute the audit chain",
    handle: async ({ rms }) => ({ status: 200, body: await verifyAudit(rms.store) }),
  },
];

/** The events as lines, read as fast as they are taken. */
async function* auditLines(reads: Reads, filter: AuditFilter): AsyncGenerator<string> {
  for (let after: number | undefined; ; ) {
    const entries = await reads.audit.list(filter, { after, limit: 1000 });
    const last = entries.at(-1);
    if (last === undefined) return;
    yield entries.map((entry) => `${JSON.stringify(auditItem(entry))}\n`).join("");
    await breath();
    after = last.seq;
  }
}

/** What the query asks for, of the domains that the principal sees. */
function auditFilter(principal: Principal, query: URLSearchParams): AuditFilter {
  const given = (name: string): string | undefined => query.get(name) ?? undefined;
  const domain = given("domain");
  const domains = domain === undefined ? auditedDomains(principal) : seesAudit(principal, domain) ? [domain] : [];
  // Events have their times in UTC, and are compared as texts.
  const time = (name: string): string | undefined => {
    const text = given(name);
    return text === undefined ? undefined : new Date(text).toISOString();
  };
  const [actor, action, object] = ["actor", "action", "object"].map(given);
  return { domains, actor, action, object, from: time("from"), to: time("to") };
}

/** Events that belong to no domain are for those who look after RMS itself. */
function auditedDomains(principal: Principal): AuditFilter["domains"] {
  if (isAdmin(principal) || principal.scopes.has("rms:auditor")) return undefined;
  return principal.domains.includes("*") ? "every" : principal.domains;
}

function seesAudit(principal: Principal, domain: string): boolean {
  const seen = auditedDomains(principal);
  return seen === undefined || (seen === "every" ? domain !== "" : seen.includes(domain));
}

/** The shape of an event in answers. */
function auditItem({ detail: _detail, ...entry }: AuditEntry): Readonly<Record<string, unknown>> {
  return entry;
}
