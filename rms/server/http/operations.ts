// What each route takes and gives, for the API's document; its tests hold every answer against it.
import { scopes } from "../access.ts";
import { decideFields, delegateFields, itemStates, newCampaignFields, signFields } from "./campaign-schemas.ts";
import { hookFields } from "./hook-schemas.ts";
import { impactFields } from "./impact-schemas.ts";
import {
  anything,
  boolean,
  digest,
  given,
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
import type { Route } from "./route.ts";
import { sourceFields } from "./source-schemas.ts";

export interface Operation {
  /** Names in the query, with what they must be. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** The JSON body. */
  readonly body?: Schema;
  /** The body may be left away. */
  readonly bodyOptional?: boolean;
  /** Good answers by their status; no schema where the answer has no body or is no JSON. */
  readonly answers: Readonly<Record<number, Schema | undefined>>;
}

const reason = { "reason?": given };
const onlyReason: Pick<Operation, "body" | "bodyOptional"> = { body: object(reason), bodyOptional: true };
const paging: Readonly<Record<string, Schema>> = {
  limit: { type: "integer", minimum: 1, maximum: 200, default: 50 },
  cursor: { type: "string", description: "`next` of the page before" },
};
const reasonQuery = { reason: given };
const dryRun = { dryRun: { ...boolean, description: "Answers what would be, and writes nothing" } };
/** What an answer tells of a dry run. */
const wouldBe = { "dryRun?": boolean, "diff?": ref("Diff") };
const listed = (name: string, more: Readonly<Record<string, Schema>> = {}): Operation => ({
  query: { ...paging, ...more },
  answers: { 200: pageOfItems(ref(name)) },
});
const read = (schema: Schema): Operation => ({ answers: { 200: schema } });
const named = (name: string): Operation => ({ query: paging, answers: { 200: pageOfItems(object({ [name]: text })) } });
const removed: Operation = { query: reasonQuery, ...onlyReason, answers: { 204: undefined } };
/** Of a fact: a dry run answers what would go. */
const ended: Operation = { ...removed, query: { ...reasonQuery, ...dryRun }, answers: { 200: object(wouldBe), 204: undefined } };

const domain = "/api/v1/domains/:domain";
const policy = `${domain}/policies/:policy`;
const version = `${policy}/versions/:version`;
const source = `${domain}/sources/:source`;
const channel = `${policy}/channels/:channel`;

const newText = object({ text: { type: "string", maxLength: 1024 * 1024 }, ...reason });
const storedText = object({ name: text, text });
const shelf = (base: string): Readonly<Record<string, Operation>> => ({
  [`GET ${base}`]: named("name"),
  [`GET ${base}/*name`]: { answers: { 200: undefined } },
  [`PUT ${base}/*name`]: { query: reasonQuery, body: newText, answers: { 200: storedText, 201: storedText } },
  [`DELETE ${base}/*name`]: removed,
});

/** Names a channel or a version. */
const short: Schema = { type: "string", maxLength: 64 };
const entrypoint: Schema = { type: "string", maxLength: 512, description: "package/rule; the policy's first unless given" };
const hocon: Schema = { type: "string", maxLength: 1024 * 1024, description: "The input as HOCON, instead of input" };

const explain = oneOf("off", "notes", "fails", "full");

/** Of a question about another time. */
const moment = {
  at: { ...time, description: "With the version, the roles and the members of that time" },
  knownAt: { ...time, description: "As they were known then; now unless given" },
};

const question: Readonly<Record<string, Schema>> = {
  "channel?": short,
  "version?": short,
  "entrypoint?": entrypoint,
  "hocon?": hocon,
  "explain?": { anyOf: [explain, boolean], description: "As in `opa eval --explain`; true is full" },
  "at?": moment.at,
  "knownAt?": moment.knownAt,
  ...reason,
};

/** A part of a pre-release is a number without leading zeros, or has a letter or a hyphen. */
const prerelease = "(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)";
const number = "(?:0|[1-9]\\d*)";
const semverPattern = `^${number}\\.${number}\\.${number}(?:-${prerelease}(?:\\.${prerelease})*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`;

const semver: Schema = {
  type: "string",
  maxLength: 64,
  pattern: semverPattern,
  description: "a semantic version such as 1.4.2 or 2.0.0-rc.1",
};

/** Beside a body that is an archive of the files. */
const beside = { version: semver, message: given, ...reasonQuery };

/** Beside a body that is the input itself. */
const asked = { channel: short, version: short, entrypoint, explain: { anyOf: [explain, oneOf("true", "false")] }, ...moment };

const names: Schema = { type: "array", items: { type: "string", minLength: 1, maxLength: 256 }, maxItems: 1000 };
const entrypoints: Schema = { type: "array", items: { type: "string", minLength: 1, maxLength: 512 }, maxItems: 100 };
const id: Schema = {
  type: "string",
  pattern: "^[a-z][a-z0-9-]{0,62}$",
  description: "an id: a lower-case letter, then letters, digits and -, 63 at most",
};
const domainOrAll: Schema = {
  type: "string",
  pattern: "^(?:\\*|[a-z][a-z0-9-]{0,62})$",
  description: "a domain's id, or * for all",
};
const maxDataAge: Schema = { type: "integer", minimum: 30, maximum: 604_800, description: "Seconds" };
const domainFields: Readonly<Record<string, Schema>> = {
  "title?": given,
  "owners?": names,
  "maxDataAge?": maxDataAge,
  "builtins?": { ...names, description: "Builtins allowed to every policy although they are forbidden by default" },
  "includeMembers?": boolean,
};

const operations = (base: string): Readonly<Record<string, Operation>> => ({
  [`GET ${base}/healthz`]: read(object({ ok: boolean })),
  [`GET ${base}/readyz`]: read(object({ ok: boolean, checks: mapOf(text) })),
  [`GET ${base}/metrics`]: { answers: { 200: undefined } },
  [`GET ${base}/version`]: read(object({ version: text, library: text })),
  [`GET ${base}/openapi.json`]: read({ type: "object" }),
});

/** By method and path of the route. */
export const operationTable: Readonly<Record<string, Operation>> = {
  "GET /": { answers: { 200: undefined } },
  "GET /api/v1/domains": listed("Domain"),
  "POST /api/v1/domains": {
    body: object({
      id,
      ...domainFields,
      "package?": {
        type: "string",
        pattern: "^[a-zA-Z_]\\w*$",
        maxLength: 128,
        description: "one part of a Rego package's path",
      },
      ...reason,
    }),
    answers: { 201: ref("Domain") },
  },
  [`GET ${domain}`]: read(ref("Domain")),
  [`PATCH ${domain}`]: {
    body: object({
      ...domainFields,
      "logRetentionDays?": { type: "integer", minimum: 0, maximum: 3650 },
      "logQuotaPerDay?": { type: "integer", minimum: 0, maximum: 1_000_000_000 },
      ...reason,
    }),
    answers: { 200: ref("Domain") },
  },
  [`POST ${domain}/freeze`]: { ...onlyReason, answers: { 200: ref("Domain") } },
  [`POST ${domain}/unfreeze`]: { ...onlyReason, answers: { 200: ref("Domain") } },
  [`POST ${domain}/retire`]: { ...onlyReason, answers: { 200: ref("Domain") } },
  [`GET ${domain}/policies`]: listed("Policy"),
  [`POST ${domain}/policies`]: {
    body: object({
      id,
      "entrypoints?": entrypoints,
      "gates?": ref("Gates"),
      ...reason,
    }),
    answers: { 201: ref("Policy") },
  },
  [`GET ${policy}`]: read(ref("Policy")),
  [`PATCH ${policy}`]: {
    body: object({ "entrypoints?": entrypoints, "gates?": ref("Gates"), ...reason }),
    answers: { 200: ref("Policy") },
  },
  [`POST ${policy}/versions`]: {
    query: { ...dryRun, ...beside },
    body: object({
      version: semver,
      files: { ...mapOf(text), minProperties: 1, description: "Text by path" },
      "message?": given,
      ...reason,
    }),
    answers: { 200: ref("Published"), 201: ref("Published") },
  },
  [`GET ${policy}/versions`]: listed("Version"),
  [`GET ${version}`]: read(ref("VersionDetail")),
  [`GET ${version}/diff`]: { query: { against: short }, answers: { 200: ref("VersionDiff") } },
  [`GET ${version}/source.tar.gz`]: { answers: { 200: undefined } },
  ...Object.fromEntries(
    ["reject", "withdraw"].map((act) => [`POST ${version}/${act}`, { ...onlyReason, ...read(ref("Version")) }]),
  ),
  [`POST ${version}/approve`]: {
    body: object({
      "impact?": {
        ...short,
        description: "The digest of who gains and loses that was looked at; 409 where it is another one by now",
      },
      ...reason,
    }),
    bodyOptional: true,
    answers: { 200: ref("Version") },
  },
  [`GET ${version}/impact`]: { query: { channel: short }, answers: { 200: ref("VersionImpact") } },
  [`GET ${version}/files`]: named("path"),
  [`GET ${version}/files/*file`]: { answers: { 200: undefined } },
  [`GET ${policy}/channels`]: listed("Channel"),
  [`GET ${channel}`]: read(ref("Channel")),
  [`PUT ${channel}`]: {
    query: dryRun,
    body: object({ version: short, "dataset?": short, ...reason }),
    answers: { 200: ref("Channel"), 201: ref("Channel") },
  },
  [`POST ${channel}/rollback`]: {
    query: dryRun,
    body: object({
      "toSeq?": { type: "integer", minimum: 1 },
      "withData?": { ...boolean, description: "Serve the data of then, too, for as long as it is fresh" },
      ...reason,
    }),
    bodyOptional: true,
    answers: { 200: ref("Channel") },
  },
  ...Object.fromEntries(
    ["pin", "unpin"].map((act) => [
      `POST ${channel}/${act}`,
      { query: dryRun, ...onlyReason, answers: { 200: ref("Channel") } } satisfies Operation,
    ]),
  ),
  [`GET ${domain}/roles`]: listed("Role", { q: given }),
  [`GET ${domain}/roles/:role`]: read(ref("Role")),
  [`PUT ${domain}/roles/:role`]: {
    query: dryRun,
    body: object({
      "title?": { ...given, minLength: 1 },
      "owner?": { type: "string", minLength: 1, maxLength: 256 },
      "risk?": { ...given, minLength: 1 },
      "includes?": names,
      "responsibilities?": { ...list(ref("Responsibility")), maxItems: 10_000 },
      ...reason,
    }),
    answers: { 200: ref("Role"), 201: ref("Role") },
  },
  [`DELETE ${domain}/roles/:role`]: ended,
  [`GET ${domain}/roles/:role/members`]: listed("Member"),
  [`POST ${domain}/roles/:role/members:batch`]: {
    query: { ...dryRun, ...reasonQuery },
    answers: { 200: object({ lines: integer, changed: integer, unchanged: integer, dryRun: boolean }) },
  },
  [`GET ${domain}/roles/:role/members/:subject`]: read(ref("Member")),
  [`PUT ${domain}/roles/:role/members/:subject`]: {
    query: dryRun,
    body: object({ "validFrom?": time, "validUntil?": time, ...reason }),
    bodyOptional: true,
    answers: { 200: ref("Membership"), 201: ref("Membership") },
  },
  [`DELETE ${domain}/roles/:role/members/:subject`]: ended,
  [`GET ${domain}/subjects`]: listed("KnownSubject", { q: given }),
  [`GET ${domain}/subjects/:subject`]: read(ref("Subject")),
  [`POST ${domain}/subjects/:subject/suspend`]: {
    query: dryRun,
    ...onlyReason,
    answers: { 200: object({ subject: text, suspended: boolean, ...wouldBe }) },
  },
  [`POST ${domain}/subjects/:subject/restore`]: {
    query: dryRun,
    ...onlyReason,
    answers: { 200: object({ subject: text, suspended: boolean, ...wouldBe }) },
  },
  [`GET ${domain}/reviews`]: listed("Review", { state: oneOf("open", "overdue", "closed"), subject: text }),
  [`GET ${domain}/reviews/:review`]: read(ref("Review")),
  [`POST ${domain}/reviews/:review/decide`]: {
    query: dryRun,
    body: object({
      role: { type: "string", minLength: 1, maxLength: 256 },
      decision: oneOf("keep", "end"),
      reason: { type: "string", minLength: 1, maxLength: 1024 },
    }),
    answers: { 200: ref("Review") },
  },
  [`GET ${domain}/campaigns`]: listed("Campaign", { state: oneOf("open", "overdue", "signed") }),
  [`POST ${domain}/campaigns`]: {
    query: dryRun,
    body: object({ ...newCampaignFields, ...reason }),
    answers: { 200: ref("Campaign"), 201: ref("Campaign") },
  },
  [`GET ${domain}/campaigns/:campaign`]: read(ref("Campaign")),
  [`GET ${domain}/campaigns/:campaign/items`]: listed("CampaignItem", { reviewer: text, state: itemStates }),
  [`POST ${domain}/campaigns/:campaign/decide`]: { query: dryRun, body: object(decideFields), answers: { 200: ref("Campaign") } },
  [`POST ${domain}/campaigns/:campaign/delegate`]: {
    query: dryRun,
    body: object(delegateFields),
    answers: { 200: ref("Campaign") },
  },
  [`POST ${domain}/campaigns/:campaign/sign`]: {
    query: dryRun,
    body: object(signFields),
    bodyOptional: true,
    answers: { 200: ref("SignedCampaign") },
  },
  [`GET ${domain}/hooks`]: listed("Hook"),
  [`GET ${domain}/hooks/:hook`]: read(ref("Hook")),
  [`PUT ${domain}/hooks/:hook`]: {
    query: dryRun,
    body: object({ ...hookFields, ...reason }),
    answers: { 200: ref("Hook"), 201: ref("Hook") },
  },
  [`DELETE ${domain}/hooks/:hook`]: removed,
  [`POST ${domain}/hooks/:hook/test`]: { answers: { 200: ref("HookTest") } },
  [`GET ${domain}/sources`]: listed("Source"),
  [`GET ${source}`]: read(ref("Source")),
  [`PUT ${source}`]: {
    query: dryRun,
    body: object({ ...sourceFields, ...reason }),
    answers: { 200: ref("Source"), 201: ref("Source") },
  },
  [`DELETE ${source}`]: ended,
  [`POST ${source}/test`]: {
    body: object({ "source?": ref("SourceSettings"), ...reason }),
    bodyOptional: true,
    answers: { 200: ref("SourceTest") },
  },
  [`POST ${source}/sync`]: {
    body: object({ "force?": { ...boolean, description: "Take it however much is gone; needs a reason" }, ...reason }),
    bodyOptional: true,
    answers: { 200: ref("SourceSync"), 202: ref("SourceSync") },
  },
  [`GET ${source}/runs`]: listed("SourceRun"),
  [`POST ${policy}/decide`]: {
    query: asked,
    body: object({ ...question, "input?": anything }),
    answers: { 200: ref("Decision") },
  },
  [`POST ${policy}/impact`]: { body: object(impactFields), answers: { 200: ref("Impact") } },
  [`GET ${policy}/decide`]: {
    query: { ...asked, hocon, input: { type: "string", description: "JSON text" } },
    answers: { 200: ref("Decision") },
  },
  [`POST ${policy}/samples/*name/render`]: { answers: { 200: anything } },
  ...shelf(`${policy}/samples`),
  ...shelf(`${domain}/includes`),
  "GET /opa/v1/bundles/:domain/:policy/:selector": {
    query: { data: { ...oneOf("none"), description: "Without the domain's data, which another bundle brings" } },
    answers: { 200: undefined },
  },
  "POST /opa/v1/status": { body: anything, answers: { 200: object({}) } },
  "POST /opa/v1/status/*partition": { body: anything, answers: { 200: object({}) } },
  "POST /opa/v1/logs": { body: anything, answers: { 200: object({}) } },
  "POST /opa/v1/logs/*partition": { body: anything, answers: { 200: object({}) } },
  [`GET ${domain}/decisions`]: {
    query: { ...paging, from: time, to: time },
    answers: { 200: pageOfItems(object({ id: text, at: time, event: anything })) },
  },
  [`GET ${policy}/activations`]: {
    query: { ...paging, channel: short, revision: given, state: oneOf("active", "lagging", "failed", "gone") },
    answers: { 200: pageOfItems(ref("Activation"), { counts: mapOf(integer), channels: list(ref("Rollout")) }) },
  },
  [`GET ${policy}/activations/:instance`]: read(ref("ActivationDetail")),
  "GET /api/v1/access": {
    query: { ...paging, domain: id, subject: given, action: given, resource: given, format: oneOf("json", "csv"), ...moment },
    answers: { 200: pageOfItems(ref("Access"), { "basis?": object({ kind: oneOf("asKnown"), at: time, knownAt: time }) }) },
  },
  "GET /api/v1/audit/export": {
    query: { domain: id, actor: given, action: given, object: given, from: time, to: time },
    answers: { 200: undefined },
  },
  "POST /api/v1/tokens": {
    body: object({
      kind: oneOf("user", "sidecar"),
      subject: { type: "string", minLength: 1, maxLength: 256 },
      "domains?": { type: "array", items: domainOrAll, maxItems: 1000 },
      "scopes?": list(oneOf(...scopes)),
      "policies?": { type: "array", items: id, maxItems: 1000, description: "Of a sidecar: the only policies it is for" },
      "ttlSeconds?": { type: "integer", minimum: 60, maximum: 31_536_000 },
      ...reason,
    }),
    answers: { 201: object({ id: text, token: text, expiresAt: time }) },
  },
  "GET /api/v1/tokens": listed("Token"),
  "DELETE /api/v1/tokens/:token": removed,
  "GET /api/v1/keys": {
    query: { domain: id, format: oneOf("opa") },
    answers: {
      200: {
        anyOf: [object({ keys: list(ref("Key")) }), mapOf(object({ algorithm: text, key: text, scope: text }))],
      },
    },
  },
  "POST /api/v1/keys/rotate": {
    body: object({ "alg?": { ...oneOf("ES256", "RS256"), description: "Of the key that the first step makes" }, ...reason }),
    bodyOptional: true,
    answers: { 200: object({ kid: text, state: oneOf("next", "active") }) },
  },
  "GET /api/v1/audit": {
    query: { ...paging, domain: id, actor: given, action: given, object: given, from: time, to: time },
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
