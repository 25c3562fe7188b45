// An OPA bundle as files in a fixed order: manifest, data.json, policies by name, common ones by name, signatures last.
import { byUtf8, canonicalBytes, canonicalJson, type Json, toJson } from "./canonical-json.ts";
import type { ArchiveFile } from "./tar.ts";
import { tarSize, writeTar } from "./tar.ts";

/** What only the host can do; the same in Node and in a browser. */
export interface BundlePort {
  sha256(bytes: Uint8Array): string;
  /** gzip at level 9, its header without time and system. */
  gzip(bytes: Uint8Array): Uint8Array;
  /** A JWS over `header.payload` in base64url form; undefined leaves the bundle unsigned. */
  readonly sign?: (signingInput: string) => { readonly signature: Uint8Array };
  readonly key?: { readonly kid: string; readonly algorithm: "ES256" | "RS256" };
}

export interface BundlePolicy {
  readonly path: string;
  readonly text: string;
}

export interface BundleInput {
  readonly revision: string;
  readonly roots: readonly string[];
  readonly metadata?: Json;
  readonly data: Json;
  /** Policies by relative name. */
  readonly policies: readonly BundlePolicy[];
  /** Policies that every bundle has; they follow the others. */
  readonly common: readonly BundlePolicy[];
  /** Scope of the signature: `rms:<domain>`. */
  readonly scope?: string;
  /** Seconds since 1970, told to people in the signature; OPA does not look at it. */
  readonly issuedAt?: number;
}

export interface BuiltBundle {
  /** sha256 of the tar without signatures: the same for the same content, whoever signs. */
  readonly contentDigest: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** Builds the bundle's bytes; equal inputs give equal content digests. */
export function buildBundle(input: BundleInput, port: BundlePort): BuiltBundle {
  const manifest = new Map<string, Json>([
    ["revision", input.revision],
    ["roots", [...input.roots].sort(byUtf8)],
    ["rego_version", toJson(1)],
  ]);
  if (input.metadata !== undefined) manifest.set("metadata", input.metadata);
  const file = (name: string, text: string): ArchiveFile => ({ name, bytes: encoder.encode(text) });
  const files = [
    file(".manifest", canonicalJson(manifest)),
    { name: "data.json", bytes: canonicalBytes(input.data) },
    ...[input.policies, input.common].flatMap((part) =>
      [...part].sort((a, b) => byUtf8(a.path, b.path)).map(({ path, text }) => file(path, text)),
    ),
  ];
  const signed =
    port.sign === undefined || port.key === undefined
      ? files
      : [...files, file(".signatures.json", signatures(files, input, port))];
  // Both archives stand in the same bytes, one after the other: data may be large.
  const room = new Uint8Array(tarSize(signed));
  const contentDigest = port.sha256(writeTar(files, room));
  return { contentDigest, bytes: port.gzip(writeTar(signed, room)) };
}

/** One JWT over the hashes of all files: OPA's bundle signature. Structured files are canonical already, so their bytes are what is hashed. */
function signatures(files: readonly ArchiveFile[], input: BundleInput, port: BundlePort): string {
  const payload = canonicalJson(
    toJson({
      files: files.map(({ name, bytes }) => ({ name, hash: port.sha256(bytes), algorithm: "SHA-256" })),
      ...(input.scope === undefined ? {} : { scope: input.scope }),
      ...(input.issuedAt === undefined ? {} : { iat: input.issuedAt }),
      rev: input.revision,
    }),
  );
  const header = canonicalJson(toJson({ alg: port.key?.algorithm, kid: port.key?.kid, typ: "JWT" }));
  const signingInput = `${base64Url(encoder.encode(header))}.${base64Url(encoder.encode(payload))}`;
  const signature = port.sign?.(signingInput).signature ?? new Uint8Array();
  return canonicalJson(toJson({ signatures: [`${signingInput}.${base64Url(signature)}`] }));
}

/** Base64 with the URL alphabet, without padding. */
export function base64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
