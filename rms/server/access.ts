// Who calls and what they may do: opaque tokens, stored as hashes, bound to domains and scopes.
import { randomBytes, randomUUID } from "node:crypto";
import { sha256 } from "../store/blobs.ts";
import type { Reads, Transaction } from "../store/store.ts";
import { forbidden, notFound } from "./http/problem.ts";

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
  /** The policies that a sidecar's token is for; undefined for all of its domains. */
  readonly policies?: readonly string[] | undefined;
}

/** The text of a bearer token; undefined where the header is none. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]{8,256})$/i.exec(header ?? "")?.[1];
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

/** True when the principal may have to do with the policy of a domain that it sees. */
export function seesPolicy({ policies }: Principal, policy: string): boolean {
  return policies === undefined || policies.includes(policy);
}

/** True when the principal has the scope, by itself or by a wider one. */
export function may(principal: Principal, scope: Scope): boolean {
  if (isAdmin(principal) || principal.scopes.has(scope)) return true;
  if (principal.scopes.has("rms:auditor") && (scope === "read" || scope === "audit:read")) return true;
  // What names no domain in its path answers of the caller's own domains only.
  return principal.scopes.has("domain:admin") && scope !== "rms:admin" && scope !== "rms:auditor";
}

/** 404 for a domain that the principal must not know of, 403 for a missing scope. */
export function demand(principal: Principal, scope: Scope, domain: string | undefined): void {
  if (domain !== undefined && !seesDomain(principal, domain)) throw notFound();
  if (!may(principal, scope)) throw forbidden(scope);
}

export interface NewToken {
  readonly kind: "user" | "sidecar";
  readonly subject: string;
  readonly domains: readonly string[];
  readonly scopes: readonly string[];
  readonly policies?: readonly string[] | undefined;
  readonly ttlSeconds: number;
}

/** The first of a token's domains that is not there: whoever makes one of that name later would let the token in. */
export async function missingDomain(
  { domains: reads }: Pick<Reads, "domains">,
  domains: readonly string[],
): Promise<string | undefined> {
  for (const domain of domains) if (domain !== "*" && (await reads.get(domain)) === undefined) return domain;
  return undefined;
}

/** Makes a token; its text is returned once and never stored. `text` is for a token that the operator chose. */
export async function createToken(
  tx: Transaction,
  { kind, subject, domains, scopes, policies, ttlSeconds }: NewToken,
  nowSeconds: number,
  text = `rms_${randomBytes(32).toString("base64url")}`,
): Promise<{ readonly id: string; readonly token: string; readonly expiresAt: number }> {
  const id = randomUUID();
  const expiresAt = nowSeconds + ttlSeconds;
  await tx.tokens.put({ id, kind, subject, domains, scopes, policies, expiresAt, createdAt: nowSeconds }, sha256(text));
  return { id, token: text, expiresAt };
}
