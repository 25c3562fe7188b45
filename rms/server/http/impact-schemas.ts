// What is asked, and told, of who gains and who loses by a version.
import { impactLimits } from "../questions.ts";
import { anything, boolean, integer, list, mapOf, object, oneOf, ref, type Schema, text } from "./json-schema.ts";

const short: Schema = { type: "string", minLength: 1, maxLength: 256 };

export const impactFields: Readonly<Record<string, Schema>> = {
  channel: { ...short, description: "What it serves is one side" },
  "version?": { ...short, description: "A published version is the other side" },
  "files?": { ...mapOf(text), minProperties: 1, description: "Or files that are not published: text by path" },
  "entrypoint?": { type: "string", maxLength: 512, description: "package/rule; all of the policy's unless given" },
  "requests?": {
    ...list(object({ name: short, input: anything })),
    maxItems: 200,
    description: "Inputs in which each person is put in the place of who asks; the policy's samples unless given",
  },
  "subject?": { ...short, description: "JSON Pointer of who asks; found in each request unless given" },
  "evaluations?": {
    type: "integer",
    minimum: 1,
    maximum: impactLimits.most,
    description: "At most so many: 20,000 unless given",
  },
  "logged?": {
    type: "integer",
    minimum: 0,
    maximum: 1000,
    description: "Logged decisions that are decided again: 200 unless given, and none without audit:read",
  },
};

const bound = object({
  "people?": { type: "integer", minimum: 0 },
  "percent?": { type: "number", minimum: 0, maximum: 100, description: "Of the people whom RMS knows" },
});

const affected = object({
  people: integer,
  subjects: {
    ...list(
      object({
        subject: text,
        roles: list(text),
        requests: { ...list(text), description: "With those entrypoints by which it is so, where there are several" },
      }),
    ),
    description: "The first hundred of them",
  },
});

const impact: Readonly<Record<string, Schema>> = {
  channel: text,
  against: { ...text, description: "The version that the channel serves" },
  entrypoint: { ...text, description: "The first of the entrypoints" },
  entrypoints: { ...list(text), description: "Each decides every request" },
  "refusals?": { ...list(text), description: "Those that keep people out where they say anything: who is let alone gains" },
  basis: {
    ...oneOf("each", "roles"),
    description: "Whether everybody was decided for, or people of equal roles together, but those whom a policy names",
  },
  people: integer,
  classes: integer,
  evaluations: integer,
  requests: list(
    object({
      name: { ...text, description: "With the entrypoint where there are several" },
      entrypoint: text,
      place: { ...text, description: "JSON Pointer of who asks" },
      gained: integer,
      lost: integer,
      changed: integer,
      unclear: { ...integer, description: "Of these, people of whose decision nobody can tell whether it lets them in" },
      failed: integer,
      covered: {
        ...integer,
        description: "People who were decided for; the budget, or what one decision may take, ended before the others",
      },
    }),
  ),
  "lackingSamples?": {
    ...list(text),
    description:
      "Samples that were served, and that the version has no more; a version's own comparison and its gate decide them all the same",
  },
  withoutSubject: { ...list(text), description: "Requests in which nobody known is found" },
  gained: affected,
  lost: affected,
  changed: {
    ...affected,
    description: "Whose decision is another one in a request, or fails now, without a yes that comes or goes there",
  },
  unclear: {
    ...affected,
    description: "Those of them of whose decision, before or now, nobody can tell whether it lets them in",
  },
  strangers: object({
    gained: list(text),
    lost: list(text),
    "unknown?": { ...list(text), description: "Requests whose decision takes too long or too much memory" },
    "changed?": {
      ...list(text),
      description: "Requests that are decided otherwise, or fail now, without a yes that comes or goes",
    },
    "unclear?": { ...list(text), description: "Those of them of which nobody can tell whether they may be made" },
  }),
  recorded: ref("ReplayedDecisions"),
  "clock?": {
    ...list(text),
    description: "Builtins that read the clock, and are in the policies: what they decide at another time than now is not seen",
  },
  digest: { ...text, description: "Of who gains and who loses what, whole" },
};

const sentences = list(text);

export const impactSchemas: Readonly<Record<string, Schema>> = {
  Impact: object(impact),
  VersionImpact: object({
    ...impact,
    "gate?": object({
      ok: boolean,
      otherwise: { ...oneOf("approve", "refuse"), description: "What becomes of a version that exceeds the policy's limits" },
      exceeds: { ...sentences, description: "What is more than the limits allow" },
      consents: { ...sentences, description: "Who approved it with just these people" },
    }),
  }),
  ImpactLimits: object({
    channel: {
      ...short,
      description: "A version is compared with what it serves, before it is published and before the channel moves",
    },
    "lose?": bound,
    "gain?": bound,
    "changed?": {
      ...bound,
      description:
        "Whose decision is another one, without a yes that comes or goes, as where obligations differ. Unless given, those of whose decision nobody can tell whether it lets them in count as who gains and as who loses, and others are unbounded",
    },
    "never?": { ...list(short), maxItems: 100, description: "Roles whose members neither gain nor lose" },
    "refusals?": {
      ...list(short),
      maxItems: 100,
      description:
        "Entrypoints (package/rule) that keep people out where they say anything; those named deny, violation, forbid, refuse, reject or block, and alike, unless given",
    },
    "strangers?": { ...boolean, description: "Whether somebody whom RMS does not know may gain; not unless given" },
    "otherwise?": {
      ...oneOf("approve", "refuse"),
      description:
        "A version that exceeds the limits waits for the approval of somebody else, with a reason (unless given), or is refused",
    },
  }),
  ImpactVerdict: object({
    channel: text,
    against: text,
    people: integer,
    gained: integer,
    lost: integer,
    "changed?": integer,
    "unclear?": { ...integer, description: "Of whose decision nobody can tell whether it lets them in" },
    digest: text,
    otherwise: oneOf("approve", "refuse"),
  }),
  ReplayedDecisions: object({
    read: integer,
    masked: integer,
    gained: integer,
    lost: integer,
    changed: integer,
    shown: list(object({ id: text, entrypoint: text, before: text, after: text })),
  }),
};
