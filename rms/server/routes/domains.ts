// Domains and policies: the objects that versions, channels and roles belong to.
import { keywordsOf } from "#grammars/rego/keywords.ts";
import { appendAudit } from "../../store/audit-log.ts";
import type { Domain } from "../../store/domains.ts";
import type { Policy } from "../../store/policies.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import { isAdmin, seesDomain } from "../access.ts";
import { gateSettings, knownBuiltins, storedGateSettings } from "../gate-settings.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/paging.ts";
import { conflict, invalid, notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { type Body, bodyOf, optionalNumber, optionalText, optionalTruth, textField, textList } from "../http/shape.ts";
import { write } from "../http/write.ts";
import { micros, seconds } from "../times.ts";

export const domainPath = "/api/v1/domains/:domain";
export const policyPath = `${domainPath}/policies/:policy`;

const reserved = new Set(["rms", "system", "data", "input"]);
const defaultMaxAge = 900;

export function domainItem(domain: Domain): Readonly<Record<string, unknown>> {
  const { maxAge, logRetention, logQuota, ...rest } = domain;
  return { ...rest, maxDataAge: maxAge, logRetentionDays: logRetention / 86_400, logQuotaPerDay: logQuota };
}

/** The domain of the address; 404 where there is none. */
export async function foundDomain(call: Call, reads: Reads = call.reads): Promise<Domain> {
  const domain = await reads.domains.get(param(call, "domain"));
  if (domain === undefined) throw notFound();
  return domain;
}

/** The domain of the address, to be changed: 409 when it has ended. */
export async function livingDomain(call: Call, reads: Reads): Promise<Domain> {
  const domain = await foundDomain(call, reads);
  if (domain.state === "retired") throw conflict("The domain is retired.");
  return domain;
}

/** The policy of the address; 404 where there is none. */
export async function foundPolicy(call: Call, reads: Reads = call.reads): Promise<Policy> {
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
    handle: ({ reads, principal, query }) =>
      page(query, {
        read: (part) => reads.domains.list(part),
        key: ({ id }) => id,
        show: domainItem,
        keep: ({ id }) => seesDomain(principal, id),
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
      return page(call.query, {
        read: (part) => call.reads.policies.list(id, part),
        key: (policy) => policy.id,
        show: (policy) => policy,
      });
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

function gatesOf(body: Body): Readonly<Record<string, unknown>> | undefined {
  const value = body["gates"];
  if (value === undefined) return undefined;
  gateSettings(value);
  return value as Record<string, unknown>;
}

/** 422 where a policy names refusals that it is not asked for: a slip there would turn who gains into who loses. */
function demandRefusalsAsked({ entrypoints, gates }: Pick<Policy, "entrypoints" | "gates">): void {
  const stray = storedGateSettings(gates).impact?.refusals?.find((one) => !entrypoints.includes(one));
  if (stray === undefined) return;
  throw invalid(
    `gates.impact.refusals has ${JSON.stringify(stray)}, which is none of the policy's entrypoints: ${entrypoints.join(", ")}.`,
  );
}

/** The rules that a policy is asked for, as `package/rule`; `data.package.rule` is taken, too. 422 for what is outside the package. */
function entrypointsOf(body: Body, root: string): readonly string[] {
  return textList(body, "entrypoints").map((given, index) => {
    const name = entrypointName(given);
    const [first, ...rest] = name.split("/");
    if (first === root && rest.length > 0 && rest.every((part) => /^[A-Za-z_]\w*$/.test(part))) return name;
    const message = `must be a rule of the package ${root}, such as ${root}/allow`;
    throw invalid(`The entrypoint ${JSON.stringify(given)} ${message}.`, [
      { pointer: `/entrypoints/${index}`, code: "rms_entrypoint", message },
    ]);
  });
}

/** `package/rule`, however it was written. */
export function entrypointName(given: string): string {
  return given.replace(/^data[./]/, "").replaceAll(".", "/");
}

/** The domain's allow-list; 422 for what is no builtin. */
function builtinsOf(body: Body): readonly string[] | undefined {
  return body["builtins"] === undefined ? undefined : knownBuiltins("builtins", textList(body, "builtins"));
}

function createDomain(call: Call): Promise<Answer> {
  const { rms } = call;
  const body = bodyOf(call);
  const id = textField(body, "id");
  if (reserved.has(id)) throw invalid(`The id ${id} is reserved.`);
  const domain = {
    id,
    title: optionalText(body, "title") ?? id,
    package: optionalText(body, "package") ?? id.replaceAll("-", "_"),
    owners: textList(body, "owners"),
    maxAge: optionalNumber(body, "maxDataAge") ?? defaultMaxAge,
    builtins: builtinsOf(body) ?? [],
    includeMembers: optionalTruth(body, "includeMembers") ?? false,
    at: seconds(rms.now()),
  };
  if (reserved.has(domain.package)) throw invalid(`The package ${domain.package} is reserved.`);
  if ([...keywordsOf.v1].some((word) => word === domain.package))
    throw invalid(`${domain.package} is a keyword of Rego and no package: give the domain another one with package.`);
  return write(call, async (tx) => {
    if ((await tx.domains.get(id)) !== undefined) throw conflict(`The domain ${id} is there already.`);
    await tx.domains.create(domain);
    await audit(tx, call, "domain.create", id, id, optionalText(body, "reason"));
    return { status: 201, body: domainItem((await tx.domains.get(id))!) };
  });
}

function createPolicy(call: Call): Promise<Answer> {
  const { rms } = call;
  return write(call, async (tx) => {
    const { id: domain, package: root } = await livingDomain(call, tx);
    const body = bodyOf(call);
    const id = textField(body, "id");
    if ((await tx.policies.get(domain, id)) !== undefined) throw conflict(`The policy ${id} is there already.`);
    const policy = { domain, id, entrypoints: entrypointsOf(body, root), gates: gatesOf(body) ?? {} };
    demandRefusalsAsked(policy);
    await tx.policies.create(policy, seconds(rms.now()));
    await audit(tx, call, "policy.create", domain, `${domain}/${id}`, optionalText(body, "reason"));
    return { status: 201, body: policy };
  });
}

function patchDomain(call: Call): Promise<Answer> {
  const { rms } = call;
  return write(call, async (tx, after) => {
    const domain = await livingDomain(call, tx);
    const { id } = domain;
    const body = bodyOf(call);
    const days = optionalNumber(body, "logRetentionDays");
    const maxAge = optionalNumber(body, "maxDataAge") ?? domain.maxAge;
    const includeMembers = optionalTruth(body, "includeMembers") ?? domain.includeMembers;
    await tx.domains.change(id, {
      title: optionalText(body, "title") ?? domain.title,
      owners: body["owners"] === undefined ? domain.owners : textList(body, "owners"),
      maxAge,
      logRetention: days === undefined ? domain.logRetention : days * 86_400,
      logQuota: optionalNumber(body, "logQuotaPerDay") ?? domain.logQuota,
      builtins: builtinsOf(body) ?? domain.builtins,
      includeMembers,
    });
    if (maxAge !== domain.maxAge || includeMembers !== domain.includeMembers) {
      await tx.domains.factsChanged(id, micros(rms.now()));
      after(() => rms.serving.changed(rms, id));
    }
    await audit(tx, call, "domain.change", id, id, optionalText(body, "reason"));
    return { status: 200, body: domainItem(await foundDomain(call, tx)) };
  });
}

/** A frozen domain moves no channel but by rollback and may thaw; a retired one is the end. */
function toState(state: "active" | "frozen" | "retired", action: string): (call: Call) => Promise<Answer> {
  return (call) =>
    write(call, async (tx) => {
      const domain = state === "retired" ? await foundDomain(call, tx) : await livingDomain(call, tx);
      if (domain.state !== state) {
        await tx.domains.setState(domain.id, state);
        await audit(tx, call, action, domain.id, domain.id, optionalText(bodyOf(call), "reason"));
      }
      return { status: 200, body: domainItem(await foundDomain(call, tx)) };
    });
}

function patchPolicy(call: Call): Promise<Answer> {
  return write(call, async (tx) => {
    const { package: root } = await livingDomain(call, tx);
    const before = await foundPolicy(call, tx);
    const body = bodyOf(call);
    const policy = {
      ...before,
      entrypoints: body["entrypoints"] === undefined ? before.entrypoints : entrypointsOf(body, root),
      gates: gatesOf(body) ?? before.gates,
    };
    demandRefusalsAsked(policy);
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
