// JSON Web Keys and key sets (RFC 7517): keys from a policy's text, with the messages of OPA's library.
import { ed25519 } from "@noble/curves/ed25519.js";
import { BuiltinFailure, failure } from "../builtins/builtin.ts";
import { firstJsonValue } from "../json-fault.ts";
import { readJsonText, writeJsonText } from "../json-text.ts";
import { RegoObject, type Value } from "../value.ts";
import { encodeBase64 } from "./base64.ts";
import { bytesOfInteger, concatBytes, equalBytes, integerOfBytes } from "./bytes.ts";
import { type Fields, type FieldsOf, jsonType, readFields } from "./jwk-fields.ts";
import { type CurveName, curves, type Key, pointOf } from "./keys.ts";
import { crtValues } from "./rsa.ts";
import { rsaFault } from "./rsa-key.ts";

export interface NamedKey {
  readonly key: Key;
  /** How messages call the key's type. */
  readonly type: string;
  readonly alg: string;
  readonly kid: string;
  /** The type that the library makes of it, whatever is asked for, or why it makes none. */
  readonly raw?: { readonly type: string } | { readonly fault: string };
  /** Why Go does not sign with it. */
  readonly unusable?: () => string | undefined;
}

const mostKeys = 1000;

/** The keys of a JWK or a JWK set, in order. */
export function parseKeySet(text: string): readonly NamedKey[] {
  const read = readJsonText(text);
  const document = "value" in read ? read.value : undefined;
  const keys = document instanceof RegoObject ? document.get("keys") : undefined;
  // Of what is no set, the first value is read, whatever stands behind it.
  const sole = "fault" in read ? readJsonText(firstJsonValue(text)) : read;
  if (keys === undefined) return [within("jwk.Parse: failed to parse sole key: ", () => parseKey(sole))];
  return within("jwk.Parse: failed to unmarshal JWK set: ", () => {
    if (!Array.isArray(keys)) throw failure(`failed to decode "keys": expected '[' but got ${goToken(keys)}`);
    if (keys.length > mostKeys) throw failure(`too many keys in "keys" array: max ${mostKeys}`);
    return keys.map((value: Value, index) => within(`failed to decode key #${index} in "keys": `, () => parseKey({ value })));
  });
}

/** The first token of a value as Go prints it. */
function goToken(value: Value): string {
  return value === null ? "<nil>" : value instanceof RegoObject ? "{" : typeof value === "string" ? value : writeJsonText(value);
}

/** Puts the prefix before the message of what fails inside. */
export function within<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BuiltinFailure) throw failure(prefix + error.message);
    throw error;
  }
}

function parseKey(read: ReturnType<typeof readJsonText>): NamedKey {
  const probe = "jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: ";
  if ("fault" in read) throw failure(probe + read.fault);
  const value = read.value ?? RegoObject.of([]);
  if (!(value instanceof RegoObject)) {
    throw failure(
      `${probe}json: cannot unmarshal ${jsonType(value)} into Go value of type struct { Kty string "json:\\"kty\\""; D json.RawMessage "json:\\"d,omitempty\\"" }`,
    );
  }
  const kty = value.get("kty") ?? "";
  if (typeof kty !== "string")
    throw failure(`${probe}json: cannot unmarshal ${jsonType(kty)} into Go struct field .kty of type string`);
  const secret = value.get("d") !== undefined;
  switch (kty) {
    case "RSA":
      return named(value, secret ? "rsaPrivateKey" : "rsaPublicKey", rsaFields(secret), (fields) => rsaKey(fields, secret));
    case "EC":
      return named(value, secret ? "ecdsaPrivateKey" : "ecdsaPublicKey", pointFields(secret, ["y"]), (fields) =>
        ecKey(fields, secret),
      );
    case "OKP":
      return named(value, secret ? "okpPrivateKey" : "okpPublicKey", pointFields(secret, []), (fields) => edKey(fields, secret));
    case "oct":
      return named(value, "symmetricKey", { bytes: ["k"], curve: false, required: ["k"] }, (fields) => {
        const bytes = fields.bytes.get("k")!;
        if (bytes.length === 0) throw invalid('jwk.SymmetricKey: missing "k" field');
        return { key: { kind: "secret", bytes } };
      });
    default:
      throw failure(`jwk.ParseKey: invalid key type from JSON (${kty})`);
  }
}

const invalid = (why: string): Error => failure(`jwk.Parse: key validation failed: key validation failed: ${why}`);

type Made = Pick<NamedKey, "key" | "raw" | "unusable">;

function named(value: RegoObject, name: string, fieldsOf: FieldsOf, make: (fields: Fields) => Made): NamedKey {
  const type = `*jwk.${name}`;
  return within("jwk.ParseKey: ", () => {
    const fields = readFields(value, type, fieldsOf);
    return { ...make(fields), type, alg: fields.texts.get("alg") ?? "", kid: fields.texts.get("kid") ?? "" };
  });
}

function rsaFields(secret: boolean): FieldsOf {
  return secret
    ? { bytes: ["n", "e", "d", "p", "q", "dp", "dq", "qi"], curve: false, required: ["d", "e", "n"] }
    : { bytes: ["n", "e"], curve: false, required: ["e", "n"] };
}

function pointFields(secret: boolean, more: readonly string[]): FieldsOf {
  const bytes = [...(secret ? ["d"] : []), "x", ...more];
  return { bytes, curve: true, required: ["crv", ...bytes] };
}

function rsaKey({ bytes }: Fields, secret: boolean): Made {
  const [n, e] = [integerOfBytes(bytes.get("n")!), integerOfBytes(bytes.get("e")!)];
  const kind = secret ? "jwk.RSAPrivateKey" : "jwk.RSAPublicKey";
  if (n === 0n) throw invalid(`${kind}: missing "n" value`);
  if (e === 0n) throw invalid(`${kind}: missing "e" value`);
  if (e % 2n === 0n) throw invalid(`${kind}: invalid rsa public exponent: must be a positive odd integer`);
  if (!secret) return { key: { kind: "rsa", public: { n, e } } };
  const d = bytes.get("d")!;
  if (d.length === 0) throw invalid(`${kind}: missing "d" value`);
  const primes = ["p", "q"].flatMap((name) => (bytes.has(name) ? [integerOfBytes(bytes.get(name)!)] : []));
  const key: Key = { kind: "rsa", public: { n, e }, private: { n, e, d: integerOfBytes(d), primes } };
  const missing = ["q", "p"].find((name) => !bytes.has(name));
  if (missing !== undefined) return { key, raw: { fault: `missing "${missing}" value` } };
  const [dp, dq, qi] = ["dp", "dq", "qi"].map((name) => (bytes.has(name) ? integerOfBytes(bytes.get(name)!) : undefined));
  const crt = dp === undefined || dq === undefined || qi === undefined ? undefined : { dp, dq, qi };
  return { key, unusable: () => rsaFault({ n, e, d: integerOfBytes(d), primes }, crt) };
}

function ecKey({ texts, bytes }: Fields, secret: boolean): Made {
  const crv = texts.get("crv")!;
  const kind = secret ? "jwk.ECDSAPrivateKey" : "jwk.ECDSAPublicKey";
  const curve = (Object.keys(curves) as CurveName[]).find((name) => name === crv);
  if (curve === undefined) throw invalid(`${kind}: invalid curve algorithm "${crv}": unknown elliptic curve algorithm: "${crv}"`);
  const { size } = curves[curve];
  const coordinate = (name: string): Uint8Array => {
    const found = bytes.get(name)!;
    if (found.length !== size) throw invalid(`${kind}: invalid "${name}" length (${found.length}) for curve "${curve}"`);
    return found;
  };
  const point = pointOf(curve, concatBytes(Uint8Array.of(4), coordinate("x"), coordinate("y")));
  if (point === undefined) throw invalid(`${kind}: invalid ECDSA public key: crypto/ecdh: invalid public key`);
  return { key: { kind: "ec", curve, ...point, ...(secret ? { d: integerOfBytes(coordinate("d")) } : {}) } };
}

function edKey({ texts, bytes }: Fields, secret: boolean): Made {
  const kind = secret ? "jwk.OKPPrivateKey" : "jwk.OKPPublicKey";
  const crv = texts.get("crv")!;
  const x = bytes.get("x")!;
  const isShort = (part: Uint8Array): boolean => (crv === "Ed25519" || crv === "X25519") && part.length !== 32;
  if (x.length === 0) throw invalid(`${kind}: missing "x" field`);
  if (isShort(x)) throw invalid(`${kind}: ${crv.toLowerCase()}: wrong public key size`);
  const d = bytes.get("d");
  if (d?.length === 0) throw invalid(`${kind}: missing "d" field`);
  if (d !== undefined && isShort(d)) throw invalid(`${kind}: ${crv.toLowerCase()}: wrong private key size`);
  const unbuilt = `${kind}: failed to build ${secret ? "private" : "public"} key: `;
  switch (crv) {
    case "Ed25519":
      if (d === undefined) return { key: { kind: "ed25519", public: x }, raw: { type: "ed25519.PublicKey" } };
      if (!equalBytes(x, ed25519.getPublicKey(d)))
        return { key: { kind: "other", name: crv }, raw: { fault: `${unbuilt}ed25519: invalid x value given d value` } };
      return { key: { kind: "ed25519", public: x, seed: d }, raw: { type: "ed25519.PrivateKey" } };
    case "X25519":
      return { key: { kind: "other", name: crv }, raw: { type: secret ? "*ecdh.PrivateKey" : "*ecdh.PublicKey" } };
    default:
      return { key: { kind: "other", name: crv }, raw: { fault: `${unbuilt}invalid curve algorithm ${crv}` } };
  }
}

/** A key as a JWK, with the private parts that it has. Undefined for keys that JWK does not know. */
export function keyToJwk(key: Key): RegoObject | undefined {
  const text = (bytes: Uint8Array): string => encodeBase64(bytes, "url");
  const number = (value: bigint, size?: number): string => text(bytesOfInteger(value, size));
  switch (key.kind) {
    case "rsa": {
      const parts: [string, string][] = [
        ["kty", "RSA"],
        ["n", number(key.public.n)],
        ["e", number(key.public.e)],
      ];
      const [p, q] = key.private?.primes ?? [];
      if (key.private !== undefined) parts.push(["d", number(key.private.d)]);
      if (key.private !== undefined && p !== undefined && q !== undefined) {
        const { dp, dq, qi } = crtValues(key.private.d, p, q);
        parts.push(["p", number(p)], ["q", number(q)], ["dp", number(dp)], ["dq", number(dq)], ["qi", number(qi)]);
      }
      return RegoObject.of(parts);
    }
    case "ec": {
      const { size } = curves[key.curve];
      const parts: [string, string][] = [
        ["kty", "EC"],
        ["crv", key.curve],
        ["x", number(key.x, size)],
        ["y", number(key.y, size)],
      ];
      if (key.d !== undefined) parts.push(["d", number(key.d, size)]);
      return RegoObject.of(parts);
    }
    case "ed25519": {
      const parts: [string, string][] = [
        ["kty", "OKP"],
        ["crv", "Ed25519"],
        ["x", text(key.public)],
      ];
      if (key.seed !== undefined) parts.push(["d", text(key.seed)]);
      return RegoObject.of(parts);
    }
    case "other": {
      if (key.agreement === undefined) return undefined;
      const { public: x, secret: d } = key.agreement;
      return RegoObject.of([
        ["kty", "OKP"],
        ["crv", key.name],
        ["x", text(x)],
        ["d", text(d)],
      ]);
    }
    case "secret":
      return undefined;
    default:
      return key satisfies never;
  }
}
