// The signature of a bundle: who made it, whether the files are those that were signed, and whether a key verifies it.
import { sha256 } from "@noble/hashes/sha2.js";
import { canonicalJson, readJson } from "#bundles/canonical-json.ts";
import type { ArchiveFile } from "#bundles/tar.ts";
import { decodeTokenPart } from "#evaluation/crypto/base64.ts";
import { hexOf } from "#evaluation/crypto/bytes.ts";
import { parseCertificate } from "#evaluation/crypto/certificate.ts";
import { type Key, parsePublicKey } from "#evaluation/crypto/keys.ts";
import { readPem } from "#evaluation/crypto/pem.ts";
import { algorithmOf, verifySignature } from "#evaluation/crypto/signatures.ts";
import { writeJsonText } from "#evaluation/json-text.ts";
import { readYaml } from "#evaluation/yaml/read.ts";
import { isDocument, isSmall, tooLarge } from "./bounds.ts";

export const signaturesFile = ".signatures.json";
/** The one that everybody signs files with. */
const hashAlgorithm = "SHA-256";

export interface BundleSignature {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly scope: string | undefined;
  /** How many files it names. */
  readonly files: number;
  /** What is not as it was signed. That it is says nothing about who signed. */
  readonly faults: readonly string[];
}

interface Token {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly scope: string | undefined;
  readonly files: readonly Readonly<Record<string, unknown>>[];
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

const decoder = new TextDecoder();

/** Undefined for a bundle that is not signed. */
export function signatureOf(files: readonly ArchiveFile[]): BundleSignature | undefined {
  const file = files.find(({ name }) => baseName(name) === signaturesFile);
  if (file === undefined) return undefined;
  const token = tokenOf(file.bytes);
  if (typeof token === "string") return { algorithm: "", keyId: undefined, scope: undefined, files: 0, faults: [token] };
  const { algorithm, keyId, scope } = token;
  const others = files.filter((one) => one !== file);
  return { algorithm, keyId, scope, files: token.files.length, faults: fileFaults(others, token.files) };
}

/** Why the key does not verify the signature of the bundle; undefined when it does and all files are as they were signed. */
export function verificationFault(files: readonly ArchiveFile[], keyText: string): string | undefined {
  const large = tooLarge(files);
  if (large !== undefined) return large;
  const file = files.find(({ name }) => baseName(name) === signaturesFile);
  if (file === undefined) return `bundle missing ${signaturesFile} file`;
  const token = tokenOf(file.bytes);
  if (typeof token === "string") return token;
  const algorithm = algorithmOf(token.algorithm);
  if (algorithm === undefined) return `unknown signature algorithm: ${token.algorithm}`;
  const key = algorithm.family === "hmac" ? secretOf(keyText, token.algorithm) : publicKeyOf(keyText);
  if (typeof key === "string") return key;
  if (!verifySignature(algorithm, key, token.signed, token.signature, { anyShape: false }))
    return "the signature was not made with the key that belongs to this one";
  const [fault] = fileFaults(
    files.filter((one) => one !== file),
    token.files,
  );
  const other = token.files.find((one) => one["algorithm"] !== hashAlgorithm);
  if (fault !== undefined || other === undefined) return fault;
  return `${textOf(other["name"]) ?? "a file"} has a hash by ${textOf(other["algorithm"]) ?? "no algorithm"}, which is not looked at here: \`rw build --bundle --verification-key\` does`;
}

/** Anybody can sign with the empty secret, and with the text of a key that is public: who signs says how it is to be verified. */
function secretOf(text: string, algorithm: string): Key | string {
  if (/-----BEGIN |^0\ufffd/u.test(text))
    return `the signature says ${algorithm}, which is made with a shared secret, and the file holds a key of a pair: whoever has that could have signed`;
  const bytes = new TextEncoder().encode(text.replace(/\r?\n$/u, ""));
  return bytes.length === 0 ? "the key is empty" : { kind: "secret", bytes };
}

function publicKeyOf(text: string): Key | string {
  const { block } = readPem(text);
  if (block === undefined) return "the file holds no key in PEM: a public key or a certificate is needed";
  try {
    if (block.type === "CERTIFICATE") return parseCertificate(block.bytes).key;
    if (block.type === "PUBLIC KEY") return parsePublicKey(block.bytes);
  } catch (error) {
    return `the key cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  return `a public key or a certificate is needed, and the file holds a ${block.type.toLowerCase()}`;
}

function tokenOf(bytes: Uint8Array): Token | string {
  const written = objectOf(decoder.decode(bytes));
  const tokens: readonly unknown[] = Array.isArray(written?.["signatures"]) ? written["signatures"] : [];
  const [token, more] = tokens;
  if (typeof token !== "string") return `${signaturesFile}: missing JWT (expected exactly one)`;
  if (more !== undefined) return `${signaturesFile}: multiple JWTs not supported (expected exactly one)`;
  const [head = "", body = "", signature = "", ...rest] = token.split(".");
  const [header, payload, mark] = [partOf(head), partOf(body), partOf(signature)];
  const named = header === undefined ? undefined : objectOf(decoder.decode(header));
  const claims = payload === undefined ? undefined : objectOf(decoder.decode(payload));
  if (named === undefined || claims === undefined || mark === undefined || rest.length > 0)
    return `${signaturesFile}: the JWT cannot be read`;
  const listed: readonly unknown[] = Array.isArray(claims["files"]) ? claims["files"] : [];
  return {
    algorithm: textOf(named["alg"]) ?? "",
    keyId: textOf(named["kid"]) ?? textOf(claims["keyid"]),
    scope: textOf(claims["scope"]),
    files: listed.filter(isObject),
    signed: new TextEncoder().encode(`${head}.${body}`),
    signature: mark,
  };
}

/** Every file must be signed as it is, and no signed one may be missing. */
function fileFaults(files: readonly ArchiveFile[], listed: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const waiting = new Map(listed.map((one) => [textOf(one["name"])?.replace(/^\/+/u, "") ?? "", one]));
  const faults: string[] = [];
  for (const { name, bytes } of files) {
    const signed = waiting.get(name);
    waiting.delete(name);
    if (signed === undefined) faults.push(`file ${name} not included in bundle signature`);
    // Other hashes than the one that everybody uses are left to the command line.
    else if (signed["algorithm"] === hashAlgorithm && hashOf(name, bytes) !== textOf(signed["hash"])?.toLowerCase())
      faults.push(`${name} is not as it was signed`);
  }
  for (const name of waiting.keys()) faults.push(`file ${name} is in the signature and not in the bundle`);
  return faults;
}

/** Documents and manifests are hashed by what they mean, all other files as they are. */
export function hashOf(name: string, bytes: Uint8Array): string {
  return hexOf(sha256(canonicalBytesOf(name, bytes)));
}

export function canonicalBytesOf(name: string, bytes: Uint8Array): Uint8Array {
  if (!isDocument(name) || !isSmall(bytes)) return bytes;
  const text = decoder.decode(bytes);
  const yaml = /\.ya?ml$/u.test(name) ? readYaml(text) : undefined;
  const read = readJson(yaml !== undefined && "value" in yaml ? writeJsonText(yaml.value) : text);
  return "value" in read ? new TextEncoder().encode(canonicalJson(read.value)) : bytes;
}

function partOf(text: string): Uint8Array | undefined {
  try {
    return decodeTokenPart(text);
  } catch {
    return undefined;
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
