// JSON Web Keys and key sets (RFC 7517): keys from a policy's text, with the messages of OPA's library.
import { BuiltinFailure, failure } from "../builtins/builtin.ts";
import { firstJsonValue } from "../json-fault.ts";
import { readJsonText, writeJsonText } from "../json-text.ts";
import { RegoObject, typeOf, type Value } from "../value.ts";
import { decodeTokenPart, encodeBase64 } from "./base64.ts";
import { bytesOfInteger, concatBytes, integerOfBytes } from "./bytes.ts";
import { type CurveName, curves, type Key, pointOf } from "./keys.ts";
import { crtValues } from "./rsa.ts";

export interface NamedKey {
  readonly key: Key;
  /** How messages call the key's type. */
  readonly type: string;
  readonly alg: string;
  readonly kid: string;
}

const mostKeys = 1000;

/** All that RFC 7518 and its followers register for "alg": signatures, key encryption, content encryption. */
const registered =
  /^(?:none|EdDSA|Ed25519|ES256K|[HRPE]S(?:256|384|512)|dir|RSA1_5|RSA-OAEP(?:-(?:256|384|512))?|A(?:128|192|256)(?:GCM)?KW|A(?:128|192|256)GCM|ECDH-ES(?:\+A(?:128|192|256)KW)?|PBES2-HS(?:256\+A128|384\+A192|512\+A256)KW|A128CBC-HS256|A192CBC-HS384|A256CBC-HS512)$/u;

/** The keys of a JWK or a JWK set, in order. */
export function parseKeySet(text: string): readonly NamedKey[] {
  const read = readJsonText(text);
  const document = "value" in read ? read.value : undefined;
  const keys = document instanceof RegoObject ? document.get("keys") : undefined;
  // Of what is no set, the first value is read, whatever stands behind it.
  const sole = "fault" in read ? readJsonText(firstJsonValue(text)) : read;
  if (keys === undefined) return [within("jwk.Parse: failed to parse sole key: ", () => parseKey(sole))];
  return within("jwk.Parse: failed to unmarshal JWK set: ", () => {
    if (!Array.isArray(keys)) throw failure(`failed to decode "keys": expected '[' but got ${writeJsonText(keys)}`);
    if (keys.length > mostKeys) throw failure(`too many keys in "keys" array: max ${mostKeys}`);
    return keys.map((value: Value, index) => within(`failed to decode key #${index} in "keys": `, () => parseKey({ value })));
  });
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

const goNames: Readonly<Record<string, string>> = { boolean: "bool", null: "nil" };

function parseKey(read: ReturnType<typeof readJsonText>): NamedKey {
  const probe = "jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: ";
  if ("fault" in read) throw failure(probe + read.fault);
  const value = read.value ?? RegoObject.of([]);
  if (!(value instanceof RegoObject)) {
    const type = typeOf(value);
    throw failure(
      `${probe}json: cannot unmarshal ${goNames[type] ?? type} into Go value of type struct { Kty string "json:\\"kty\\""; D json.RawMessage "json:\\"d,omitempty\\"" }`,
    );
  }
  const kty = value.get("kty") ?? "";
  if (typeof kty !== "string")
    throw failure(
      `${probe}json: cannot unmarshal ${goNames[typeOf(kty)] ?? typeOf(kty)} into Go struct field .kty of type string`,
    );
  const secret = value.get("d") !== undefined;
  switch (kty) {
    case "RSA":
      return named(value, secret ? "rsaPrivateKey" : "rsaPublicKey", (type) => rsaKey(value, secret, type));
    case "EC":
      return named(value, secret ? "ecdsaPrivateKey" : "ecdsaPublicKey", (type) => ecKey(value, secret, type));
    case "OKP":
      return named(value, secret ? "okpPrivateKey" : "okpPublicKey", (type) => edKey(value, secret, type));
    case "oct":
      return named(value, "symmetricKey", (type) => {
        const bytes = field(value, "k", type);
        if (bytes.length === 0) throw invalid('jwk.SymmetricKey: missing "k" field');
        return { kind: "secret", bytes };
      });
    default:
      throw failure(`jwk.ParseKey: invalid key type from JSON (${kty})`);
  }
}

const invalid = (why: string): Error => failure(`jwk.Parse: key validation failed: key validation failed: ${why}`);

/** OPA's library names the key's type twice. */
function unreadable(type: string, why: string): Error {
  const outer = `failed to unmarshal JSON into key (${type}): `;
  return failure(outer + outer + why);
}

function named(value: RegoObject, name: string, make: (type: string) => Key): NamedKey {
  const type = `*jwk.${name}`;
  const text = (key: string): string => {
    const found = value.get(key) ?? "";
    if (typeof found === "string") return found;
    const kind = typeOf(found);
    const why = `json: cannot unmarshal ${goNames[kind] ?? kind} into Go value of type string`;
    throw unreadable(type, `failed to decode value for key ${key}: ${key === "kid" ? `error reading next value: ${why}` : why}`);
  };
  return within("jwk.ParseKey: ", () => {
    const alg = text("alg");
    if (value.get("alg") !== undefined && !registered.test(alg))
      throw unreadable(type, `failed to decode value for key alg: invalid key value: "${alg}": invalid key algorithm`);
    const kid = text("kid");
    return { key: make(type), type, alg, kid };
  });
}

function field(value: RegoObject, name: string, type: string): Uint8Array {
  const found = value.get(name);
  if (typeof found !== "string") throw unreadable(type, `required field ${name} is missing`);
  try {
    return decodeTokenPart(found.replaceAll("+", "-").replaceAll("/", "_"));
  } catch (error) {
    if (!(error instanceof BuiltinFailure)) throw error;
    throw unreadable(type, `failed to decode value for key ${name}: expected base64 encoded []byte (string)`);
  }
}

function rsaKey(value: RegoObject, secret: boolean, type: string): Key {
  const [n, e] = [integerOfBytes(field(value, "n", type)), integerOfBytes(field(value, "e", type))];
  const kind = secret ? "jwk.RSAPrivateKey" : "jwk.RSAPublicKey";
  if (n === 0n) throw invalid(`${kind}: missing "n" value`);
  if (e === 0n) throw invalid(`${kind}: missing "e" value`);
  if (!secret) return { kind: "rsa", public: { n, e } };
  const d = integerOfBytes(field(value, "d", type));
  const primes = ["p", "q"].flatMap((name) => (value.get(name) === undefined ? [] : [integerOfBytes(field(value, name, type))]));
  return { kind: "rsa", public: { n, e }, private: { n, e, d, primes } };
}

function ecKey(value: RegoObject, secret: boolean, type: string): Key {
  const crv = value.get("crv");
  const kind = secret ? "jwk.ECDSAPrivateKey" : "jwk.ECDSAPublicKey";
  if (typeof crv !== "string") throw invalid(`${kind}: missing "crv" field`);
  const curve = (Object.keys(curves) as CurveName[]).find((name) => name === crv);
  if (curve === undefined) throw invalid(`${kind}: invalid curve algorithm "${crv}"`);
  const { size } = curves[curve];
  const coordinate = (name: string): Uint8Array => {
    const bytes = field(value, name, type);
    if (bytes.length !== size) throw invalid(`${kind}: invalid "${name}" length (${bytes.length}) for curve "${curve}"`);
    return bytes;
  };
  const point = pointOf(curve, concatBytes(Uint8Array.of(4), coordinate("x"), coordinate("y")));
  if (point === undefined) throw invalid(`${kind}: invalid ECDSA public key: crypto/ecdh: invalid public key`);
  return { kind: "ec", curve, ...point, ...(secret ? { d: integerOfBytes(coordinate("d")) } : {}) };
}

function edKey(value: RegoObject, secret: boolean, type: string): Key {
  const kind = secret ? "jwk.OKPPrivateKey" : "jwk.OKPPublicKey";
  const crv = value.get("crv");
  const bytes = field(value, "x", type);
  if (crv !== "Ed25519" && crv !== "X25519") throw invalid(`${kind}: invalid curve algorithm`);
  if (bytes.length !== 32) throw invalid(`${kind}: ${crv.toLowerCase()}: wrong public key size`);
  if (crv === "X25519") return { kind: "other", name: crv };
  if (!secret) return { kind: "ed25519", public: bytes };
  const seed = field(value, "d", type);
  if (seed.length !== 32) throw invalid(`${kind}: ed25519: wrong private key size`);
  return { kind: "ed25519", public: bytes, seed };
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
