// What each route takes and gives, for the API's document; its tests hold every answer against it.
import {
  anything,
  boolean,
  digest,
  integer,
  list,
  mapOf,
  object,
  oneOf,
  pageOfItems,
  ref,
  type Schema,
  text,
  time,
} from "./json-schema.ts";
import type { ListOrder } from "./paging.ts";
import type { Route } from "./router.ts";

export interface Operation {
  /** Names in the query, with what they must be. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** The JSON body. */
  readonly body?: Schema;
  /** The body may be left away. */
  readonly bodyOptional?: boolean;
  /** For lists: the members of an item that are its key, in whose order the pages follow each other. */
  readonly list?: ListOrder;
  /** Good answers by their status; no schema where the answer has no body or is no JSON. */
  readonly answers: Readonly<Record<number, Schema | undefined>>;
}

const reason = { "reason?": text };
const onlyReason: Pick<Operation, "body" | "bodyOptional"> = { body: object(reason), bodyOptional: true };
const paging: Readonly<Record<string, Schema>> = {
  limit: { type: "integer", minimum: 1, maximum: 200, default: 50 },
  cursor: { type: "string", description: "`next` of the page before" },
};
const reasonQuery = { reason: text };
const dryRun = { dryRun: boolean };
const listed = (name: string, key: readonly string[], more: Readonly<Record<string, Schema>> = {}): Operation => ({
  query: { ...paging, ...more },
  list: { key },
  answers: { 200: pageOfItems(ref(name)) },
});
const read = (schema: Schema): Operation => ({ answers: { 200: schema } });
const named = (name: string): Operation => ({
  query: paging,
  list: { key: [name] },
  answers: { 200: pageOfItems(object({ [name]: text })) },
});
const removed: Operation = { query: reasonQuery, answers: { 204: undefined } };

const domain = "/api/v1/domains/:domain";
const policy = `${domain}/policies/:policy`;
const version = `${policy}/versions/:version`;
const channel = `${policy}/channels/:channel`;

const newText = object({ text, ...reason });
const storedText = object({ name: text, text });
const shelf = (base: string): Readonly<Record<string, Operation>> => ({
  [`GET ${base}`]: named("name"),
  [`GET ${base}/*name`]: { answers: { 200: undefined } },
  [`PUT ${base}/*name`]: { body: newText, answers: { 200: storedText, 201: storedText } },
  [`DELETE ${base}/*name`]: removed,
});

const question: Readonly<Record<string, Schema>> = {
  "channel?": text,
  "version?": text,
  "entrypoint?": { type: "string", description: "package/rule; the policy's first unless given" },
  "hocon?": { type: "string", description: "The input as HOCON, instead of input" },
  "explain?": anything,
  ...reason,
};

/** Beside a body that is an archive of the files. */
const beside = { version: text, message: text, ...reasonQuery };

/** Beside a body that is the input itself. */
const asked = { channel: text, version: text, entrypoint: text };

const operations = (base: string): Readonly<Record<string, Operation>> => ({
  [`GET ${base}/healthz`]: read(object({ ok: boolean })),
  [`GET ${base}/readyz`]: read(object({ ok: boolean })),
  [`GET ${base}/metrics`]: { answers: { 200: undefined } },
  [`GET ${base}/version`]: read(object({ version: text, library: text })),
  [`GET ${base}/openapi.json`]: read({ type: "object" }),
});

/** By method and path of the route. */
export const operationTable: Readonly<Record<string, Operation>> = {
  "GET /api/v1/domains": listed("Domain", ["id"]),
  "POST /api/v1/domains": {
    body: object({
      id: { type: "string", pattern: "^[a-z][a-z0-9-]{0,62}$" },
      "title?": text,
      "owners?": list(text),
      "package?": { type: "string", pattern: "^[a-zA-Z_]\\w*$" },
      "maxDataAge?": { type: "integer", minimum: 30, maximum: 604_800 },
      ...reason,
    }),
    answers: { 201: ref("Domain") },
  },
  [`GET ${domain}`]: read(ref("Domain")),
  [`PATCH ${domain}`]: {
    body: object({
      "title?": text,
      "owners?": list(text),
      "maxDataAge?": { type: "integer", minimum: 30, maximum: 604_800 },
      "logRetentionDays?": { type: "integer", minimum: 0, maximum: 3650 },
      ...reason,
    }),
    answers: { 200: ref("Domain") },
  },
  [`POST ${domain}/freeze`]: { ...onlyReason, answers: { 200: ref("Domain") } },
  [`POST ${domain}/unfreeze`]: { ...onlyReason, answers: { 200: ref("Domain") } },
  [`POST ${domain}/retire`]: { ...onlyReason, answers: { 200: ref("Domain") } },
  [`GET ${domain}/policies`]: listed("Policy", ["id"]),
  [`POST ${domain}/policies`]: {
    body: object({
      id: { type: "string", pattern: "^[a-z][a-z0-9-]{0,62}$" },
      "entrypoints?": list(text),
      "gates?": ref("Gates"),
      ...reason,
    }),
    answers: { 201: ref("Policy") },
  },
  [`GET ${policy}`]: read(ref("Policy")),
  [`PATCH ${policy}`]: {
    body: object({ "entrypoints?": list(text), "gates?": ref("Gates"), ...reason }),
    answers: { 200: ref("Policy") },
  },
  [`POST ${policy}/versions`]: {
    query: { ...dryRun, ...beside },
    body: object({
      version: { type: "string", description: "Semantic version; its content never changes" },
      files: { ...mapOf(text), minProperties: 1, description: "Text by path" },
      "message?": text,
      ...reason,
    }),
    answers: { 200: ref("Published"), 201: ref("Published") },
  },
  [`GET ${policy}/versions`]: listed("Version", ["version"]),
  [`GET ${version}`]: read(ref("Version")),
  [`GET ${version}/source.tar.gz`]: { answers: { 200: undefined } },
  ...Object.fromEntries(
    ["approve", "reject", "withdraw"].map((act) => [`POST ${version}/${act}`, { ...onlyReason, ...read(ref("Version")) }]),
  ),
  [`GET ${version}/files`]: named("path"),
  [`GET ${version}/files/*file`]: { answers: { 200: undefined } },
  [`GET ${policy}/channels`]: listed("Channel", ["channel"]),
  [`GET ${channel}`]: read(ref("Channel")),
  [`PUT ${channel}`]: {
    body: object({ version: text, "dataset?": text, ...reason }),
    answers: { 200: ref("Channel"), 201: ref("Channel") },
  },
  [`POST ${channel}/rollback`]: {
    body: object({ "toSeq?": integer, ...reason }),
    bodyOptional: true,
    answers: { 200: ref("Channel") },
  },
  [`GET ${domain}/roles`]: listed("Role", ["id"], { q: text }),
  [`GET ${domain}/roles/:role`]: read(ref("Role")),
  [`PUT ${domain}/roles/:role`]: {
    body: object({
      "title?": text,
      "risk?": text,
      "includes?": list(text),
      "responsibilities?": list(ref("Responsibility")),
      ...reason,
    }),
    answers: { 200: ref("Role"), 201: ref("Role") },
  },
  [`DELETE ${domain}/roles/:role`]: removed,
  [`GET ${domain}/roles/:role/members`]: listed("Member", ["subject"]),
  [`POST ${domain}/roles/:role/members:batch`]: {
    query: { ...dryRun, ...reasonQuery },
    answers: { 200: object({ lines: integer, changed: integer, unchanged: integer, dryRun: boolean }) },
  },
  [`PUT ${domain}/roles/:role/members/:subject`]: {
    body: object({ "validFrom?": time, "validUntil?": time, ...reason }),
    bodyOptional: true,
    answers: {
      200: object({ subject: text, role: text, "validFrom?": time, "validUntil?": time }),
      201: object({ subject: text, role: text, "validFrom?": time, "validUntil?": time }),
    },
  },
  [`DELETE ${domain}/roles/:role/members/:subject`]: removed,
  [`GET ${domain}/subjects/:subject`]: read(
    object({
      subject: text,
      suspended: boolean,
      roles: list(text),
      responsibilities: list(object({ role: text, action: text, resource: text, "constraints?": anything })),
    }),
  ),
  [`POST ${domain}/subjects/:subject/suspend`]: {
    ...onlyReason,
    answers: { 200: object({ subject: text, suspended: boolean }) },
  },
  [`POST ${domain}/subjects/:subject/restore`]: {
    ...onlyReason,
    answers: { 200: object({ subject: text, suspended: boolean }) },
  },
  [`POST ${policy}/decide`]: {
    query: asked,
    body: object({ ...question, "input?": anything }),
    answers: { 200: ref("Decision") },
  },
  [`GET ${policy}/decide`]: {
    query: { ...asked, hocon: text, input: { type: "string", description: "JSON text" } },
    answers: { 200: ref("Decision") },
  },
  [`POST ${policy}/samples/*name/render`]: { answers: { 200: anything } },
  ...shelf(`${policy}/samples`),
  ...shelf(`${domain}/includes`),
  "GET /opa/v1/bundles/:domain/:policy/:selector": { answers: { 200: undefined } },
  "POST /opa/v1/status": { body: anything, answers: { 200: object({}) } },
  "POST /opa/v1/status/*partition": { body: anything, answers: { 200: object({}) } },
  "POST /opa/v1/logs": { body: anything, answers: { 200: object({}) } },
  "POST /opa/v1/logs/*partition": { body: anything, answers: { 200: object({}) } },
  [`GET ${policy}/activations`]: {
    query: { ...paging, channel: text, revision: text, state: oneOf("active", "failed", "gone") },
    list: { key: ["instance"] },
    answers: { 200: pageOfItems(ref("Activation"), { counts: mapOf(integer) }) },
  },
  "GET /api/v1/access": {
    query: { ...paging, domain: text, subject: text, action: text, resource: text },
    list: { key: ["subject", "role", "action", "resource"] },
    answers: { 200: pageOfItems(ref("Access")) },
  },
  "GET /api/v1/audit/export": {
    query: { domain: text, actor: text, object: text, from: time, to: time },
    answers: { 200: undefined },
  },
  "POST /api/v1/tokens": {
    body: object({
      kind: oneOf("user", "sidecar"),
      subject: text,
      "domains?": list(text),
      "scopes?": list(text),
      "ttlSeconds?": { type: "integer", minimum: 60, maximum: 31_536_000 },
      ...reason,
    }),
    answers: { 201: object({ id: text, token: text, expiresAt: time }) },
  },
  "GET /api/v1/tokens": listed("Token", ["id"]),
  "DELETE /api/v1/tokens/:token": removed,
  "GET /api/v1/keys": {
    query: { domain: text, format: oneOf("opa") },
    answers: {
      200: {
        anyOf: [object({ keys: list(ref("Key")) }), mapOf(object({ algorithm: text, key: text, scope: text }))],
      },
    },
  },
  "POST /api/v1/keys/rotate": { ...onlyReason, answers: { 200: object({ kid: text, state: oneOf("next", "active") }) } },
  "GET /api/v1/audit": {
    query: { ...paging, domain: text, actor: text, object: text, from: time, to: time },
    answers: { 200: pageOfItems(ref("AuditEvent")) },
  },
  "POST /api/v1/audit/verify": {
    ...onlyReason,
    answers: { 200: object({ ok: boolean, entries: integer, head: digest, "brokenAt?": integer }) },
  },
  ...operations("/api/v1"),
  ...operations(""),
};

/** What the table says of a route. */
export function operationOf({ method, path }: Pick<Route, "method" | "path">): Operation | undefined {
  return operationTable[`${method} ${path}`];
}
