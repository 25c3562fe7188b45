// Tokens, keys, audit, health and metrics.
import packageJson from "../../../package.json" with { type: "json" };
import type { AuditEntry, AuditFilter } from "../../store/audit.ts";
import { verifyAudit } from "../../store/audit-log.ts";
import { createToken, isAdmin, type Principal, scopes } from "../access.ts";
import { forbidden, invalid, notFound } from "../http/problem.ts";
import { type Answer, type Call, param, type Route } from "../http/router.ts";
import { objectBody, optionalText, textField, textList } from "../http/shape.ts";
import { seconds } from "../rms.ts";
import { audit } from "./domains.ts";

const year = 365 * 86_400;
const sidecarScopes = new Set(["bundle:read", "telemetry:write"]);

async function newToken(call: Call): Promise<Answer> {
  const { rms, principal } = call;
  const body = objectBody(call.body, ["kind", "subject", "domains", "scopes", "ttlSeconds", "reason"]);
  const kind = textField(body, "kind");
  if (kind !== "user" && kind !== "sidecar") throw invalid("kind must be user or sidecar.");
  const domains = textList(body, "domains");
  const wanted = textList(body, "scopes");
  const ttl = body["ttlSeconds"] ?? year;
  if (typeof ttl !== "number" || !Number.isInteger(ttl) || ttl < 60 || ttl > year)
    throw invalid("ttlSeconds must be 60 to 31536000.");
  const unknown = wanted.find((scope) => !(scopes as readonly string[]).includes(scope));
  if (unknown !== undefined) throw invalid(`${JSON.stringify(unknown)} is no scope; scopes are ${scopes.join(", ")}.`);
  if (!isAdmin(principal)) {
    const own = domains.length > 0 && domains.every((domain) => principal.domains.includes(domain));
    if (kind !== "sidecar" || !own || !principal.scopes.has("domain:admin")) throw forbidden("rms:admin");
    if (wanted.some((scope) => !sidecarScopes.has(scope))) throw forbidden("rms:admin");
  }
  if (kind === "sidecar" && wanted.some((scope) => !sidecarScopes.has(scope)))
    throw invalid("A sidecar's token has only the scopes bundle:read and telemetry:write.");
  const subject = textField(body, "subject", { max: 256 });
  const reason = optionalText(body, "reason");
  const made = await rms.store.transaction(async (tx) => {
    const token = await createToken(tx, { kind, subject, domains, scopes: wanted, ttlSeconds: ttl }, seconds(rms.now()));
    const detail = { kind, subject, domains, scopes: wanted };
    await audit(tx, call, "token.create", domains[0] ?? "", `tokens/${token.id}`, reason, detail);
    return token;
  });
  return { status: 201, body: { id: made.id, token: made.token, expiresAt: new Date(made.expiresAt * 1000).toISOString() } };
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
    scope: "rms:admin",
    summary: "The tokens, without their texts",
    handle: async ({ rms }) => ({
      status: 200,
      body: {
        items: (await rms.store.tokens.list()).map(({ expiresAt, createdAt: _createdAt, ...token }) => ({
          ...token,
          expiresAt: new Date(expiresAt * 1000).toISOString(),
        })),
      },
    }),
  },
  {
    method: "DELETE",
    path: "/api/v1/tokens/:token",
    scope: "rms:admin",
    summary: "Revoke a token",
    handle: async (call) => {
      const id = param(call, "token");
      const removed = await call.rms.store.transaction(async (tx) => {
        if (!(await tx.tokens.remove(id))) return false;
        await audit(tx, call, "token.delete", "", `tokens/${id}`, call.query.get("reason") ?? "");
        return true;
      });
      if (!removed) throw notFound();
      return { status: 204 };
    },
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
    handle: async (call) => {
      const { rms } = call;
      const body = objectBody(call.body ?? {}, ["reason"]);
      const rotation = await rms.store.transaction(async (tx) => {
        const done = await rms.keys.rotate(tx, seconds(rms.now()));
        await audit(tx, call, "key.rotate", "", `keys/${done.kid}`, optionalText(body, "reason"), done);
        return done;
      });
      if (rotation.state === "active") for (const { id } of await rms.store.domains.list()) rms.serving.changed(rms, id);
      return { status: 200, body: rotation };
    },
  },
  {
    method: "GET",
    path: "/api/v1/audit",
    scope: "audit:read",
    summary: "Audit events, newest first",
    handle: async ({ rms, principal, query }) => {
      const limit = Math.min(200, Math.max(1, Number(query.get("limit") ?? 50) || 50));
      const after = Number(query.get("cursor") ?? Number.MAX_SAFE_INTEGER);
      const filter = auditFilter(principal, query);
      const entries = await rms.store.audit.list(filter, { after, limit: limit + 1 });
      const page = entries.slice(0, limit);
      return {
        status: 200,
        body: { items: page.map(auditItem), ...(entries.length > limit ? { next: String(page.at(-1)?.seq) } : {}) },
      };
    },
  },
  {
    method: "GET",
    path: "/api/v1/audit/export",
    scope: "audit:read",
    summary: "All audit events that the filter leaves, newest first, one JSON object a line",
    produces: "application/x-ndjson",
    handle: async ({ rms, principal, query }) => {
      const filter = auditFilter(principal, query);
      const lines: string[] = [];
      for (let after = Number.MAX_SAFE_INTEGER; ; ) {
        const entries = await rms.store.audit.list(filter, { after, limit: 1000 });
        lines.push(...entries.map((entry) => `${JSON.stringify(auditItem(entry))}\n`));
        const last = entries.at(-1);
        if (last === undefined) break;
        after = last.seq;
      }
      return { status: 200, headers: { "Content-Type": "application/x-ndjson" }, body: lines.join("") };
    },
  },
  {
    method: "POST",
    path: "/api/v1/audit/verify",
    scope: "audit:read",
    summary: "Recompute the audit chain",
    handle: async ({ rms }) => ({ status: 200, body: await verifyAudit(rms.store) }),
  },
  ...operations("/api/v1"),
  ...operations(""),
];

/** What the query asks for, of the domains that the principal sees. */
function auditFilter(principal: Principal, query: URLSearchParams): AuditFilter {
  const given = (name: string): string | undefined => query.get(name) ?? undefined;
  const domain = given("domain");
  const every = isAdmin(principal) || principal.scopes.has("rms:auditor");
  const own = (id: string): boolean => every || principal.domains.includes(id);
  const domains = domain === undefined ? (every ? undefined : principal.domains) : [domain].filter(own);
  return { domains, actor: given("actor"), object: given("object"), from: given("from"), to: given("to") };
}

/** The shape of an event in answers. */
function auditItem({ detail: _detail, ...entry }: AuditEntry): Readonly<Record<string, unknown>> {
  return entry;
}

/** What an operator's tools ask, at the root and below the API's base. */
function operations(base: string): readonly Route[] {
  return [
    {
      method: "GET",
      path: `${base}/healthz`,
      scope: undefined,
      summary: "The process is there",
      handle: () => ({ status: 200, body: { ok: true } }),
    },
    {
      method: "GET",
      path: `${base}/readyz`,
      scope: undefined,
      summary: "The store answers",
      handle: async ({ rms }) => ({ status: 200, body: { ok: (await rms.keys.signer()).kid !== "" } }),
    },
    {
      method: "GET",
      path: `${base}/metrics`,
      scope: undefined,
      summary: "Metrics for Prometheus",
      produces: "text/plain",
      handle: ({ rms }) => ({
        status: 200,
        headers: { "Content-Type": "text/plain; version=0.0.4" },
        body: `rms_polls_open ${rms.waiters.open}\n${rms.metrics.print()}`,
      }),
    },
    {
      method: "GET",
      path: `${base}/version`,
      scope: undefined,
      summary: "What runs here",
      handle: ({ rms }) => ({ status: 200, body: { version: packageJson.version, library: rms.library.version } }),
    },
  ];
}
