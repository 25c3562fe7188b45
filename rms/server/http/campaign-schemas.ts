// What campaigns look like in requests and answers.
import { boolean, given, integer, list, object, oneOf, ref, type Schema, text, time } from "./json-schema.ts";

const names: Schema = { type: "array", items: { type: "string", minLength: 1, maxLength: 256 }, maxItems: 1000 };
const subject: Schema = { type: "string", minLength: 1, maxLength: 256 };
const why: Schema = { type: "string", minLength: 1, maxLength: 1024 };

const scope: Schema = object({
  "roles?": names,
  "risks?": { ...names, description: "Roles of one of these risks" },
  "manager?": { ...subject, description: "Members who have this manager" },
  "subject?": subject,
  "before?": { ...time, description: "Memberships that stand unchanged since before" },
  "orphans?": { ...boolean, description: "Members whom no source of people knows" },
});

/** The members of a request that opens a campaign. */
export const newCampaignFields: Readonly<Record<string, Schema>> = {
  title: { type: "string", minLength: 1, maxLength: 256 },
  due: time,
  "reviewers?": {
    ...oneOf("manager", "owner", "named"),
    description: "Who reviews: the member's manager, the role's owner, or `reviewer` all of them (the default)",
  },
  reviewer: { ...subject, description: "Who reviews where the rule names nobody, or the member itself" },
  "undecided?": { ...oneOf("keep", "end"), description: "What becomes of what nobody decided about in time; keep unless given" },
  "scope?": scope,
};

const item = object({
  role: subject,
  subject,
  "since?": { ...text, description: "As the item said when it was looked at: a membership that has changed since is refused" },
});
const items: Schema = { ...list(item), minItems: 1, maxItems: 1000 };
export const decideFields: Readonly<Record<string, Schema>> = { decision: oneOf("keep", "end"), reason: why, items };
export const delegateFields: Readonly<Record<string, Schema>> = { to: subject, reason: why, items };

export const itemStates: Schema = oneOf("undecided", "keep", "end", "gone");

const campaign: Readonly<Record<string, Schema>> = {
  campaign: integer,
  title: text,
  state: oneOf("open", "overdue", "signed"),
  at: time,
  openedBy: text,
  due: time,
  reviewers: oneOf("manager", "owner", "named"),
  reviewer: text,
  undecided: oneOf("keep", "end"),
  scope,
  counts: object({
    items: integer,
    keep: integer,
    end: integer,
    undecided: integer,
    gone: { ...integer, description: "Memberships that are no more, by other hands" },
  }),
  "signed?": time,
  "signedBy?": text,
  "digest?": { ...text, description: "SHA-256 of all decisions" },
  "dryRun?": boolean,
};

export const campaignSchemas: Readonly<Record<string, Schema>> = {
  Campaign: object(campaign),
  CampaignItem: object({
    role: text,
    subject: text,
    state: itemStates,
    "reviewer?": { ...text, description: "Missing where only those who answer for the domain may decide" },
    "since?": { ...time, description: "Since when the membership stands as it is" },
    "givenBy?": text,
    "givenFor?": text,
    "validFrom?": time,
    "validUntil?": time,
    "source?": text,
    "by?": text,
    "reason?": text,
    "decided?": time,
  }),
  SignedCampaign: object({
    ...campaign,
    ended: integer,
    kept: integer,
    byDefault: { ...integer, description: "How many nobody decided about in time" },
    losing: { ...integer, description: "How many people can no longer do something" },
    losers: {
      ...list(object({ subject: text, loses: list(ref("Responsibility")) })),
      description: "The first hundred of them",
    },
  }),
};

export const signFields: Readonly<Record<string, Schema>> = { "reason?": given };
