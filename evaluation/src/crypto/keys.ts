// Public and private keys in their DER forms: SubjectPublicKeyInfo, PKCS #1, PKCS #8 and SEC 1.
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { BuiltinFailure, failure } from "../builtins/builtin.ts";
import { bytesOfInteger, concatBytes, integerOfBytes } from "./bytes.ts";
import { DerFault, DerReader, tag } from "./der.ts";
import { noSequence } from "./no-sequence.ts";
import type { RsaPrivate, RsaPublic } from "./rsa.ts";
import { type CrtValues, rsaFault } from "./rsa-key.ts";

export type CurveName = "P-256" | "P-384" | "P-521";

export type Key =
  | { readonly kind: "rsa"; readonly public: RsaPublic; readonly private?: RsaPrivate }
  | { readonly kind: "ec"; readonly curve: CurveName; readonly x: bigint; readonly y: bigint; readonly d?: bigint }
  | { readonly kind: "ed25519"; readonly public: Uint8Array; readonly seed?: Uint8Array }
  | { readonly kind: "secret"; readonly bytes: Uint8Array }
  /** A key that signs nothing; of X25519 also its private part. */
  | {
      readonly kind: "other";
      readonly name: string;
      readonly agreement?: { readonly public: Uint8Array; readonly secret: Uint8Array };
    };

/** A curve is only asked for where it is used: to set it up takes time (see `scripts/build.ts`). */
export const curves = {
  "P-256": {
    oid: "1.2.840.10045.3.1.7",
    size: 32,
    get use() {
      return p256;
    },
  },
  "P-384": {
    oid: "1.3.132.0.34",
    size: 48,
    get use() {
      return p384;
    },
  },
  "P-521": {
    oid: "1.3.132.0.35",
    size: 66,
    get use() {
      return p521;
    },
  },
} as const;

function curveOfOid(oid: string): CurveName | undefined {
  return (Object.keys(curves) as CurveName[]).find((name) => curves[name].oid === oid);
}

/** The uncompressed form of a point (SEC 1, section 2.3.3). */
export function pointBytes(curve: CurveName, x: bigint, y: bigint): Uint8Array {
  const { size } = curves[curve];
  return concatBytes(Uint8Array.of(4), bytesOfInteger(x, size), bytesOfInteger(y, size));
}

/** The coordinates of an uncompressed point on the curve. */
export function pointOf(curve: CurveName, bytes: Uint8Array): { readonly x: bigint; readonly y: bigint } | undefined {
  const { size, use } = curves[curve];
  if (bytes.length !== 1 + 2 * size || bytes[0] !== 4) return undefined;
  try {
    use.Point.fromBytes(bytes).assertValidity();
  } catch {
    return undefined;
  }
  return { x: integerOfBytes(bytes.subarray(1, 1 + size)), y: integerOfBytes(bytes.subarray(1 + size)) };
}

/** Why Go takes the bytes for no point of a curve. */
function pointFault(curve: CurveName, bytes: Uint8Array): string {
  const name = curve.replace("-", "");
  if (bytes[0] !== 4) return "ecdsa: invalid uncompressed public key";
  return bytes.length === 1 + 2 * curves[curve].size ? `${name} point not on curve` : `invalid ${name} point encoding`;
}

export const algorithmOid = {
  rsa: "1.2.840.113549.1.1.1",
  dsa: "1.2.840.10040.4.1",
  ec: "1.2.840.10045.2.1",
  ed25519: "1.3.101.112",
  x25519: "1.3.101.110",
} as const;

/** Runs a reader of DER; a text that is none fails with the message. */
export function readingDer<T>(message: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerFault) throw failure(message);
    throw error;
  }
}

type PrivateForm = "PKCS1" | "PKCS8" | "EC";

const privateForms: Readonly<Record<PrivateForm, (der: Uint8Array) => unknown>> = {
  PKCS1: rsaParts,
  PKCS8: infoParts,
  EC: ecParts,
};

/** Reads a private key of one form; of the others' texts Go says which they are. */
function readingPrivate<T>(der: Uint8Array, parts: (der: Uint8Array) => T, others: readonly PrivateForm[], fault: string): T {
  return readingDer(fault, () => {
    try {
      return parts(der);
    } catch (error) {
      const other = error instanceof DerFault ? others.find((form) => isForm(form, der)) : undefined;
      if (other === undefined) throw error;
      throw failure(`x509: failed to parse private key (use Parse${other}PrivateKey instead for this key format)`);
    }
  });
}

function isForm(form: PrivateForm, der: Uint8Array): boolean {
  try {
    privateForms[form](der);
    return true;
  } catch (error) {
    if (error instanceof DerFault) return false;
    throw error;
  }
}

/** A SubjectPublicKeyInfo (RFC 5280, section 4.1). Throws Go's messages. */
export function parsePublicKey(der: Uint8Array): Key {
  const { oid, parameters, bytes } = readingDer(noSequence(der, "publicKeyInfo"), () => {
    const outer = new DerReader(der);
    const info = outer.inside(tag.sequence);
    const algorithm = info.inside(tag.sequence);
    const found = { oid: algorithm.oid(), parameters: algorithm.rest, bytes: info.bits().bytes };
    if (!outer.done) throw failure("x509: trailing data after ASN.1 of public-key");
    return found;
  });
  return publicKeyOf(oid, parameters, bytes);
}

/** The key of an algorithm from its parameters and its bit string, as in certificates. */
export function publicKeyOf(oid: string, parameters: Uint8Array, bytes: Uint8Array): Key {
  switch (oid) {
    case algorithmOid.rsa: {
      if (parameters.length !== 2 || parameters[0] !== 5 || parameters[1] !== 0)
        throw failure("x509: RSA key missing NULL parameters");
      const { n, e } = readingDer("x509: invalid RSA public key", () => {
        const key = new DerReader(bytes).inside(tag.sequence);
        return { n: key.integer(), e: key.integer() };
      });
      if (n <= 0n) throw failure("x509: RSA modulus is not a positive number");
      if (e <= 0n) throw failure("x509: RSA public exponent is not a positive number");
      return { kind: "rsa", public: { n, e } };
    }
    case algorithmOid.ec: {
      const curve = curveOfOid(readingDer("x509: invalid ECDSA parameters", () => new DerReader(parameters).oid()));
      if (curve === undefined) throw failure("x509: unsupported elliptic curve");
      const point = pointOf(curve, bytes);
      if (point === undefined) throw failure(pointFault(curve, bytes));
      return { kind: "ec", curve, ...point };
    }
    case algorithmOid.ed25519:
      if (parameters.length !== 0) throw failure("x509: Ed25519 key encoded with illegal parameters");
      if (bytes.length !== 32) throw failure("x509: wrong Ed25519 public key size");
      return { kind: "ed25519", public: bytes };
    case algorithmOid.x25519:
      return { kind: "other", name: "X25519" };
    case algorithmOid.dsa:
      return { kind: "other", name: "DSA" };
    default:
      throw failure("x509: unknown public key algorithm");
  }
}

/** PKCS #1: RSAPrivateKey (RFC 8017, section A.1.2). */
export function parseRsaPrivateKey(der: Uint8Array): Key {
  const read = readingPrivate(der, rsaParts, ["EC", "PKCS8"], noSequence(der, "pkcs1PrivateKey"));
  const { version, parts, given, isWhole } = read;
  if (!isWhole) throw failure("asn1: syntax error: trailing data");
  if (version > 1n) throw failure("x509: unsupported private key version");
  const { n, e, d, primes } = parts;
  if ([n, d, ...primes].some((value) => value <= 0n)) throw failure("x509: private key contains zero or negative value");
  const fault = rsaFault(parts, given);
  if (fault !== undefined) throw failure(fault);
  return { kind: "rsa", public: { n, e }, private: parts };
}

interface RsaParts {
  readonly version: bigint;
  readonly parts: RsaPrivate;
  readonly given: CrtValues | undefined;
  readonly isWhole: boolean;
}

function rsaParts(der: Uint8Array): RsaParts {
  const outer = new DerReader(der);
  const key = outer.inside(tag.sequence);
  const version = key.integer();
  const [n, e, d] = [key.integer(), key.integer(), key.integer()];
  const primes = [key.integer(), key.integer()] as const;
  const [dp, dq, qi] = Array.from({ length: 3 }, () => (key.nextIs(tag.integer) ? key.integer() : 0n));
  const given = dp && dq && qi ? { dp, dq, qi } : undefined;
  return { version, parts: { n, e, d, primes }, given, isWhole: outer.done };
}

/** SEC 1: ECPrivateKey (RFC 5915), with the curve of the surrounding PKCS #8 or its own. */
export function parseEcPrivateKey(der: Uint8Array, curveOid?: string): Key {
  const fault = `x509: failed to parse EC private key: ${noSequence(der, "ecPrivateKey")}`;
  const { version, bytes, named } = readingPrivate(der, ecParts, ["PKCS8", "PKCS1"], fault);
  if (version !== 1n) throw failure(`x509: unknown EC private key version ${version}`);
  const oid = curveOid ?? (named && readingDer(fault, () => new DerReader(named).oid()));
  const curve = oid === undefined ? undefined : curveOfOid(oid);
  if (curve === undefined) throw failure("x509: unknown elliptic curve");
  const d = integerOfBytes(bytes);
  const { size, use } = curves[curve];
  if (d <= 0n || d >= use.Point.Fn.ORDER) throw failure("x509: invalid elliptic curve private key value");
  const point = use.getPublicKey(bytesOfInteger(d, size), false);
  return {
    kind: "ec",
    curve,
    x: integerOfBytes(point.subarray(1, 1 + size)),
    y: integerOfBytes(point.subarray(1 + size)),
    d,
  };
}

function ecParts(der: Uint8Array): {
  readonly version: bigint;
  readonly bytes: Uint8Array;
  readonly named: Uint8Array | undefined;
} {
  const key = new DerReader(der).inside(tag.sequence);
  return { version: key.integer(), bytes: key.read(tag.octetString), named: key.optional(0xa0) };
}

function infoParts(der: Uint8Array): { readonly oid: string; readonly parameters: Uint8Array; readonly bytes: Uint8Array } {
  const info = new DerReader(der).inside(tag.sequence);
  info.integer();
  const algorithm = info.inside(tag.sequence);
  return { oid: algorithm.oid(), parameters: algorithm.rest, bytes: info.read(tag.octetString) };
}

/** PKCS #8: PrivateKeyInfo (RFC 5958). */
export function parsePrivateKeyInfo(der: Uint8Array): Key {
  const { oid, parameters, bytes } = readingPrivate(der, infoParts, ["EC", "PKCS1"], noSequence(der, "pkcs8"));
  switch (oid) {
    case algorithmOid.rsa:
      return embedded("RSA", () => parseRsaPrivateKey(bytes));
    case algorithmOid.ec: {
      const curve = parameters[0] === tag.oid ? new DerReader(parameters).oid() : undefined;
      return embedded("EC", () => parseEcPrivateKey(bytes, curve));
    }
    case algorithmOid.ed25519: {
      const seed = readingDer("x509: invalid Ed25519 private key", () => new DerReader(bytes).read(tag.octetString));
      if (seed.length !== 32) throw failure(`x509: invalid Ed25519 private key length: ${seed.length}`);
      return { kind: "ed25519", public: ed25519.getPublicKey(seed), seed };
    }
    case algorithmOid.x25519: {
      const secret = readingDer("x509: invalid X25519 private key", () => new DerReader(bytes).read(tag.octetString));
      if (secret.length !== 32) throw failure(`x509: invalid X25519 private key length: ${secret.length}`);
      return { kind: "other", name: "X25519", agreement: { public: x25519.getPublicKey(secret), secret } };
    }
    default:
      throw failure(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${oid}`);
  }
}

function embedded(algorithm: string, parse: () => Key): Key {
  try {
    return parse();
  } catch (error) {
    if (error instanceof BuiltinFailure)
      throw failure(`x509: failed to parse ${algorithm} private key embedded in PKCS#8: ${error.message}`);
    throw error;
  }
}
