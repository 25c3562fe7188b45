// Checks a store whole: the audit chain, the sources of people, and every blob that it must have.
import { verifyAudit } from "./audit-log.ts";
import type { Blobs } from "./blobs.ts";
import type { Reads } from "./store.ts";

export interface StoreVerdict {
  readonly ok: boolean;
  readonly auditEntries: number;
  readonly blobs: number;
  /** What does not fit, in words; the first twenty. */
  readonly faults: readonly string[];
}

/** Checks the audit chain, that what sources brought is of sources that are there, and that every blob that must be served is there with its digest. */
export async function verifyStore(reads: Reads, blobs: Blobs): Promise<StoreVerdict> {
  const audit = await verifyAudit(reads);
  const faults = audit.ok ? [] : [`the audit log is broken at sequence ${audit.brokenAt}`];
  faults.push(...(await reads.sources.faults()));
  const digests = await namedBlobs(reads);
  for (const [digest, name] of digests)
    if (blobs.get(digest) === undefined) faults.push(`the blob ${digest} of ${name} is missing or damaged`);
  return { ok: faults.length === 0, auditEntries: audit.entries, blobs: digests.size, faults: faults.slice(0, 20) };
}

/** Blobs of versions and of what addresses serve, by digest; bundles replaced since may have lost their bytes. */
export async function namedBlobs(reads: Reads): Promise<ReadonlyMap<string, string>> {
  const files = await reads.versions.blobs();
  const served = await reads.builds.allServed();
  return new Map([
    ...files.map(({ blob, path }) => [blob, path] as const),
    ...served.map(({ transport, address }) => [transport, address] as const),
  ]);
}
