// Makes the bundles that are served now anew from their rows: equal rows must give equal content.
import { gunzipSync } from "node:zlib";
import { readTar } from "#bundles/tar.ts";
import type { BuildRecord } from "../store/builds.ts";
import type { Snapshot } from "../store/domains.ts";
import { type BuildSource, makeBuild } from "./build.ts";
import { libraryOf } from "./library.ts";

export interface RebuildVerdict {
  readonly rebuilt: number;
  /** Served bundles whose facts an earlier release did not number, or cannot be told from later ones after the clock went back. */
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
    const made = await madeAgain(source, build);
    if (made === undefined) skipped++;
    else rebuilt++;
    if (made !== undefined && made !== build.digest)
      faults.push(`the bundle at ${address} is ${build.digest}, but its rows give ${made}`);
  }
  return { rebuilt, skipped, faults };
}

/** The content digest that the rows of a build give; undefined when they do not tell what it was made of. */
async function madeAgain(source: BuildSource, build: BuildRecord): Promise<string | undefined> {
  const { domain, policy, version, snapshot: number, stamp, asOf, freshUntil, sources } = build;
  const isBare = stamp === 0;
  const then: Snapshot | undefined = isBare ? undefined : await source.store.domains.snapshot(domain, number);
  if (!isBare && (then === undefined || asOf === 0)) return undefined;
  const library = build.library === source.library.version ? source.library : libraryIn(source, build);
  if (library === undefined) return undefined;
  const blobs = { get: (digest: string) => source.blobs.get(digest), put: () => "" };
  const job = {
    parts: { domain, policy, version, snapshot: number, stamp },
    stamp: isBare ? undefined : { number: stamp, asOf, freshUntil, snapshot: number, sources },
  };
  return (await makeBuild({ ...source, blobs, library }, job, then)).digest;
}

const decoder = new TextDecoder();

/** The library of an earlier release, which its bundle holds; undefined when it is not the one that the row names. */
function libraryIn({ blobs }: BuildSource, { transport, library: version }: BuildRecord): BuildSource["library"] | undefined {
  const bytes = blobs.get(transport);
  const read = bytes === undefined ? undefined : readTar(gunzipSync(bytes));
  if (read === undefined || "fault" in read) return undefined;
  const found = read.files.filter(({ name }) => /^\/?rms\/[^/]+\.rego$/.test(name));
  const library = libraryOf(
    found.map(({ name, bytes: text }) => ({ path: name.replace(/^\//, ""), text: decoder.decode(text) })),
  );
  return library.version === version ? library : undefined;
}
