// The hash-chained audit log: each event's hash covers the one before, so that a gap, an edit or a reorder shows.
import { canonicalJson, toJson } from "#bundles/canonical-json.ts";
import { sha256 } from "./store/blobs.ts";
import type { Database, Row } from "./store/database.ts";

export interface AuditEvent {
  readonly actor: string;
  readonly action: string;
  readonly domain: string;
  readonly object: string;
  readonly requestId: string;
  readonly reason: string;
  /** Digests and names of what changed; never contents or tokens. */
  readonly detail?: unknown;
}

const genesis = "0".repeat(64);

/** Appends an event; call it inside the transaction of the change. */
export function appendAudit(db: Database, event: AuditEvent, at: Date): void {
  const head = db.one("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
  const seq = Number(head?.["seq"] ?? 0) + 1;
  const prev = String(head?.["hash"] ?? genesis);
  const row = { seq, at: at.toISOString(), ...event, detail: canonicalJson(toJson(event.detail ?? {})) };
  db.run(
    "INSERT INTO audit (seq, at, actor, action, domain, object, request_id, reason, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    seq,
    row.at,
    row.actor,
    row.action,
    row.domain,
    row.object,
    row.requestId,
    row.reason,
    row.detail,
    prev,
    hashOf(prev, row),
  );
}

interface Hashed extends Omit<AuditEvent, "detail"> {
  readonly seq: number;
  readonly at: string;
  readonly detail: string;
}

function hashOf(prev: string, { seq, at, actor, action, domain, object, requestId, reason, detail }: Hashed): string {
  return sha256(`${prev}\n${canonicalJson(toJson({ seq, at, actor, action, domain, object, requestId, reason, detail }))}`);
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string;
  /** The first sequence number that does not fit. */
  readonly brokenAt?: number;
}

/** Recomputes the chain. */
export function verifyAudit(db: Database): AuditVerdict {
  let prev = genesis;
  let entries = 0;
  for (const row of db.all("SELECT * FROM audit ORDER BY seq")) {
    entries++;
    const event = eventOf(row);
    if (event.seq !== entries || row["prev"] !== prev || row["hash"] !== hashOf(prev, event))
      return { ok: false, entries, head: prev, brokenAt: entries };
    prev = String(row["hash"]);
  }
  return { ok: true, entries, head: prev };
}

function eventOf(row: Row): Hashed {
  const text = (name: string): string => String(row[name]);
  return {
    seq: Number(row["seq"]),
    at: text("at"),
    actor: text("actor"),
    action: text("action"),
    domain: text("domain"),
    object: text("object"),
    requestId: text("request_id"),
    reason: text("reason"),
    detail: text("detail"),
  };
}

/** The shape of an event in answers. */
export function auditItem(row: Row): Readonly<Record<string, unknown>> {
  const { seq, at, actor, action, domain, object, requestId, reason } = eventOf(row);
  return { seq, at, actor, action, domain, object, requestId, reason, prev: row["prev"], hash: row["hash"] };
}
