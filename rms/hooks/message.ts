// One message to a hook: audit events as JSON, signed as the Standard Webhooks specification says.
import { createHmac } from "node:crypto";
import { SourceFault } from "../sources/fault.ts";
import type { AuditEntry } from "../store/audit.ts";
import { sha256 } from "../store/blobs.ts";

const prefix = "whsec_";
/** Bytes of the shortest key by the specification. */
const leastKey = 24;

export interface Message {
  /** The same whenever the message is sent again, and of no other message. */
  readonly id: string;
  readonly body: string;
}

/** What is told of the audit log; a test has no events. */
export function messageOf(hook: string, domain: string, events: readonly AuditEntry[]): Message {
  const [first, last] = [events[0], events.at(-1)];
  const body = JSON.stringify({
    type: first === undefined ? "test" : "audit",
    domain,
    hook,
    events: events.map(({ seq, at, actor, action, object, requestId, reason, detail, hash }) => ({
      seq,
      at,
      actor,
      action,
      object,
      requestId,
      reason,
      detail: JSON.parse(detail) as unknown,
      hash,
    })),
  });
  // After a restore other events have the same numbers.
  const part = first === undefined ? "test" : `${first.seq}-${last?.seq}.${sha256(body).slice(0, 16)}`;
  return { id: `${domain}.${hook}.${part}`, body };
}

/** The headers by which the receiver knows who sent the message, and when (seconds since 1970). */
export function signatureHeaders(secret: string, { id, body }: Message, at: number): Readonly<Record<string, string>> {
  const signature = createHmac("sha256", keyOf(secret)).update(`${id}.${at}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}` };
}

/** `whsec_` and base64, as the specification writes keys; else the text itself. What is no base64 would sign with less than it seems to. */
function keyOf(secret: string): Buffer {
  if (!secret.startsWith(prefix)) return Buffer.from(secret);
  const text = secret.slice(prefix.length);
  const key = Buffer.from(text, "base64");
  if (key.length < leastKey || key.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, ""))
    throw new SourceFault(
      `the secret begins as a key of Standard Webhooks does, but is not base64 of ${leastKey} bytes or more behind ${prefix}`,
    );
  return key;
}
