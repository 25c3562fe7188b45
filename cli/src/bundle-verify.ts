// Verifies the signature of a bundle as OPA does: one JWT whose payload has the hash of every file.
import { constants, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import type { BundleFile } from "./bundle-load.ts";
import { hashOf } from "./bundle-sign.ts";
import type { ArchivedFiles } from "./load-parts.ts";
import { keyOptions, type SignatureKind, signatureKind } from "./signature-kind.ts";

export interface VerificationOptions {
  /** PEM text of a public key or certificate, or the secret of the HMAC algorithms. */
  readonly key: string;
  readonly algorithm: string;
  readonly scope: string;
  /** File names and patterns (`*`, `?`) that need not be signed. */
  readonly exclude: readonly string[];
}

export const signaturesFile = ".signatures.json";

interface Payload {
  readonly files?: readonly { readonly name?: string; readonly hash?: string; readonly algorithm?: string }[];
  readonly scope?: string;
}

/** What is wrong with the signature, in OPA's words; undefined for a bundle that is as it was signed, or unsigned when no key is given. */
export function verificationFault(bundle: ArchivedFiles, options: VerificationOptions | undefined): string | undefined {
  // Files of a folder are signed by their path from where it was named.
  const files = bundle.files.map(({ path, bytes }) => ({ path: bundle.show(path), bytes }));
  const found = files.find(({ path }) => baseName(path) === signaturesFile);
  const signatures = found === undefined ? [] : signaturesOf(found.bytes);
  if (typeof signatures === "string") return signatures;
  if (found === undefined) return options === undefined ? undefined : `bundle missing ${signaturesFile} file`;
  // Anybody can sign with the empty secret.
  if (options === undefined || options.key === "") return "verification key not provided";
  const [token, more] = signatures;
  if (token === undefined) return `${signaturesFile}: missing JWT (expected exactly one)`;
  if (more !== undefined) return `${signaturesFile}: multiple JWTs not supported (expected exactly one)`;
  const payload = verifiedPayload(token, options);
  if (typeof payload === "string") return payload;
  if ((payload.scope ?? "") !== options.scope) return "scope mismatch";
  return filesFault(
    files.filter((file) => file !== found),
    payload,
    options.exclude,
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function signaturesOf(bytes: Uint8Array): readonly string[] | string {
  try {
    const { signatures } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly signatures?: readonly unknown[] };
    return (signatures ?? []).map(String);
  } catch (error) {
    return `bundle load failed on signatures decode: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function verifiedPayload(token: string, { key, algorithm }: VerificationOptions): Payload | string {
  const [header, payload, signature, ...rest] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return "failed to split compact JWT: invalid number of segments";
  const kind = signatureKind(algorithm);
  if (kind === undefined) return `unknown signature algorithm: ${algorithm}`;
  const signed = `${header}.${payload}`;
  const bytes = Buffer.from(signature, "base64url");
  if (kind.family === "HS") {
    const wanted = createHmac(kind.hash, key).update(signed).digest();
    if (wanted.length !== bytes.length || !timingSafeEqual(wanted, bytes))
      return "failed to verify JWT signature: invalid HMAC signature";
  } else {
    const fault = publicKeyFault(key, kind, signed, bytes);
    if (fault !== undefined) return fault;
  }
  try {
    return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Payload;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function publicKeyFault(pem: string, kind: SignatureKind, signed: string, bytes: Buffer): string | undefined {
  let publicKey: ReturnType<typeof createPublicKey>;
  try {
    publicKey = createPublicKey(pem);
  } catch {
    return "failed to parse PEM block containing the key";
  }
  try {
    const how = keyOptions(kind, constants.RSA_PSS_SALTLEN_AUTO);
    if (verify(kind.hash, Buffer.from(signed), { key: publicKey, ...how }, bytes)) return undefined;
  } catch {
    // A key of another kind verifies nothing.
  }
  return "failed to verify JWT signature: verification error";
}

/** Every file must be signed as it is, and no signed one may be missing. */
function filesFault(files: readonly BundleFile[], payload: Payload, exclude: readonly string[]): string | undefined {
  const signed = new Map((payload.files ?? []).map((file) => [file.name ?? "", file]));
  for (const { path, bytes } of files) {
    const name = path.replace(/^\/+/u, "");
    const file = signed.get(name);
    signed.delete(name);
    if (exclude.some((pattern) => fits(name, pattern))) continue;
    if (file === undefined) return `file ${name} not included in bundle signature`;
    if (!file.algorithm) return `no hashing algorithm provided for file ${name}`;
    const algorithm = hashNames[file.algorithm];
    if (algorithm === undefined) return `unsupported hashing algorithm: ${file.algorithm}`;
    const hash = hashOf(name, bytes, algorithm);
    if (hash !== file.hash?.toLowerCase()) return `${name}: digest mismatch (want: ${file.hash}, got: ${hash})`;
  }
  const missing = [...signed.keys()];
  return missing.length === 0
    ? undefined
    : `file(s) [${missing.join(" ")}] specified in bundle signatures but not found in the target bundle`;
}

/** OPA's names of the hashes that may stand in a signature, and Node's. */
const hashNames: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-224": "sha224",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
  "SHA-512-224": "sha512-224",
  "SHA-512-256": "sha512-256",
};

/** A pattern of a path: neither `*` nor `?` stands for a slash. */
function fits(name: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/gu, "\\$&")
    .replace(/\*/gu, "[^/]*")
    .replace(/\?/gu, "[^/]");
  try {
    return new RegExp(`^${source}$`, "u").test(name);
  } catch {
    return false;
  }
}
