// The shapes of the API's objects, by the names under which its document has them.
import { scopes } from "../access.ts";
import { campaignSchemas } from "./campaign-schemas.ts";
import { hookSchemas } from "./hook-schemas.ts";
import { impactSchemas } from "./impact-schemas.ts";
import { anything, boolean, digest, integer, list, mapOf, object, oneOf, ref, type Schema, text, time } from "./json-schema.ts";
import { sourceSchemas } from "./source-schemas.ts";

const place: Readonly<Record<string, Schema>> = {
  "file?": text,
  "pointer?": text,
  "row?": { type: "integer", minimum: 1 },
  "col?": { type: "integer", minimum: 1 },
  code: text,
  message: text,
};

const named: Schema = { type: "string", minLength: 1, maxLength: 1024 };

const responsibility = object({
  action: named,
  resource: { ...named, description: "Exact, or prefix/* for everything below" },
  "constraints?": object({ "max?": mapOf({ type: "number" }), "min?": mapOf({ type: "number" }), "in?": mapOf(list(anything)) }),
});

const version: Readonly<Record<string, Schema>> = {
  version: text,
  digest,
  state: oneOf("published", "awaiting_approval", "rejected", "withdrawn"),
  author: text,
  at: time,
  message: text,
  "impact?": { ...ref("ImpactVerdict"), description: "Who gained and who lost when it was published, where the policy asks" },
  "approvedBy?": { ...list(text), description: "Who approved it, so far" },
};

const activation: Readonly<Record<string, Schema>> = {
  instance: text,
  bundle: text,
  revision: text,
  labels: mapOf(text),
  opaVersion: text,
  activatedAt: text,
  lastSeen: time,
  state: oneOf("active", "lagging", "failed", "gone"),
  "lagSeconds?": { ...integer, description: "Of a lagging one: since when there is another build for it" },
  "error?": text,
};

const madeBy: Schema = { type: "string", description: "The source that made the membership; by hand where missing" };

export const schemas: Readonly<Record<string, Schema>> = {
  ...sourceSchemas,
  ...campaignSchemas,
  ...hookSchemas,
  ...impactSchemas,
  Problem: object({
    type: { type: "string", pattern: "^urn:rms:[a-z-]+$", description: "urn:rms: and a stable code" },
    title: text,
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: text,
    instance: { type: "string", description: "The request's id, as in the log" },
    "errors?": list(object(place)),
  }),
  Diagnostic: object(place),
  Domain: object({
    id: text,
    title: text,
    package: text,
    owners: list(text),
    maxDataAge: { type: "integer", description: "Seconds after which sidecars deny" },
    logRetentionDays: integer,
    logQuotaPerDay: { type: "integer", description: "Logged decisions kept whole of one day; above it one in a hundred" },
    builtins: { ...list(text), description: "Allowed to every policy although they are forbidden by default" },
    includeMembers: { ...boolean, description: "Whether data.rms.data.roles names the members of each role" },
    state: oneOf("active", "frozen", "retired"),
    snapshot: integer,
  }),
  Gates: object({
    "coverage?": { type: "number", minimum: 0, maximum: 100 },
    "builtins?": { type: "array", items: { type: "string", maxLength: 256 }, maxItems: 1000 },
    "systemLog?": {
      ...boolean,
      description: "Its versions may hold the package system.log, which masks and drops decision logs",
    },
    "approval?": { ...boolean, description: "The same as one of approvals" },
    "approvals?": {
      type: "integer",
      minimum: 0,
      maximum: 2,
      description: "Persons beside the author who must approve a version",
    },
    "impact?": { ...ref("ImpactLimits"), description: "How many people may gain or lose by a version" },
  }),
  Policy: object({ id: text, domain: text, entrypoints: list(text), gates: ref("Gates") }),
  GateResult: object({
    gate: text,
    ok: boolean,
    diagnostics: list(ref("Diagnostic")),
    "notes?": { ...list(text), description: "What is worth a look, and holds nothing back" },
    "impact?": ref("ImpactVerdict"),
  }),
  Version: object(version),
  VersionDetail: object({ ...version, library: text, gates: list(ref("GateResult")), "diff?": ref("DiffSummary") }),
  DiffSummary: object({
    against: { type: "string", description: "The version before this one" },
    added: integer,
    removed: integer,
    changed: integer,
  }),
  VersionDiff: object({
    version: text,
    against: text,
    files: list(
      object({
        path: text,
        change: oneOf("added", "removed", "changed"),
        text: { type: "string", description: "Unified diff" },
      }),
    ),
  }),
  Diff: object({ before: anything, after: anything }),
  Published: object({
    domain: text,
    policy: text,
    version: text,
    digest,
    state: oneOf("published", "awaiting_approval", "rejected", "withdrawn"),
    gates: list(ref("GateResult")),
    warnings: list(ref("Diagnostic")),
    "diff?": ref("DiffSummary"),
    "dryRun?": boolean,
  }),
  Channel: object({
    channel: text,
    version: text,
    dataset: text,
    seq: integer,
    digest,
    revision: text,
    history: list(object({ seq: integer, version: text, at: time, actor: text, reason: text })),
    "pinned?": object({ snapshot: integer, freshUntil: time, "until?": time }),
    "dryRun?": boolean,
    "diff?": ref("Diff"),
  }),
  Activation: object(activation),
  ActivationDetail: object({
    ...activation,
    history: {
      ...list(object({ revision: text, at: time })),
      description: "From when it ran what, the newest first; after a day without what differs by the stamp alone",
    },
  }),
  Rollout: object({
    channel: text,
    revision: { type: "string", description: "What the channel serves" },
    state: {
      ...oneOf("rolling", "active", "failed", "idle"),
      description: "Of the instances that are not gone: all run it, some do not yet, some refuse it, or there are none",
    },
    since: { ...time, description: "From when the channel serves it" },
    counts: { ...mapOf(integer), description: "Instances of the channel by state" },
    "p50Seconds?": { type: "number", description: "From then to the report of half of those that run it" },
    "p95Seconds?": { type: "number" },
  }),
  Responsibility: responsibility,
  Role: object({
    id: text,
    "title?": text,
    "owner?": text,
    "risk?": text,
    includes: list(text),
    responsibilities: list(ref("Responsibility")),
    memberCount: integer,
    "dryRun?": boolean,
    "diff?": ref("Diff"),
  }),
  Membership: object({
    subject: text,
    role: text,
    "validFrom?": time,
    "validUntil?": time,
    "source?": madeBy,
    "dryRun?": boolean,
    "diff?": ref("Diff"),
  }),
  MemberLine: object({
    "op?": oneOf("put", "delete"),
    subject: { type: "string", minLength: 1, maxLength: 256 },
    "validFrom?": time,
    "validUntil?": time,
    "reason?": { type: "string", maxLength: 4096 },
  }),
  KnownSubject: object({
    subject: text,
    suspended: boolean,
    roles: { ...list(text), description: "Held now" },
  }),
  Subject: object({
    subject: text,
    suspended: boolean,
    roles: { ...list(text), description: "Held now" },
    responsibilities: list(object({ role: text, action: text, resource: text, "constraints?": anything })),
    sources: { ...list(ref("Saying")), description: "What the domain's sources say of it" },
    history: list(
      object({
        role: text,
        "validFrom?": time,
        "validUntil?": time,
        "source?": madeBy,
        recordedFrom: time,
        "recordedTo?": time,
        actor: text,
        reason: text,
      }),
    ),
  }),
  Member: object({ subject: text, "validFrom?": time, "validUntil?": time, "source?": madeBy }),
  Access: object({
    subject: text,
    role: text,
    action: text,
    resource: text,
    "constraints?": anything,
    "validUntil?": time,
  }),
  Decision: object({
    "result?": anything,
    revision: text,
    snapshot: integer,
    fresh: boolean,
    "explanation?": list(text),
    basis: object({
      kind: { ...oneOf("asPublished", "asKnown"), description: "What sidecars have now, or the facts of another time" },
      at: time,
      "knownAt?": time,
      version: text,
      digest: { ...digest, description: "Of the build, or of the version's source" },
    }),
  }),
  Token: object({
    id: text,
    kind: oneOf("user", "sidecar"),
    subject: text,
    domains: list(text),
    scopes: list(oneOf(...scopes)),
    "policies?": list(text),
    expiresAt: time,
  }),
  Key: object({ kid: text, alg: text, pem: text, scope: text, state: oneOf("next", "active", "retired") }),
  AuditEvent: object({
    seq: integer,
    at: time,
    actor: text,
    action: text,
    domain: text,
    object: text,
    requestId: text,
    reason: text,
    prev: digest,
    hash: digest,
  }),
};
