// Signs the files of a bundle as OPA does: one JWT over the hashes of all files.

import type { ArchiveFile } from "#bundles/tar.ts";
import { encodeBase64 } from "#evaluation/crypto/base64.ts";
import { type Key, parseEcPrivateKey, parsePrivateKeyInfo, parseRsaPrivateKey } from "#evaluation/crypto/keys.ts";
import { readPem } from "#evaluation/crypto/pem.ts";
import { algorithmOf, sign } from "#evaluation/crypto/signatures.ts";
import { tooLarge } from "./bounds.ts";
import { hashOf, signaturesFile } from "./signature.ts";

export interface Signing {
  /** PEM text of a private key. */
  readonly key: string;
  /** Names the key to who verifies. */
  readonly keyId: string;
  /** What the bundle is for; empty for no scope. */
  readonly scope: string;
}

export type SignedBundle = { readonly files: readonly ArchiveFile[]; readonly algorithm: string } | { readonly problem: string };

const encoder = new TextEncoder();

/** The files with a signature in place of one that is there. */
export function signedBundle(files: readonly ArchiveFile[], { key: text, keyId, scope }: Signing): SignedBundle {
  const large = tooLarge(files);
  if (large !== undefined) return { problem: large };
  const key = privateKeyOf(text);
  if (typeof key === "string") return { problem: key };
  const name = algorithmFor(key);
  const algorithm = name === undefined ? undefined : algorithmOf(name);
  if (name === undefined || algorithm === undefined)
    return { problem: "OPA verifies no signature of such a key: use RSA or ECDSA" };
  const signed = files.filter((file) => file.name.slice(file.name.lastIndexOf("/") + 1) !== signaturesFile);
  const claims = {
    files: signed.map((file) => ({ name: file.name, hash: hashOf(file.name, file.bytes), algorithm: "SHA-256" })),
    keyid: keyId,
    ...(scope === "" ? {} : { scope }),
  };
  const input = [{ alg: name, kid: keyId, typ: "JWT" }, claims].map(partOf).join(".");
  // Neither PKCS #1 nor ECDSA takes a salt.
  const made = sign(algorithm, key, encoder.encode(input), (length) => new Uint8Array(length));
  if ("fault" in made) return { problem: "the key cannot sign: a private key is needed" };
  const token = `${input}.${encodeBase64(made.signature, "url")}`;
  const file = { name: signaturesFile, bytes: encoder.encode(JSON.stringify({ signatures: [token] })) };
  return { files: [...signed, file], algorithm: name };
}

function partOf(value: object): string {
  return encodeBase64(encoder.encode(JSON.stringify(value)), "url");
}

function algorithmFor(key: Key): string | undefined {
  if (key.kind === "rsa") return "RS256";
  if (key.kind !== "ec") return undefined;
  return { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" }[key.curve];
}

function privateKeyOf(text: string): Key | string {
  const { block } = readPem(text);
  try {
    switch (block?.type) {
      case "PRIVATE KEY":
        return parsePrivateKeyInfo(block.bytes);
      case "RSA PRIVATE KEY":
        return parseRsaPrivateKey(block.bytes);
      case "EC PRIVATE KEY":
        return parseEcPrivateKey(block.bytes);
      case undefined:
        return "the file holds no key in PEM: a private key is needed";
      default:
        return `a private key is needed, and the file holds a ${block?.type.toLowerCase()}`;
    }
  } catch {
    // The message of a reader might tell of the key.
    return "the private key cannot be read";
  }
}
