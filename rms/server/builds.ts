// Versions, facts and stamp → the signed bundle of an address; what was built once is served again.
import { gzipSync } from "node:zlib";
import { buildBundle } from "#bundles/bundle.ts";
import { type Json, mergeJson, readJson, toJson } from "#bundles/canonical-json.ts";
import { rmsDocument } from "#bundles/rms-data.ts";
import { sha256 } from "../store/blobs.ts";
import type { BuildParts, BuildRecord, Stamp } from "../store/builds.ts";
import type { Domain } from "../store/domains.ts";
import type { Reads } from "../store/store.ts";
import { type Rms, seconds } from "./rms.ts";

export interface Build {
  readonly digest: string;
  /** Digest of the bytes as served. */
  readonly transport: string;
  readonly revision: string;
  readonly version: string;
  /** Seconds: from when to when this build is the one to serve, if nothing changes. */
  readonly from: number;
  readonly until: number;
}

const decoder = new TextDecoder();

/**
 * The domain's stamp; a new one when the facts changed, a third of their age has passed, or the clock went back behind it
 * (a stamp from the future would make every sidecar deny).
 */
export async function currentStamp(rms: Rms, domain: string): Promise<Stamp & { readonly maxAge: number }> {
  const now = seconds(rms.now());
  const before = await standingStamp(rms.store, domain, now);
  if (before.stamp !== undefined) return { ...before.stamp, maxAge: before.maxAge };
  return rms.store.transaction(async (tx) => {
    const { stamp: raced, maxAge, snapshot } = await standingStamp(tx, domain, now);
    if (raced !== undefined) return { ...raced, maxAge };
    const number = (await tx.builds.lastStamp(domain)) + 1;
    const stamp = { number, asOf: now, freshUntil: now + maxAge, snapshot };
    await tx.builds.setStamp(domain, stamp);
    return { ...stamp, maxAge };
  });
}

async function standingStamp(
  reads: Reads,
  id: string,
  now: number,
): Promise<Pick<Domain, "maxAge" | "snapshot"> & { readonly stamp: Stamp | undefined }> {
  const domain = await reads.domains.get(id);
  if (domain === undefined) throw new Error(`there is no domain ${id}`);
  const { maxAge, snapshot } = domain;
  const stamp = await reads.builds.stamp(id);
  const stands = stamp !== undefined && stamp.snapshot === snapshot && now >= stamp.asOf && now - stamp.asOf < maxAge / 3;
  return { maxAge, snapshot, stamp: stands ? stamp : undefined };
}

/** The files of a version. */
export async function versionFiles(
  rms: Rms,
  domain: string,
  policy: string,
  version: string,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  return (await rms.store.versions.files(domain, policy, version)).map(({ path, blob }) => {
    const bytes = rms.blobs.get(blob);
    if (bytes === undefined) throw new Error(`the blob of ${path} is missing or damaged`);
    return { path, text: decoder.decode(bytes) };
  });
}

/** True for what a bundle holds of a version: policies and data, no tests, samples or schemas. */
export function isBundled(path: string): boolean {
  return path.endsWith(".rego") && !path.endsWith("_test.rego");
}

/** The current build of a version: made now, or found. */
export async function currentBuild(rms: Rms, domain: string, policy: string, version: string): Promise<Build> {
  const stamp = await currentStamp(rms, domain);
  const span = { from: stamp.asOf, until: stamp.asOf + stamp.maxAge / 3 };
  const parts = { domain, policy, version, snapshot: stamp.snapshot, stamp: stamp.number };
  const found = (await rms.store.builds.find(parts)) ?? (await makeBuild(rms, parts, stamp));
  return { digest: found.digest, transport: found.transport, revision: found.revision, version, ...span };
}

async function makeBuild(rms: Rms, parts: BuildParts, stamp: Stamp): Promise<BuildRecord> {
  const { domain, policy, version } = parts;
  const [owner, source] = [await rms.store.domains.get(domain), await rms.store.versions.get(domain, policy, version)];
  if (owner === undefined || source === undefined) throw new Error(`there is no version ${domain}/${policy}@${version}`);
  const files = await versionFiles(rms, domain, policy, version);
  const signer = await rms.keys.signer();
  // Facts may be newer than the stamp: then they are called what they are, and the next build has a stamp of its own.
  const { snapshot, facts } = await rms.store.roles.facts(domain);
  const revision = `${domain}/${policy}@${version}+s${snapshot}.t${stamp.number}`;
  const rmsData = rmsDocument(facts, { asOf: stamp.asOf, freshUntil: stamp.freshUntil, snapshot });
  const data = mergeJson(versionData(files), new Map([["rms", rmsData]]));
  const library = rms.library.version;
  const bundle = buildBundle(
    {
      revision,
      roots: [owner.package, "rms"],
      metadata: toJson({ rms: { domain, policy, version, snapshot, stamp: stamp.number, library, source: source.digest } }),
      data: "value" in data ? data.value : new Map(),
      policies: [...files.filter(({ path }) => isBundled(path)), ...rms.library.files],
      scope: `rms:${domain}`,
    },
    {
      sha256,
      gzip: (bytes) => gzipSync(bytes, { level: 9 }),
      sign: (input) => signer.sign(input),
      key: signer,
    },
  );
  const build = {
    ...parts,
    snapshot,
    digest: bundle.contentDigest,
    transport: rms.blobs.put(bundle.bytes),
    revision,
    kid: signer.kid,
    size: bundle.bytes.length,
    at: seconds(rms.now()),
  };
  rms.metrics.add("rms_builds_total", { domain });
  return rms.store.transaction(async (tx) => {
    await tx.builds.insert(build);
    return (await tx.builds.find({ ...parts, snapshot })) ?? build;
  });
}

/** The version's data files in one document, each at the place of its folder. */
export function versionData(files: readonly { readonly path: string; readonly text: string }[]): Json {
  let data: Json = new Map<string, Json>();
  for (const { path, text } of files) {
    if (!/(?:^|\/)data\.json$/.test(path)) continue;
    const read = readJson(text);
    if ("fault" in read) continue;
    const merged = mergeJson(data, read.value);
    if ("value" in merged) data = merged.value;
  }
  return data;
}
