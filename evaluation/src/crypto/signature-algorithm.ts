// The signature algorithms of certificates: their identifiers, Go's numbers for them, and how they verify.
import { DerFault, DerReader, tag } from "./der.ts";
import type { Key } from "./keys.ts";
import { digestOf, type HashName, verifyPkcs1, verifyPss } from "./rsa.ts";
import { verifyEcdsa, verifyEd25519 } from "./signatures.ts";

type Scheme =
  | { readonly family: "pkcs1" | "pss" | "ecdsa"; readonly hash: HashName }
  | { readonly family: "ed25519" }
  /** Known to Go and refused by it (MD5, SHA-1, DSA), or not known at all. */
  | { readonly family: "refused" };

export interface SignatureAlgorithm {
  /** Go's x509.SignatureAlgorithm. */
  readonly number: number;
  readonly scheme: Scheme;
}

const refused = (number: number): SignatureAlgorithm => ({ number, scheme: { family: "refused" } });
const unknown = refused(0);

const byOid: Readonly<Record<string, SignatureAlgorithm>> = {
  "1.2.840.113549.1.1.4": refused(2),
  "1.2.840.113549.1.1.5": refused(3),
  "1.3.14.3.2.29": refused(3),
  "1.2.840.113549.1.1.11": { number: 4, scheme: { family: "pkcs1", hash: "SHA-256" } },
  "1.2.840.113549.1.1.12": { number: 5, scheme: { family: "pkcs1", hash: "SHA-384" } },
  "1.2.840.113549.1.1.13": { number: 6, scheme: { family: "pkcs1", hash: "SHA-512" } },
  "1.2.840.10040.4.3": refused(7),
  "2.16.840.1.101.3.4.3.2": refused(8),
  "1.2.840.10045.4.1": refused(9),
  "1.2.840.10045.4.3.2": { number: 10, scheme: { family: "ecdsa", hash: "SHA-256" } },
  "1.2.840.10045.4.3.3": { number: 11, scheme: { family: "ecdsa", hash: "SHA-384" } },
  "1.2.840.10045.4.3.4": { number: 12, scheme: { family: "ecdsa", hash: "SHA-512" } },
  "1.3.101.112": { number: 16, scheme: { family: "ed25519" } },
};

const pss = "1.2.840.113549.1.1.10";
const pssHashes: Readonly<Record<string, { readonly number: number; readonly hash: HashName; readonly salt: bigint }>> = {
  "2.16.840.1.101.3.4.2.1": { number: 13, hash: "SHA-256", salt: 32n },
  "2.16.840.1.101.3.4.2.2": { number: 14, hash: "SHA-384", salt: 48n },
  "2.16.840.1.101.3.4.2.3": { number: 15, hash: "SHA-512", salt: 64n },
};

/** The algorithm of an AlgorithmIdentifier's body. */
export function signatureAlgorithm(body: Uint8Array): SignatureAlgorithm {
  const reader = new DerReader(body);
  const oid = reader.oid();
  if (oid !== pss) return byOid[oid] ?? unknown;
  try {
    return pssAlgorithm(reader.inside(tag.sequence));
  } catch (error) {
    if (error instanceof DerFault) return unknown;
    throw error;
  }
}

/** Only the three forms of RFC 8017 whose mask has the same hash and whose salt has its length. */
function pssAlgorithm(parameters: DerReader): SignatureAlgorithm {
  const hashOid = parameters.inside(0xa0).inside(tag.sequence).oid();
  const maskAlgorithm = parameters.inside(0xa1).inside(tag.sequence);
  const maskOid = maskAlgorithm.oid();
  const maskHash = maskAlgorithm.inside(tag.sequence).oid();
  const salt = parameters.inside(0xa2).integer();
  const found = pssHashes[hashOid];
  if (found === undefined || maskOid !== "1.2.840.113549.1.1.8" || maskHash !== hashOid || salt !== found.salt) return unknown;
  return { number: found.number, scheme: { family: "pss", hash: found.hash } };
}

/** Whether the key made the signature over the data. */
export function verifySigned({ scheme }: SignatureAlgorithm, key: Key, data: Uint8Array, signature: Uint8Array): boolean {
  switch (scheme.family) {
    case "pkcs1":
      return key.kind === "rsa" && verifyPkcs1(key.public, scheme.hash, digestOf(scheme.hash, data), signature);
    case "pss": {
      const digest = digestOf(scheme.hash, data);
      return key.kind === "rsa" && verifyPss(key.public, scheme.hash, digest, signature, digest.length);
    }
    case "ecdsa": {
      const pair = key.kind === "ec" ? signaturePair(signature) : undefined;
      if (key.kind !== "ec" || pair === undefined) return false;
      return verifyEcdsa(key.curve, key, digestOf(scheme.hash, data), pair.r, pair.s);
    }
    case "ed25519":
      return key.kind === "ed25519" && signature.length === 64 && verifyEd25519(key.public, data, signature);
    case "refused":
      return false;
    default:
      return scheme satisfies never;
  }
}

function signaturePair(der: Uint8Array): { readonly r: bigint; readonly s: bigint } | undefined {
  try {
    const reader = new DerReader(der).inside(tag.sequence);
    return { r: reader.integer(), s: reader.integer() };
  } catch (error) {
    if (error instanceof DerFault) return undefined;
    throw error;
  }
}
