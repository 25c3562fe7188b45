// Tokens, keys, audit, health and metrics.
import packageJson from "../../../package.json" with { type: "json" };
import { createToken, isAdmin, scopes } from "../access.ts";
import { auditItem, verifyAudit } from "../audit.ts";
import { forbidden, invalid, notFound } from "../http/problem.ts";
import type { Call, Route } from "../http/router.ts";
import { objectBody, optionalText, textField, textList } from "../http/shape.ts";
import { seconds } from "../rms.ts";
import { audit } from "./domains.ts";

const year = 365 * 86_400;
const sidecarScopes = new Set(["bundle:read", "telemetry:write"]);

function newToken(call: Call): { status: number; body: unknown } {
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
  const made = rms.db.transaction(() => {
    const token = createToken(rms.db, { kind, subject, domains, scopes: wanted, ttlSeconds: ttl }, seconds(rms.now()));
    audit(
      call,
      "token.create",
      domains[0] ?? "",
      `tokens/${token.id}`,
      typeof body["reason"] === "string" ? body["reason"] : "",
      { kind, subject, domains, scopes: wanted },
    );
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
    handle: ({ rms }) => ({
      status: 200,
      body: {
        items: rms.db.all("SELECT * FROM tokens ORDER BY created_at").map((row) => ({
          id: row["id"],
          kind: row["kind"],
          subject: row["subject"],
          domains: JSON.parse(String(row["domains"])),
          scopes: JSON.parse(String(row["scopes"])),
          expiresAt: new Date(Number(row["expires_at"]) * 1000).toISOString(),
        })),
      },
    }),
  },
  {
    method: "DELETE",
    path: "/api/v1/tokens/:token",
    scope: "rms:admin",
    summary: "Revoke a token",
    handle: (call) => {
      const removed = call.rms.db.transaction(() => {
        const count = call.rms.db.run("DELETE FROM tokens WHERE id = ?", call.params["token"]!);
        if (count > 0) audit(call, "token.delete", "", `tokens/${call.params["token"]}`, call.query.get("reason") ?? "");
        return count;
      });
      if (removed === 0) throw notFound();
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: "/api/v1/keys",
    scope: undefined,
    summary: "The public keys that verify bundles; `format=opa` gives OPA's keys object",
    handle: ({ rms, query }) => {
      const domain = query.get("domain");
      const scope = domain === null ? "" : `rms:${domain}`;
      const rows = rms.db.all("SELECT * FROM keys ORDER BY at");
      if (query.get("format") === "opa")
        return {
          status: 200,
          body: Object.fromEntries(rows.map((row) => [row["kid"], { algorithm: row["alg"], key: row["pem"], scope }])),
        };
      return {
        status: 200,
        body: { keys: rows.map((row) => ({ kid: row["kid"], alg: row["alg"], pem: row["pem"], scope, state: row["state"] })) },
      };
    },
  },
  {
    method: "POST",
    path: "/api/v1/keys/rotate",
    scope: "rms:admin",
    summary: "The next step of a key rotation: publish a next key, then sign with it and retire the old one",
    handle: (call) => {
      const { rms } = call;
      const body = objectBody(call.body ?? {}, ["reason"]);
      const rotation = rms.db.transaction(() => {
        const done = rms.keys.rotate(seconds(rms.now()));
        audit(call, "key.rotate", "", `keys/${done.kid}`, optionalText(body, "reason"), done);
        return done;
      });
      if (rotation.state === "active")
        for (const row of rms.db.all("SELECT id FROM domains")) rms.serving.changed(rms, String(row["id"]));
      return { status: 200, body: rotation };
    },
  },
  {
    method: "GET",
    path: "/api/v1/audit",
    scope: "audit:read",
    summary: "Audit events, newest first",
    handle: ({ rms, principal, query }) => {
      const domain = query.get("domain");
      const limit = Math.min(200, Math.max(1, Number(query.get("limit") ?? 50) || 50));
      const before = Number(query.get("cursor") ?? Number.MAX_SAFE_INTEGER);
      const rows = rms.db
        .all(
          "SELECT * FROM audit WHERE seq < ? AND (? IS NULL OR domain = ?) ORDER BY seq DESC LIMIT ?",
          before,
          domain,
          domain,
          limit + 1,
        )
        .filter(
          (row) => isAdmin(principal) || principal.scopes.has("rms:auditor") || principal.domains.includes(String(row["domain"])),
        );
      const page = rows.slice(0, limit);
      return {
        status: 200,
        body: { items: page.map(auditItem), ...(rows.length > limit ? { next: String(page.at(-1)?.["seq"]) } : {}) },
      };
    },
  },
  {
    method: "POST",
    path: "/api/v1/audit/verify",
    scope: "audit:read",
    summary: "Recompute the audit chain",
    handle: ({ rms }) => ({ status: 200, body: verifyAudit(rms.db) }),
  },
  ...operations("/api/v1"),
  ...operations(""),
];

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
      handle: ({ rms }) => ({ status: rms.db.one("SELECT 1 AS ok") === undefined ? 503 : 200, body: { ok: true } }),
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
