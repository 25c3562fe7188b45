// Signs the files of a bundle as OPA does: one JWT over the hashes of all files, `.signatures.json`.
import { constants, createHash, createHmac, createPrivateKey, sign as signBytes } from "node:crypto";
import { base64Url } from "#bundles/bundle.ts";
import { canonicalJson, readJson } from "#bundles/canonical-json.ts";
import type { ArchiveFile } from "#bundles/tar.ts";
import { yamlValue } from "./load-parts.ts";
import { keyOptions, signatureKind } from "./signature-kind.ts";

export interface SigningOptions {
  /** PEM text of a private key, or the secret of the HMAC algorithms. */
  readonly key: string;
  readonly algorithm: string;
  /** Claims beside the files: `keyid`, `scope`, `iss`, … */
  readonly claims: Readonly<Record<string, unknown>>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The signatures file; a fault is one sentence. */
export function signatureFile(
  files: readonly ArchiveFile[],
  options: SigningOptions,
): { readonly file: ArchiveFile } | { readonly fault: string } {
  const payload = {
    files: files.map(({ name, bytes }) => ({ name: name.replace(/^\/+/u, ""), hash: hashOf(name, bytes), algorithm: "SHA-256" })),
    ...options.claims,
  };
  const keyid = options.claims["keyid"];
  const header = { alg: options.algorithm, ...(typeof keyid === "string" ? { kid: keyid } : {}) };
  const input = `${base64Url(encoder.encode(JSON.stringify(header)))}.${base64Url(encoder.encode(JSON.stringify(payload)))}`;
  const signed = signature(input, options);
  if ("fault" in signed) return signed;
  const text = JSON.stringify({ signatures: [`${input}.${base64Url(signed.bytes)}`] });
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
  try {
    const privateKey = createPrivateKey(key);
    const how = keyOptions(kind, constants.RSA_PSS_SALTLEN_DIGEST);
    return { bytes: signBytes(hash, encoder.encode(input), { key: privateKey, ...how }) };
  } catch (error) {
    // The message of the library does not hold the key.
    return { fault: `the signing key cannot be used: ${error instanceof Error ? error.message : String(error)}` };
  }
}
