// Versions, facts and stamp → the bytes of a signed bundle.
import { gzipSync } from "node:zlib";
import { buildBundle } from "#bundles/bundle.ts";
import { type Json, mergeJson, toJson } from "#bundles/canonical-json.ts";
import { type DomainFacts, rmsDocument } from "#bundles/rms-data.ts";
import { type Blobs, sha256 } from "../store/blobs.ts";
import type { BuildParts, BuildRecord, Stamp } from "../store/builds.ts";
import type { Snapshot } from "../store/domains.ts";
import type { Moment } from "../store/roles.ts";
import type { Reads } from "../store/store.ts";
import type { Library } from "./library.ts";
import { signerOf } from "./signing.ts";
import { isDataFile, isSystemLog, readDataFile } from "./version-files.ts";

export interface BuildJob {
  readonly parts: BuildParts;
  /** Undefined for a bundle without the domain's data, whose user brings them. */
  readonly stamp: Stamp | undefined;
}

export type MadeBuild = Omit<BuildRecord, "at">;

/** What a build reads: the same for the server and for its workers. */
export interface BuildSource {
  readonly store: Reads;
  readonly blobs: Pick<Blobs, "get" | "put">;
  readonly library: Library;
  /** The data folder, with the private keys. */
  readonly folder: string;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const decoder = new TextDecoder();

/**
 * Builds and stores the bytes; the caller records the build. Rejects when something it needs is missing or damaged. The facts are those
 * of now, or of a snapshot.
 */
export async function makeBuild(
  { store, blobs, library, folder }: BuildSource,
  { parts, stamp }: BuildJob,
  then?: Snapshot,
): Promise<MadeBuild> {
  const { domain, policy, version } = parts;
  const owner = await store.domains.get(domain);
  const source = await store.versions.get(domain, policy, version);
  const key = await store.keys.inState("active");
  if (owner === undefined || source === undefined || key === undefined)
    throw new Error(`there is no version ${domain}/${policy}@${version}, or no key to sign it`);
  const signer = signerOf(folder, key.kid);
  const { data, snapshot, files } = await versionDocuments({ store, blobs }, parts, stamp, then);
  const revision = `${domain}/${policy}@${version}${stamp === undefined ? "" : `+s${snapshot}.t${stamp.number}`}`;
  const rms = { domain, policy, version, snapshot, stamp: parts.stamp, library: library.version, source: source.digest };
  // Without data the library's own packages are all of `rms` that the bundle has: another one may bring the data.
  const common = stamp === undefined ? library.files.map(({ path }) => path.replace(/\.rego$/, "")) : ["rms"];
  const bundle = buildBundle(
    {
      revision,
      roots: [owner.package, ...common, ...(files.some(({ text }) => isSystemLog(text)) ? ["system/log"] : [])],
      metadata: toJson({ rms }),
      data,
      policies: files,
      common: library.files,
      scope: `rms:${domain}`,
      ...(stamp === undefined ? {} : { issuedAt: stamp.asOf }),
    },
    { sha256, gzip, sign: (input) => signer.sign(input), key: signer },
  );
  const { contentDigest: digest, bytes } = bundle;
  const { asOf, freshUntil, sources } = stamp ?? { asOf: 0, freshUntil: 0, sources: {} };
  const made = { snapshot, digest, transport: blobs.put(bytes), size: bytes.length, asOf, freshUntil, sources };
  return { ...parts, ...made, revision, library: library.version, kid: key.kid };
}

/** The same bytes on every system: the header's tenth byte, which names the system, says that it is not known. */
function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  return packed;
}

/** The policies of a version and the data document of its bundle. */
interface VersionDocuments {
  readonly data: Json;
  readonly snapshot: number;
  readonly files: readonly SourceFile[];
}

/**
 * As of now, or of a snapshot. Facts may be newer than the stamp: then the snapshot says which they are, and the next build has a stamp of its own.
 */
async function versionDocuments(
  { store, blobs }: Pick<BuildSource, "store" | "blobs">,
  parts: Named,
  stamp: Stamp | undefined,
  then: Snapshot | undefined,
): Promise<VersionDocuments> {
  const files = await versionFiles({ store, blobs }, parts);
  const own = versionData(files);
  const policies = policiesOf(files);
  if (stamp === undefined) return { data: own, snapshot: 0, files: policies };
  const { domain } = parts;
  const { snapshot, facts } =
    then === undefined
      ? await store.roles.facts(domain)
      : { snapshot: then.number, facts: await store.roles.factsOf(domain, then) };
  return { data: withFacts(own, facts, { ...stamp, snapshot }), snapshot, files: policies };
}

/** Another time than now, and the facts that were fresh then. */
export interface PastMoment {
  readonly moment: Moment;
  /** Seconds since 1970. */
  readonly freshUntil: number;
  readonly snapshot: number;
}

/** As a sidecar would have had them at another time, fresh then. */
export async function pastDocuments(
  { store, blobs }: Pick<BuildSource, "store" | "blobs">,
  parts: Named,
  { moment, freshUntil, snapshot }: PastMoment,
): Promise<{ readonly data: Json; readonly policies: readonly SourceFile[] }> {
  const files = await versionFiles({ store, blobs }, parts);
  const facts = await store.roles.factsAt(parts.domain, moment);
  const asOf = Math.floor(moment.at / 1_000_000);
  const sources = await store.sources.freshness(parts.domain, Math.floor(Math.min(moment.at, moment.knownAt) / 1_000_000));
  return documentsWith(files, facts, { asOf, freshUntil, snapshot, sources });
}

/** What a sidecar would have of some files and facts. */
export function documentsWith(
  files: readonly SourceFile[],
  facts: DomainFacts,
  stamp: Omit<Stamp, "number">,
): { readonly data: Json; readonly policies: readonly SourceFile[] } {
  return { data: withFacts(versionData(files), facts, stamp), policies: policiesOf(files) };
}

type Named = Pick<BuildParts, "domain" | "policy" | "version">;

/** The texts of all files of a version. */
export async function versionFiles(
  { store, blobs }: Pick<BuildSource, "store" | "blobs">,
  { domain, policy, version }: Named,
): Promise<readonly SourceFile[]> {
  return (await store.versions.files(domain, policy, version)).map(({ path, blob }) => {
    const bytes = blobs.get(blob);
    if (bytes === undefined) throw new Error(`the blob of ${path} is missing or damaged`);
    return { path, text: decoder.decode(bytes) };
  });
}

const policiesOf = (files: readonly SourceFile[]): readonly SourceFile[] =>
  files.filter(({ path }) => path.endsWith(".rego") && !path.endsWith("_test.rego"));

function withFacts(own: Json, facts: DomainFacts, stamp: Omit<Stamp, "number">): Json {
  const merged = mergeJson(own, new Map([["rms", rmsDocument(facts, stamp)]]));
  return "value" in merged ? merged.value : new Map();
}

/** The version's data files in one document; the gates refused what cannot be read or merged. */
function versionData(files: readonly SourceFile[]): Json {
  let data: Json = new Map<string, Json>();
  for (const { path, text } of files) {
    if (!isDataFile(path)) continue;
    const read = readDataFile(path, text);
    if ("fault" in read) continue;
    const merged = mergeJson(data, read.value);
    if ("value" in merged) data = merged.value;
  }
  return data;
}
