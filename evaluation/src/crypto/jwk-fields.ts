// The fields of a JSON Web Key one after the other, as OPA's library decodes them, with its messages.
import { BuiltinFailure, failure } from "../builtins/builtin.ts";
import { type RegoObject, typeOf, type Value } from "../value.ts";
import { decodeBase64, decodeTokenPart } from "./base64.ts";
import { parseCertificate } from "./certificate.ts";

/** What a key type asks for: fields of bytes, and those that must not be missing, in the order of the messages. */
export interface FieldsOf {
  readonly bytes: readonly string[];
  readonly curve: boolean;
  readonly required: readonly string[];
}

export interface Fields {
  readonly texts: ReadonlyMap<string, string>;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/** All that RFC 7518 and its followers register for "alg": signatures, key encryption, content encryption. */
const registered =
  /^(?:none|EdDSA|Ed25519|ES256K|[HRPE]S(?:256|384|512)|dir|RSA1_5|RSA-OAEP(?:-(?:256|384|512))?|A(?:128|192|256)(?:GCM)?KW|A(?:128|192|256)GCM|ECDH-ES(?:\+A(?:128|192|256)KW)?|PBES2-HS(?:256\+A128|384\+A192|512\+A256)KW|A128CBC-HS256|A192CBC-HS384|A256CBC-HS512)$/u;
const curveNames = ["Ed25519", "Ed448", "P-256", "P-384", "P-521", "X25519", "X448"];
const goNames: Readonly<Record<string, string>> = { boolean: "bool", null: "nil" };

/** How Go's json calls the type of a value. */
export const jsonType = (value: Value): string => goNames[typeOf(value)] ?? typeOf(value);

export function readFields(value: RegoObject, type: string, { bytes, curve, required }: FieldsOf): Fields {
  const found = { texts: new Map<string, string>(), bytes: new Map<string, Uint8Array>() };
  for (const [key, field] of value.entries) {
    const name = key as string;
    const wrong = (why: string): Error => unreadable(type, `failed to decode value for key ${name}: ${why}`);
    if (name === "alg") {
      const text = textOf(field, (why) => wrong(why));
      if (!registered.test(text)) throw wrong(`invalid key value: "${text}": invalid key algorithm`);
      found.texts.set(name, text);
    } else if (name === "crv" && curve) {
      const text = textOf(field, (why) => wrong(`failed to unmarshal EllipticCurveAlgorithm: ${why}`));
      if (!curveNames.includes(text)) throw wrong(`unknown EllipticCurveAlgorithm: ${JSON.stringify(text)}`);
      found.texts.set(name, text);
    } else if (bytes.includes(name)) {
      const text = textOf(field, (why) => wrong(`error reading next value: ${why}`));
      try {
        found.bytes.set(name, decodeTokenPart(text.replaceAll("+", "-").replaceAll("/", "_")));
      } catch (error) {
        if (!(error instanceof BuiltinFailure)) throw error;
        throw wrong("expected base64 encoded []byte (string)");
      }
    } else if (["kid", "use", "x5t", "x5t#S256", "x5u"].includes(name))
      found.texts.set(
        name,
        textOf(field, (why) => wrong(`error reading next value: ${why}`)),
      );
    else if (name === "key_ops" && field !== null) {
      const cannot = (value: Value, into: string): Error =>
        wrong(`json: cannot unmarshal ${jsonType(value)} into Go value of type ${into}`);
      if (!Array.isArray(field)) throw cannot(field, "jwk.KeyOperationList");
      for (const one of field as readonly Value[])
        if (typeof one !== "string" && one !== null) throw cannot(one, "jwk.KeyOperation");
    } else if (name === "x5c") {
      if (!Array.isArray(field)) throw wrong("failed to unmarshal certificate chain: expected JSON array");
      for (const [index, one] of (field as readonly Value[]).entries())
        readCertificate(one, (why) => wrong(`failed to decode certificate at index ${index}: ${why}`));
    }
  }
  for (const name of required)
    if (!found.bytes.has(name) && !found.texts.has(name)) throw unreadable(type, `required field ${name} is missing`);
  return found;
}

/** A text; `null` leaves it empty. */
function textOf(value: Value, wrong: (why: string) => Error): string {
  if (value === null) return "";
  if (typeof value !== "string") throw wrong(`json: cannot unmarshal ${jsonType(value)} into Go value of type string`);
  return value;
}

function readCertificate(value: Value, wrong: (why: string) => Error): void {
  const step = <T>(what: string, take: () => T): T => {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof BuiltinFailure)) throw error;
      throw wrong(`${what}: ${error.message}`);
    }
  };
  const text = textOf(value, wrong);
  const der = step("failed to base64 decode the certificate", () => decodeBase64(text.replaceAll(" ", "")));
  step("failed to parse x509 certificate", () => parseCertificate(der));
}

/** OPA's library names the key's type twice. */
function unreadable(type: string, why: string): Error {
  const outer = `failed to unmarshal JSON into key (${type}): `;
  return failure(outer + outer + why);
}
