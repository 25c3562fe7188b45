// Who calls and what they may do: opaque tokens, stored as hashes, bound to domains and scopes.
import { randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { forbidden, notFound, Problem } from "./http/problem.ts";
import { sha256 } from "./store/blobs.ts";
import type { Database } from "./store/database.ts";

export const scopes = [
  "read",
  "publish",
  "channel:write",
  "roles:write",
  "sources:write",
  "review:write",
  "audit:read",
  "domain:admin",
  "bundle:read",
  "telemetry:write",
  "rms:admin",
  "rms:auditor",
] as const;

export type Scope = (typeof scopes)[number];

export interface Principal {
  readonly token: string;
  readonly subject: string;
  /** `*` for every domain. */
  readonly domains: readonly string[];
  readonly scopes: ReadonlySet<string>;
}

/** The principal of an `Authorization: Bearer` header; 401 without a valid token. */
export function authenticate(db: Database, header: string | undefined, nowSeconds: number): Principal {
  const token = /^Bearer ([\x21-\x7e]{8,256})$/.exec(header ?? "")?.[1];
  const unauthorized = new Problem(401, "unauthorized", "Not signed in", "A valid bearer token is needed.", {
    headers: { "WWW-Authenticate": "Bearer" },
  });
  if (token === undefined) throw unauthorized;
  const hash = sha256(token);
  const row = db.one("SELECT * FROM tokens WHERE hash = ?", hash);
  if (
    row === undefined ||
    !timingSafeEqual(Buffer.from(String(row["hash"])), Buffer.from(hash)) ||
    Number(row["expires_at"]) <= nowSeconds
  )
    throw unauthorized;
  return {
    token: String(row["id"]),
    subject: String(row["subject"]),
    domains: JSON.parse(String(row["domains"])) as string[],
    scopes: new Set(JSON.parse(String(row["scopes"])) as string[]),
  };
}

export function isAdmin(principal: Principal): boolean {
  return principal.scopes.has("rms:admin");
}

/** True when the principal has any right on the domain. */
export function seesDomain(principal: Principal, domain: string): boolean {
  return (
    isAdmin(principal) ||
    principal.scopes.has("rms:auditor") ||
    principal.domains.includes("*") ||
    principal.domains.includes(domain)
  );
}

/** 404 for a domain that the principal must not know of, 403 for a missing scope. */
export function demand(principal: Principal, scope: Scope, domain: string | undefined): void {
  if (domain !== undefined && !seesDomain(principal, domain)) throw notFound();
  if (isAdmin(principal) || principal.scopes.has(scope)) return;
  if (principal.scopes.has("rms:auditor") && (scope === "read" || scope === "audit:read")) return;
  if (domain !== undefined && principal.scopes.has("domain:admin") && scope !== "rms:admin" && scope !== "rms:auditor") return;
  throw forbidden(scope);
}

export interface NewToken {
  readonly kind: "user" | "sidecar";
  readonly subject: string;
  readonly domains: readonly string[];
  readonly scopes: readonly string[];
  readonly ttlSeconds: number;
}

/** Makes a token; its text is returned once and never stored. `text` is for a token that the operator chose. */
export function createToken(
  db: Database,
  wanted: NewToken,
  nowSeconds: number,
  text = `rms_${randomBytes(32).toString("base64url")}`,
): { readonly id: string; readonly token: string; readonly expiresAt: number } {
  const id = randomUUID();
  const expiresAt = nowSeconds + wanted.ttlSeconds;
  db.run(
    "INSERT INTO tokens (id, hash, kind, subject, domains, scopes, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at",
    id,
    sha256(text),
    wanted.kind,
    wanted.subject,
    JSON.stringify(wanted.domains),
    JSON.stringify(wanted.scopes),
    expiresAt,
    nowSeconds,
  );
  return { id, token: text, expiresAt };
}
