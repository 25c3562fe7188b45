// Makes the bundles that are served now anew from their rows: equal rows must give equal content.
import { type BuildSource, makeBuild } from "./build.ts";

export interface RebuildVerdict {
  readonly rebuilt: number;
  /** Served bundles whose data or library are not those of now any more. */
  readonly skipped: number;
  readonly faults: readonly string[];
}

/** Compares the content digest of each served bundle with that of the same one made now; nothing is kept of it. */
export async function verifyBuilds(source: BuildSource): Promise<RebuildVerdict> {
  const { store } = source;
  const faults: string[] = [];
  let [rebuilt, skipped] = [0, 0];
  for (const { address } of await store.builds.allServed()) {
    const build = await store.builds.lastServed(address);
    if (build === undefined) continue;
    const { domain, policy, version, snapshot, stamp: number, asOf, freshUntil, library } = build;
    const isBare = number === 0;
    const standing = isBare || (asOf > 0 && (await store.domains.get(domain))?.snapshot === snapshot);
    if (!standing || library !== source.library.version) {
      skipped++;
      continue;
    }
    const stamp = isBare ? undefined : { number, asOf, freshUntil, snapshot };
    const parts = { domain, policy, version, snapshot, stamp: number };
    const blobs = { get: (digest: string) => source.blobs.get(digest), put: () => "" };
    const { digest } = await makeBuild({ ...source, blobs }, { parts, stamp });
    rebuilt++;
    if (digest !== build.digest) faults.push(`the bundle at ${address} is ${build.digest}, but its rows give ${digest}`);
  }
  return { rebuilt, skipped, faults };
}
