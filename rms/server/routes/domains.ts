// Domains and policies: the objects that versions, channels and roles belong to.
import { isAdmin, seesDomain } from "../access.ts";
import { appendAudit } from "../audit.ts";
import { factsChanged } from "../builds.ts";
import { gateSettings } from "../gate-settings.ts";
import { conflict, invalid, notFound } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { type Body, objectBody, optionalText, textField, textList } from "../http/shape.ts";
import { seconds } from "../rms.ts";
import type { Row } from "../store/database.ts";

export const domainPath = "/api/v1/domains/:domain";
export const policyPath = `${domainPath}/policies/:policy`;

const idPattern = /^[a-z][a-z0-9-]{0,62}$/;
const reserved = new Set(["rms", "system", "data", "input"]);
const defaultMaxAge = 900;

export function domainItem(row: Row): Readonly<Record<string, unknown>> {
  return {
    id: row["id"],
    title: row["title"],
    package: row["package"],
    owners: JSON.parse(String(row["owners"])),
    maxDataAge: row["max_age_s"],
    logRetentionDays: Number(row["log_retention_s"]) / 86_400,
    state: row["state"],
    snapshot: row["snapshot"],
  };
}

function policyItem(row: Row): Readonly<Record<string, unknown>> {
  return {
    id: row["id"],
    domain: row["domain"],
    entrypoints: JSON.parse(String(row["entrypoints"])),
    gates: JSON.parse(String(row["gates"])),
  };
}

/** The domain's row; 404 where there is none. */
export function domainRow(call: Call): Row {
  const row = call.rms.db.one("SELECT * FROM domains WHERE id = ?", call.params["domain"]!);
  if (row === undefined) throw notFound();
  return row;
}

/** The policy's row; 404 where there is none. */
export function policyRow(call: Call): Row {
  domainRow(call);
  const row = call.rms.db.one(
    "SELECT * FROM policies WHERE domain = ? AND id = ?",
    call.params["domain"]!,
    call.params["policy"]!,
  );
  if (row === undefined) throw notFound();
  return row;
}

export const domainRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/domains",
    scope: "read",
    summary: "The domains that the token may see",
    handle: ({ rms, principal }) => ({
      status: 200,
      body: {
        items: rms.db
          .all("SELECT * FROM domains ORDER BY id")
          .filter((row) => seesDomain(principal, String(row["id"])))
          .map(domainItem),
      },
    }),
  },
  {
    method: "POST",
    path: "/api/v1/domains",
    scope: "rms:admin",
    summary: "Create a domain",
    handle: (call) => {
      const { rms } = call;
      const body = objectBody(call.body, ["id", "title", "owners", "package", "maxDataAge", "reason"]);
      const id = textField(body, "id", { pattern: idPattern });
      if (reserved.has(id)) throw invalid(`The id ${id} is reserved.`);
      const maxAge = maxDataAge(body) ?? defaultMaxAge;
      const package_ = optionalText(body, "package", { pattern: /^[a-zA-Z_][\w]*$/ }) ?? id.replaceAll("-", "_");
      const now = seconds(rms.now());
      rms.db.transaction(() => {
        if (rms.db.one("SELECT id FROM domains WHERE id = ?", id) !== undefined)
          throw conflict(`The domain ${id} is there already.`);
        rms.db.run(
          "INSERT INTO domains (id, title, package, owners, max_age_s, state, snapshot, snapshot_at, created_at) VALUES (?, ?, ?, ?, ?, 'active', 1, ?, ?)",
          id,
          optionalText(body, "title") ?? id,
          package_,
          JSON.stringify(textList(body, "owners")),
          maxAge,
          now,
          now,
        );
        audit(call, "domain.create", id, id, optionalText(body, "reason"));
      });
      return { status: 201, body: domainItem(rms.db.one("SELECT * FROM domains WHERE id = ?", id)!) };
    },
  },
  {
    method: "GET",
    path: domainPath,
    scope: "read",
    summary: "One domain",
    handle: (call) => ({ status: 200, body: domainItem(domainRow(call)) }),
  },
  {
    method: "GET",
    path: `${domainPath}/policies`,
    scope: "read",
    summary: "The policies of a domain",
    handle: (call) => {
      domainRow(call);
      return {
        status: 200,
        body: {
          items: call.rms.db.all("SELECT * FROM policies WHERE domain = ? ORDER BY id", call.params["domain"]!).map(policyItem),
        },
      };
    },
  },
  {
    method: "POST",
    path: `${domainPath}/policies`,
    scope: "domain:admin",
    summary: "Create a policy",
    handle: (call) => {
      const { rms } = call;
      domainRow(call);
      const domain = call.params["domain"]!;
      const body = objectBody(call.body, ["id", "entrypoints", "gates", "reason"]);
      const id = textField(body, "id", { pattern: idPattern });
      rms.db.transaction(() => {
        if (rms.db.one("SELECT id FROM policies WHERE domain = ? AND id = ?", domain, id) !== undefined)
          throw conflict(`The policy ${id} is there already.`);
        rms.db.run(
          "INSERT INTO policies (domain, id, entrypoints, gates, created_at) VALUES (?, ?, ?, ?, ?)",
          domain,
          id,
          JSON.stringify(textList(body, "entrypoints")),
          JSON.stringify(gatesOf(body) ?? {}),
          seconds(rms.now()),
        );
        audit(call, "policy.create", domain, `${domain}/${id}`, optionalText(body, "reason"));
      });
      return { status: 201, body: policyItem(rms.db.one("SELECT * FROM policies WHERE domain = ? AND id = ?", domain, id)!) };
    },
  },
  {
    method: "GET",
    path: policyPath,
    scope: "read",
    summary: "One policy",
    handle: (call) => ({ status: 200, body: policyItem(policyRow(call)) }),
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

function patchDomain(call: Call): Answer {
  const { rms } = call;
  const row = domainRow(call);
  const id = String(row["id"]);
  if (row["state"] === "retired") throw conflict("The domain is retired.");
  const body = objectBody(call.body, ["title", "owners", "maxDataAge", "logRetentionDays", "reason"]);
  const days = body["logRetentionDays"] ?? Number(row["log_retention_s"]) / 86_400;
  if (typeof days !== "number" || !Number.isInteger(days) || days < 0 || days > 3650)
    throw invalid("logRetentionDays must be 0 to 3650.");
  const maxAge = maxDataAge(body) ?? Number(row["max_age_s"]);
  rms.db.transaction(() => {
    rms.db.run(
      "UPDATE domains SET title = ?, owners = ?, max_age_s = ?, log_retention_s = ? WHERE id = ?",
      optionalText(body, "title") ?? String(row["title"]),
      body["owners"] === undefined ? String(row["owners"]) : JSON.stringify(textList(body, "owners")),
      maxAge,
      days * 86_400,
      id,
    );
    if (maxAge !== Number(row["max_age_s"])) factsChanged(rms, id);
    audit(call, "domain.change", id, id, optionalText(body, "reason"));
  });
  rms.waiters.wake(id);
  return { status: 200, body: domainItem(domainRow(call)) };
}

/** A frozen domain moves no channel but by rollback and may thaw; a retired one is the end. */
function toState(state: "active" | "frozen" | "retired", action: string): (call: Call) => Answer {
  return (call) => {
    const row = domainRow(call);
    const id = String(row["id"]);
    const reason = optionalText(objectBody(call.body ?? {}, ["reason"]), "reason");
    if (row["state"] === "retired" && state !== "retired") throw conflict("The domain is retired.");
    if (row["state"] !== state)
      call.rms.db.transaction(() => {
        call.rms.db.run("UPDATE domains SET state = ? WHERE id = ?", state, id);
        audit(call, action, id, id, reason);
      });
    return { status: 200, body: domainItem(domainRow(call)) };
  };
}

function patchPolicy(call: Call): Answer {
  const { db } = call.rms;
  const row = policyRow(call);
  const [domain, id] = [String(row["domain"]), String(row["id"])];
  const body = objectBody(call.body, ["entrypoints", "gates", "reason"]);
  const gates = gatesOf(body);
  db.transaction(() => {
    db.run(
      "UPDATE policies SET entrypoints = ?, gates = ? WHERE domain = ? AND id = ?",
      body["entrypoints"] === undefined ? String(row["entrypoints"]) : JSON.stringify(textList(body, "entrypoints")),
      gates === undefined ? String(row["gates"]) : JSON.stringify(gates),
      domain,
      id,
    );
    audit(call, "policy.change", domain, `${domain}/${id}`, optionalText(body, "reason"));
  });
  return { status: 200, body: policyItem(policyRow(call)) };
}

/** Writes the audit event of a call; part of the change's transaction. */
export function audit(call: Call, action: string, domain: string, object: string, reason = "", detail?: unknown): void {
  const actor = isAdmin(call.principal) ? `${call.principal.subject} (rms:admin)` : call.principal.subject;
  appendAudit(call.rms.db, { actor, action, domain, object, requestId: call.requestId, reason, detail }, call.rms.now());
}
