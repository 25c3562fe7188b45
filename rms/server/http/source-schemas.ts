// The shapes of sources of people, by the names under which the API's document has them.
import { anything, boolean, integer, list, mapOf, object, oneOf, ref, type Schema, text, time } from "./json-schema.ts";

const short: Schema = { type: "string", minLength: 1, maxLength: 256 };
const long: Schema = { type: "string", minLength: 1, maxLength: 2048 };
const field: Schema = {
  ...short,
  description: "A column of a table, a JSON Pointer into a row, or an attribute of an entry",
};
const values: Schema = { type: "array", items: { type: "string", maxLength: 256 }, maxItems: 100 };
const pointer: Schema = { type: "string", maxLength: 256, description: "A JSON Pointer such as /items" };
const span = (most: number): Schema => ({ type: "integer", minimum: 0, maximum: most, description: "Seconds" });
const year = 31_536_000;

const mapping = object({
  subject: field,
  "status?": object({ from: field, active: values, "suspended?": values }),
  "manager?": field,
  "attributes?": { ...mapOf(field), description: "By the name that policies use" },
  "groups?": object({ from: field, "split?": { type: "string", minLength: 1, maxLength: 8 }, "name?": pointer }),
  "lowercase?": boolean,
});

const paging: Schema = {
  anyOf: [
    object({ next: pointer }),
    object({ cursor: pointer, parameter: short }),
    object({ parameter: short, "first?": { type: "integer", minimum: 0, maximum: 1 } }),
  ],
};

const rule = object({ role: short, "group?": short, "attribute?": short, "is?": { type: "string", maxLength: 256 } });

/** The settings of a source, as members of a body. */
export const sourceFields: Readonly<Record<string, Schema>> = {
  kind: oneOf("csv", "rest", "scim", "ldap", "ad"),
  "title?": short,
  "file?": { ...long, description: "Below a folder that the operator allows" },
  "url?": { ...long, description: "https:, ldaps: or ldap: (with StartTLS), on a host that the operator allows" },
  "separator?": { type: "string", minLength: 1, maxLength: 1 },
  "rows?": { ...pointer, description: "JSON Pointer of the list in each page; the page itself unless given" },
  "paging?": paging,
  "total?": { ...pointer, description: "JSON Pointer of the number of rows that must come" },
  "base?": { ...long, description: "Below which entry of the directory the people are" },
  "filter?": { ...long, description: "Which entries or users are people" },
  "groupSearch?": object({
    "base?": long,
    "filter?": long,
    "name?": { ...short, description: "The attribute that policies know a group by: cn, or dn; of scim displayName, or id" },
    "by?": { ...oneOf("member", "memberOf"), description: "Whether groups tell their members, or members their groups" },
  }),
  "secret?": {
    type: "string",
    maxLength: 512,
    pattern: "^(?:env:[A-Za-z_]\\w*|file:/.+)$",
    description: "a reference that the operator allows: env:NAME or file:/path",
  },
  "user?": { ...short, description: "The secret is its password; without it the secret is a bearer token" },
  "oauth?": {
    ...object({ url: long, "scope?": short, "audience?": long, "send?": oneOf("header", "body") }),
    description: "Where user and secret are exchanged for a token (OAuth 2.0 client credentials); the host must be allowed, too",
  },
  map: mapping,
  "directory?": { ...oneOf("ldap", "ad", "mail"), description: "Whose groups policies ask for" },
  "rules?": { ...list(rule), maxItems: 10_000 },
  "every?": {
    type: "integer",
    minimum: 60,
    maximum: 604_800,
    description: "Seconds between two syncs; by hand alone where missing",
  },
  "cron?": {
    ...short,
    description: "In place of every: minute, hour, day of the month, month and day of the week in UTC, such as 30 2 * * 1-5",
  },
  "thresholds?": object({
    "percent?": { type: "number", minimum: 0, maximum: 100 },
    "count?": { type: "integer", minimum: 0 },
    "above?": { type: "integer", minimum: 0 },
  }),
  "required?": { ...boolean, description: "All of the domain's data are as old as what this source says" },
  "maxAge?": { type: "integer", minimum: 60, maximum: year, description: "Seconds for which what it says is fresh" },
  "unit?": { ...list(short), maxItems: 20, description: "Attributes whose change makes a mover, beside the manager: department" },
  "grace?": { ...span(year), description: "Seconds that a mover keeps what the old unit gave: two weeks" },
  "review?": {
    ...oneOf("keep", "end"),
    description: "Roles of movers are reviewed; what becomes of those that nobody decided about by the end of the grace",
  },
  "absent?": { ...oneOf("end", "suspend"), description: "What becomes of those whom two good syncs did not see" },
};

const counts = object(
  Object.fromEntries(
    [
      ...["people", "active", "joined", "changed", "left", "absent", "gone", "moved"],
      ...["granted", "ended", "ending", "withheld", "suspended", "returned"],
    ].map((name) => [name, integer]),
  ),
);

const drops = { ...list(object({ what: text, before: integer, after: integer })), description: "Of what too much is gone" };
const missingRoles = { ...list(text), description: "Roles that rules name and that are not there" };
const status = oneOf("active", "suspended", "left");
/** What a source says of a subject. */
const said: Readonly<Record<string, Schema>> = {
  status,
  "manager?": text,
  attributes: mapOf(anything),
  groups: list(text),
};

export const sourceSchemas: Readonly<Record<string, Schema>> = {
  SourceSettings: object(sourceFields),
  SourceRun: object({
    run: integer,
    at: { ...time, description: "When reading began" },
    ended: time,
    result: oneOf("changed", "unchanged", "refused", "failed"),
    actor: text,
    reason: text,
    "message?": { ...text, description: "Why it was refused or failed" },
    "consent?": { ...text, description: "Who wants it forced and waits for a second person" },
    "counts?": counts,
    "drops?": drops,
    "missingRoles?": missingRoles,
  }),
  Source: object({
    id: text,
    settings: ref("SourceSettings"),
    since: time,
    by: text,
    "lastRun?": ref("SourceRun"),
    "asOf?": { ...time, description: "When what it says was read" },
    "freshUntil?": time,
    "dryRun?": boolean,
    "diff?": ref("Diff"),
  }),
  SourceTest: object({
    source: text,
    counts,
    drops,
    missingRoles,
    "refused?": { ...text, description: "Why a sync would not take it" },
    rows: { ...list(object({ subject: text, ...said })), description: "Twenty at most, those that would change first" },
    members: list(object({ role: text, subject: text, change: oneOf("begins", "ends", "ends later"), reason: text })),
  }),
  Review: object({
    review: integer,
    subject: text,
    source: { ...text, description: "Which source told of the move" },
    state: oneOf("open", "overdue", "closed"),
    at: time,
    due: time,
    from: { ...mapOf(anything), description: "What of the unit changed" },
    to: mapOf(anything),
    "manager?": { ...text, description: "The manager by now" },
    undecided: { ...oneOf("keep", "end"), description: "What becomes of roles that nobody decided about in time" },
    "closed?": time,
    roles: list(object({ role: text, "decision?": oneOf("keep", "end"), "by?": text, "reason?": text, "at?": time })),
    "dryRun?": boolean,
    "diff?": ref("Diff"),
  }),
  SourceSync: object({ source: text, running: boolean, "run?": ref("SourceRun") }),
  Saying: object({ source: text, ...said, "absent?": { ...boolean, description: "The last good sync did not see it" } }),
};
