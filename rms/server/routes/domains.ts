// Domains and policies: the objects that versions, channels and roles belong to.
import { appendAudit } from "../../store/audit-log.ts";
import type { Domain } from "../../store/domains.ts";
import type { Policy } from "../../store/policies.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import { isAdmin, seesDomain } from "../access.ts";
import { gateSettings } from "../gate-settings.ts";
import { conflict, invalid, notFound } from "../http/problem.ts";
import { type Answer, type Call, param, type Route } from "../http/router.ts";
import { type Body, objectBody, optionalText, textField, textList } from "../http/shape.ts";
import { seconds } from "../rms.ts";

export const domainPath = "/api/v1/domains/:domain";
export const policyPath = `${domainPath}/policies/:policy`;

const idPattern = /^[a-z][a-z0-9-]{0,62}$/;
const reserved = new Set(["rms", "system", "data", "input"]);
const defaultMaxAge = 900;

export function domainItem(domain: Domain): Readonly<Record<string, unknown>> {
  const { maxAge, logRetention, ...rest } = domain;
  return { ...rest, maxDataAge: maxAge, logRetentionDays: logRetention / 86_400 };
}

/** The domain of the address; 404 where there is none. */
export async function foundDomain(call: Call, reads: Reads = call.rms.store): Promise<Domain> {
  const domain = await reads.domains.get(param(call, "domain"));
  if (domain === undefined) throw notFound();
  return domain;
}

/** The policy of the address; 404 where there is none. */
export async function foundPolicy(call: Call, reads: Reads = call.rms.store): Promise<Policy> {
  const { id } = await foundDomain(call, reads);
  const policy = await reads.policies.get(id, param(call, "policy"));
  if (policy === undefined) throw notFound();
  return policy;
}

export const domainRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/domains",
    scope: "read",
    summary: "The domains that the token may see",
    handle: async ({ rms, principal }) => ({
      status: 200,
      body: { items: (await rms.store.domains.list()).filter(({ id }) => seesDomain(principal, id)).map(domainItem) },
    }),
  },
  { method: "POST", path: "/api/v1/domains", scope: "rms:admin", summary: "Create a domain", handle: createDomain },
  {
    method: "GET",
    path: domainPath,
    scope: "read",
    summary: "One domain",
    handle: async (call) => ({ status: 200, body: domainItem(await foundDomain(call)) }),
  },
  {
    method: "GET",
    path: `${domainPath}/policies`,
    scope: "read",
    summary: "The policies of a domain",
    handle: async (call) => {
      const { id } = await foundDomain(call);
      return { status: 200, body: { items: await call.rms.store.policies.list(id) } };
    },
  },
  {
    method: "POST",
    path: `${domainPath}/policies`,
    scope: "domain:admin",
    summary: "Create a policy",
    handle: createPolicy,
  },
  {
    method: "GET",
    path: policyPath,
    scope: "read",
    summary: "One policy",
    handle: async (call) => ({ status: 200, body: await foundPolicy(call) }),
  },
  { method: "PATCH", path: domainPath, scope: "domain:admin", summary: "Change a domain", handle: patchDomain },
  {
    method: "POST",
    path: `${domainPath}/freeze`,
    scope: "domain:admin",
    summary: "Stop every channel move but rollbacks",
    handle: toState("frozen", "domain.freeze"),
  },
  {
    method: "POST",
    path: `${domainPath}/unfreeze`,
    scope: "domain:admin",
    summary: "Let channels move again",
    handle: toState("active", "domain.unfreeze"),
  },
  {
    method: "POST",
    path: `${domainPath}/retire`,
    scope: "domain:admin",
    summary: "End a domain; its record stays",
    handle: toState("retired", "domain.retire"),
  },
  { method: "PATCH", path: policyPath, scope: "domain:admin", summary: "Change a policy", handle: patchPolicy },
];

function maxDataAge(body: Body): number | undefined {
  const value = body["maxDataAge"];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 30 || value > 604_800)
    throw invalid("maxDataAge must be 30 to 604800 seconds.");
  return value;
}

function gatesOf(body: Body): Readonly<Record<string, unknown>> | undefined {
  const value = body["gates"];
  if (value === undefined) return undefined;
  gateSettings(value);
  return value as Record<string, unknown>;
}

function createDomain(call: Call): Promise<Answer> {
  const { rms } = call;
  const body = objectBody(call.body, ["id", "title", "owners", "package", "maxDataAge", "reason"]);
  const id = textField(body, "id", { pattern: idPattern });
  if (reserved.has(id)) throw invalid(`The id ${id} is reserved.`);
  const domain = {
    id,
    title: optionalText(body, "title") ?? id,
    package: optionalText(body, "package", { pattern: /^[a-zA-Z_][\w]*$/ }) ?? id.replaceAll("-", "_"),
    owners: textList(body, "owners"),
    maxAge: maxDataAge(body) ?? defaultMaxAge,
    at: seconds(rms.now()),
  };
  return rms.store.transaction(async (tx) => {
    if ((await tx.domains.get(id)) !== undefined) throw conflict(`The domain ${id} is there already.`);
    await tx.domains.create(domain);
    await audit(tx, call, "domain.create", id, id, optionalText(body, "reason"));
    return { status: 201, body: domainItem((await tx.domains.get(id))!) };
  });
}

function createPolicy(call: Call): Promise<Answer> {
  const { rms } = call;
  return rms.store.transaction(async (tx) => {
    const { id: domain } = await foundDomain(call, tx);
    const body = objectBody(call.body, ["id", "entrypoints", "gates", "reason"]);
    const id = textField(body, "id", { pattern: idPattern });
    if ((await tx.policies.get(domain, id)) !== undefined) throw conflict(`The policy ${id} is there already.`);
    const policy = { domain, id, entrypoints: textList(body, "entrypoints"), gates: gatesOf(body) ?? {} };
    await tx.policies.create(policy, seconds(rms.now()));
    await audit(tx, call, "policy.create", domain, `${domain}/${id}`, optionalText(body, "reason"));
    return { status: 201, body: policy };
  });
}

async function patchDomain(call: Call): Promise<Answer> {
  const { rms } = call;
  const answer = await rms.store.transaction(async (tx) => {
    const domain = await foundDomain(call, tx);
    const { id } = domain;
    if (domain.state === "retired") throw conflict("The domain is retired.");
    const body = objectBody(call.body, ["title", "owners", "maxDataAge", "logRetentionDays", "reason"]);
    const days = body["logRetentionDays"] ?? domain.logRetention / 86_400;
    if (typeof days !== "number" || !Number.isInteger(days) || days < 0 || days > 3650)
      throw invalid("logRetentionDays must be 0 to 3650.");
    const maxAge = maxDataAge(body) ?? domain.maxAge;
    await tx.domains.change(id, {
      title: optionalText(body, "title") ?? domain.title,
      owners: body["owners"] === undefined ? domain.owners : textList(body, "owners"),
      maxAge,
      logRetention: days * 86_400,
    });
    if (maxAge !== domain.maxAge) await tx.domains.factsChanged(id, seconds(rms.now()));
    await audit(tx, call, "domain.change", id, id, optionalText(body, "reason"));
    return { status: 200, body: domainItem(await foundDomain(call, tx)) };
  });
  rms.serving.changed(rms, param(call, "domain"));
  return answer;
}

/** A frozen domain moves no channel but by rollback and may thaw; a retired one is the end. */
function toState(state: "active" | "frozen" | "retired", action: string): (call: Call) => Promise<Answer> {
  return (call) =>
    call.rms.store.transaction(async (tx) => {
      const domain = await foundDomain(call, tx);
      const reason = optionalText(objectBody(call.body ?? {}, ["reason"]), "reason");
      if (domain.state === "retired" && state !== "retired") throw conflict("The domain is retired.");
      if (domain.state !== state) {
        await tx.domains.setState(domain.id, state);
        await audit(tx, call, action, domain.id, domain.id, reason);
      }
      return { status: 200, body: domainItem(await foundDomain(call, tx)) };
    });
}

function patchPolicy(call: Call): Promise<Answer> {
  return call.rms.store.transaction(async (tx) => {
    const before = await foundPolicy(call, tx);
    const body = objectBody(call.body, ["entrypoints", "gates", "reason"]);
    const policy = {
      ...before,
      entrypoints: body["entrypoints"] === undefined ? before.entrypoints : textList(body, "entrypoints"),
      gates: gatesOf(body) ?? before.gates,
    };
    await tx.policies.change(policy);
    const { domain, id } = policy;
    await audit(tx, call, "policy.change", domain, `${domain}/${id}`, optionalText(body, "reason"));
    return { status: 200, body: policy };
  });
}

/** Writes the audit event of a call, in the transaction of its change. */
export function audit(
  tx: Transaction,
  call: Call,
  action: string,
  domain: string,
  object: string,
  reason = "",
  detail?: unknown,
): Promise<void> {
  const actor = isAdmin(call.principal) ? `${call.principal.subject} (rms:admin)` : call.principal.subject;
  return appendAudit(tx, { actor, action, domain, object, requestId: call.requestId, reason, detail }, call.rms.now());
}
