// Signatures by the names of JSON Web Algorithms (RFC 7518): made and verified with any key that fits.
import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { bytesOfInteger, concatBytes, equalBytes, integerOfBytes } from "./bytes.ts";
import { type CurveName, curves, type Key, pointBytes } from "./keys.ts";
import { digestOf, type HashName, signPkcs1, signPss, verifyPkcs1, verifyPss } from "./rsa.ts";

export type Algorithm =
  | { readonly family: "hmac" | "pkcs1" | "pss" | "ecdsa"; readonly hash: HashName }
  | { readonly family: "eddsa" };

const families = { HS: "hmac", RS: "pkcs1", PS: "pss", ES: "ecdsa" } as const;
const hashes = { "SHA-1": undefined, "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 } as const;

/** The algorithm of a name such as `RS256`; undefined for `none` and all that OPA does not know. */
export function algorithmOf(name: string): Algorithm | undefined {
  if (name === "EdDSA") return { family: "eddsa" };
  const [, family, bits] = /^([HRPE]S)(256|384|512)$/u.exec(name) ?? [];
  if (family === undefined) return undefined;
  return { family: families[family as keyof typeof families], hash: `SHA-${bits}` as HashName };
}

/** How a signature may deviate: `io.jwt.verify_*` takes salts of any length and splits ECDSA signatures in the middle. */
export interface Tolerance {
  readonly anyShape: boolean;
}

export function verifySignature(
  algorithm: Algorithm,
  key: Key,
  data: Uint8Array,
  signature: Uint8Array,
  { anyShape }: Tolerance,
): boolean {
  switch (algorithm.family) {
    case "hmac":
      return key.kind === "secret" && equalBytes(macOf(algorithm.hash, key.bytes, data), signature);
    case "pkcs1":
      return key.kind === "rsa" && verifyPkcs1(key.public, algorithm.hash, digestOf(algorithm.hash, data), signature);
    case "pss": {
      if (key.kind !== "rsa") return false;
      const digest = digestOf(algorithm.hash, data);
      return verifyPss(key.public, algorithm.hash, digest, signature, anyShape ? undefined : digest.length);
    }
    case "ecdsa": {
      if (key.kind !== "ec") return false;
      if (!anyShape && signature.length !== 2 * curves[key.curve].size) return false;
      const half = Math.floor(signature.length / 2);
      const [r, s] = [integerOfBytes(signature.subarray(0, half)), integerOfBytes(signature.subarray(half))];
      return verifyEcdsa(key.curve, key, digestOf(algorithm.hash, data), r, s);
    }
    case "eddsa":
      return key.kind === "ed25519" && signature.length === 64 && verifyEd25519(key.public, data, signature);
    default:
      return algorithm satisfies never;
  }
}

/** Whether (r, s) signs the digest; out-of-range numbers sign nothing. */
export function verifyEcdsa(
  curve: CurveName,
  point: { readonly x: bigint; readonly y: bigint },
  digest: Uint8Array,
  r: bigint,
  s: bigint,
): boolean {
  const { size, use } = curves[curve];
  const order = use.Point.Fn.ORDER;
  if (r <= 0n || s <= 0n || r >= order || s >= order) return false;
  const compact = concatBytes(bytesOfInteger(r, size), bytesOfInteger(s, size));
  try {
    return use.verify(compact, digest, pointBytes(curve, point.x, point.y), { prehash: false, lowS: false });
  } catch {
    return false;
  }
}

export function verifyEd25519(key: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, data, key, { zip215: false });
  } catch {
    return false;
  }
}

function macOf(hash: HashName, secret: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(hashes[hash] ?? sha256, secret, data);
}

/** What HMAC takes for a secret: Go's Ed25519 keys are bytes, too. */
function secretOf(key: Key): Uint8Array | undefined {
  if (key.kind === "secret") return key.bytes;
  if (key.kind !== "ed25519") return undefined;
  return key.seed === undefined ? key.public : concatBytes(key.seed, key.public);
}

export type Signed = { readonly signature: Uint8Array } | { readonly fault: "wrong key" | "unusable key" };

/** ECDSA is deterministic (RFC 6979); `salt` gives random bytes for PSS. */
export function sign(algorithm: Algorithm, key: Key, data: Uint8Array, salt: (length: number) => Uint8Array): Signed {
  const given = (signature: Uint8Array | undefined): Signed =>
    signature === undefined ? { fault: "unusable key" } : { signature };
  switch (algorithm.family) {
    case "hmac": {
      const secret = secretOf(key);
      return secret === undefined ? { fault: "wrong key" } : { signature: macOf(algorithm.hash, secret, data) };
    }
    case "pkcs1":
      if (key.kind !== "rsa" || key.private === undefined) return { fault: "wrong key" };
      return given(signPkcs1(key.private, algorithm.hash, digestOf(algorithm.hash, data)));
    case "pss": {
      if (key.kind !== "rsa" || key.private === undefined) return { fault: "wrong key" };
      const digest = digestOf(algorithm.hash, data);
      return given(signPss(key.private, algorithm.hash, digest, salt(digest.length)));
    }
    case "ecdsa": {
      if (key.kind !== "ec" || key.d === undefined) return { fault: "wrong key" };
      const { size, use } = curves[key.curve];
      const secret = bytesOfInteger(key.d, size);
      return { signature: use.sign(digestOf(algorithm.hash, data), secret, { prehash: false, lowS: false }) };
    }
    case "eddsa":
      if (key.kind !== "ed25519" || key.seed === undefined) return { fault: "wrong key" };
      return { signature: ed25519.sign(data, key.seed) };
    default:
      return algorithm satisfies never;
  }
}
