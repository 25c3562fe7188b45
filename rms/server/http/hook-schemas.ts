// What hooks look like in requests and answers.
import { boolean, integer, object, type Schema, text, time } from "./json-schema.ts";

const action: Schema = { type: "string", minLength: 1, maxLength: 64, pattern: "^[a-z]+\\.(?:[a-z-]+|\\*)$" };

/** The members of a request that sets a hook. */
export const hookFields: Readonly<Record<string, Schema>> = {
  url: { type: "string", minLength: 1, maxLength: 2048, description: "https:, on a host that the operator allows" },
  secret: {
    type: "string",
    maxLength: 512,
    pattern: "^(?:env:[A-Za-z_]\\w*|file:/.+)$",
    description: "What messages are signed with: a reference that the operator allows for the host",
  },
  "actions?": {
    type: "array",
    items: action,
    maxItems: 100,
    description: "Only these actions of the audit log, or `member.*`; every one unless given",
  },
};

export const hookSchemas: Readonly<Record<string, Schema>> = {
  Hook: object({
    hook: text,
    url: text,
    secret: text,
    "actions?": { type: "array", items: text },
    since: time,
    by: text,
    told: { ...integer, description: "The last audit event that was told, or needed not be" },
    "failing?": object({ misses: integer, message: text, next: time }),
    "dryRun?": boolean,
  }),
  HookTest: object({ hook: text, taken: boolean, "message?": text }),
};
