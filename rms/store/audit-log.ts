// The hash-chained audit log: each event's hash covers the one before, so that a gap, an edit or a reorder shows.
import { canonicalJson, toJson } from "#bundles/canonical-json.ts";
import type { AuditEntry } from "./audit.ts";
import { sha256 } from "./blobs.ts";
import { breath } from "./breath.ts";
import type { Reads, Transaction } from "./store.ts";

/** A change to be recorded. */
export interface AuditEvent extends Pick<AuditEntry, "actor" | "action" | "domain" | "object" | "requestId" | "reason"> {
  /** Digests and names of what changed; never contents or tokens. */
  readonly detail?: unknown;
}

const genesis = "0".repeat(64);

/** Appends an event in the transaction of its change. */
export async function appendAudit(tx: Transaction, event: AuditEvent, at: Date): Promise<void> {
  const head = await tx.audit.head();
  const prev = head?.hash ?? genesis;
  const row = {
    ...event,
    seq: (head?.seq ?? 0) + 1,
    at: at.toISOString(),
    detail: canonicalJson(toJson(event.detail ?? {})),
  };
  await tx.audit.append({ ...row, prev, hash: hashOf(prev, row) });
}

function hashOf(prev: string, entry: Omit<AuditEntry, "prev" | "hash">): string {
  const { seq, at, actor, action, domain, object, requestId, reason, detail } = entry;
  return sha256(`${prev}\n${canonicalJson(toJson({ seq, at, actor, action, domain, object, requestId, reason, detail }))}`);
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string;
  /** The first sequence number that does not fit. */
  readonly brokenAt?: number;
}

/** Recomputes the chain, from a sequence number on; what is before it is taken as it is. */
export async function verifyAudit(reads: Reads, from = 1): Promise<AuditVerdict> {
  const limit = 1000;
  let entries = from - 1;
  const [before] = entries === 0 ? [] : await reads.audit.chain({ after: entries - 1, limit: 1 });
  if (entries > 0 && before?.seq !== entries) return { ok: false, entries: 0, head: genesis, brokenAt: entries };
  let prev = before?.hash ?? genesis;
  for (;;) {
    await breath();
    const page = await reads.audit.chain({ after: entries, limit });
    for (const entry of page) {
      entries++;
      if (entry.seq !== entries || entry.prev !== prev || entry.hash !== hashOf(prev, entry))
        return { ok: false, entries, head: prev, brokenAt: entries };
      prev = entry.hash;
    }
    if (page.length < limit) return { ok: true, entries, head: prev };
  }
}
