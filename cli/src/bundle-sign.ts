// Signs the files of a bundle as OPA does: one JWT over the hashes of all files, `.signatures.json`.
import { constants, createHash, createHmac, createPrivateKey, sign as signBytes } from "node:crypto";
import { base64Url } from "#bundles/bundle.ts";
import { canonicalJson, type Json, type JsonObject, readJson } from "#bundles/canonical-json.ts";
import type { ArchiveFile } from "#bundles/tar.ts";
import { compactJson } from "./json-text.ts";
import { yamlValue } from "./load-parts.ts";
import { keyOptions, signatureKind } from "./signature-kind.ts";

export interface SigningOptions {
  /** PEM text of a private key, or the secret of the HMAC algorithms. */
  readonly key: string;
  readonly algorithm: string;
  /** Claims beside the files: `keyid`, `scope`, `iss`, … */
  readonly claims: JsonObject;
  /** Whose signer made it, where that is to be said. */
  readonly plugin?: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The signatures file; a fault is one sentence. */
export function signatureFile(
  files: readonly ArchiveFile[],
  options: SigningOptions,
): { readonly file: ArchiveFile } | { readonly fault: string } {
  const signedFiles = files.map(
    ({ name, bytes }): Json =>
      new Map([
        ["name", name.replace(/^\/+/u, "")],
        ["hash", hashOf(name, bytes)],
        ["algorithm", "SHA-256"],
      ]),
  );
  const claims = new Map<string, Json>([...options.claims, ["files", signedFiles]]);
  const payload = new Map([...claims].sort(([a], [b]) => (a < b ? -1 : 1)));
  const keyid = options.claims.get("keyid");
  const header = { alg: options.algorithm, ...(typeof keyid === "string" ? { kid: keyid } : {}), typ: "JWT" };
  const input = `${base64Url(encoder.encode(JSON.stringify(header)))}.${base64Url(encoder.encode(compactJson(payload)))}`;
  const signed = signature(input, options);
  if ("fault" in signed) return signed;
  const signatures = [`${input}.${base64Url(signed.bytes)}`];
  const text = JSON.stringify({ signatures, plugin: options.plugin }, undefined, 1);
  return { file: { name: "/.signatures.json", bytes: encoder.encode(text) } };
}

/** Documents and manifests: what their text means is signed, not how it is laid out. */
function isStructured(name: string): boolean {
  return /(?:^|\/)(?:data\.json|data\.ya?ml|\.manifest)$/u.test(name);
}

/** Structured files are hashed in their canonical form, all others as they are. */
export function hashOf(name: string, bytes: Uint8Array, algorithm = "sha256"): string {
  const hash = createHash(algorithm);
  if (!isStructured(name)) return hash.update(bytes).digest("hex");
  const text = decoder.decode(bytes);
  const yaml = /\.ya?ml$/u.test(name) ? yamlValue(text) : undefined;
  const read = readJson(yaml !== undefined && "text" in yaml ? yaml.text : text);
  return hash.update("value" in read ? canonicalJson(read.value) : bytes).digest("hex");
}

function signature(
  input: string,
  { key, algorithm }: SigningOptions,
): { readonly bytes: Uint8Array } | { readonly fault: string } {
  const kind = signatureKind(algorithm);
  if (kind === undefined) return { fault: `unknown signature algorithm: ${algorithm}` };
  const { hash } = kind;
  if (kind.family === "HS") return { bytes: createHmac(hash, key).update(input).digest() };
  if (!key.includes("-----BEGIN ")) return { fault: "failed to parse PEM block containing the key" };
  try {
    const privateKey = createPrivateKey(key);
    const how = keyOptions(kind, constants.RSA_PSS_SALTLEN_DIGEST);
    return { bytes: signBytes(hash, encoder.encode(input), { key: privateKey, ...how }) };
  } catch (error) {
    // The message of the library does not hold the key.
    return { fault: `the signing key cannot be used: ${error instanceof Error ? error.message : String(error)}` };
  }
}
