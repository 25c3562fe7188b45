// io.jwt.*: JSON Web Tokens signed, verified and checked against constraints. Decoding alone and shared secrets are in the runtime.
import { decodeTokenPart, encodeBase64 } from "../crypto/base64.ts";
import { parseCertificate } from "../crypto/certificate.ts";
import { type NamedKey, parseKeySet, within } from "../crypto/jwk.ts";
import { parsePublicKey } from "../crypto/keys.ts";
import { readPem } from "../crypto/pem.ts";
import { type Algorithm, algorithmOf, sign, verifySignature } from "../crypto/signatures.ts";
import { readJsonText, writeJsonText } from "../json-text.ts";
import { compareNumbers } from "../number.ts";
import { decodeBytes, encodeBytes } from "../rego-text.ts";
import { invalidLiteral, unwritableNumber } from "../unwritable-number.ts";
import { RegoNumber, RegoObject, type Value } from "../value.ts";
import { type BuiltinContext, type BuiltinFunction, type Family, failure, operand } from "./builtin.ts";

/** The three sections of a token, still encoded. */
interface Token {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

function splitToken(text: string): Token {
  const [header = "", payload, signature, ...more] = text.split(".", 16_384);
  if (payload === undefined) throw failure("encoded JWT had no period separators");
  if (signature === undefined || more.length > 0)
    throw failure(`encoded JWT must have 3 sections, found ${text.split(".").length}`);
  return { header, payload, signature };
}

function jsonObject(text: string): RegoObject {
  const read = readJsonText(text);
  if ("fault" in read) throw failure(`invalid JSON: ${read.fault}`);
  if (!(read.value instanceof RegoObject)) throw failure("decoded JSON type was not an Object");
  return read.value;
}

function decodeHeader(token: Token): RegoObject {
  const text = within("JWT header had invalid encoding: ", () => decodeBytes(decodeTokenPart(token.header)));
  const header = within("bad JWT header: ", () => jsonObject(text));
  if (header.get("enc") !== undefined) throw failure("JWT is a JWE object, which is not supported");
  return header;
}

interface Header {
  readonly alg: string;
  readonly kid: string;
  readonly cty: string;
  /** Whether an algorithm is named and no unknown parameter is critical (RFC 7515, section 4.1.11). */
  readonly valid: boolean;
}

const knownParameters = ["alg", "crit", "cty", "kid", "typ"];

function readHeader(header: RegoObject): Header {
  const text = (name: string): string => {
    const value = header.get(name);
    if (value === undefined) return "";
    if (typeof value !== "string") throw failure(`${name}: must be a string`);
    return value;
  };
  // In the order of the keys, for the sake of the first message.
  const alg = text("alg");
  const crit = header.get("crit");
  if (crit !== undefined && !Array.isArray(crit)) throw failure("crit: must be a list");
  const names = ((crit ?? []) as readonly Value[]).filter((value) => typeof value === "string");
  if (crit !== undefined && names.length === 0) throw failure("crit: must be a nonempty list");
  const cty = text("cty");
  const kid = text("kid");
  text("typ");
  const unknown = header.entries.map(([key]) => key).filter((key) => !knownParameters.includes(key as string));
  return { alg, kid, cty, valid: alg !== "" && !unknown.some((key) => names.includes(key as string)) };
}

/** The keys of a PEM certificate, a PEM public key, a JWK or a JWK set. */
function verificationKeys(text: string): readonly NamedKey[] {
  const { block, rest } = readPem(text);
  if (block !== undefined) {
    if (rest !== "") throw failure("extra data after a PEM certificate block");
    const unnamed = { type: "", alg: "", kid: "" };
    switch (block.type) {
      case "CERTIFICATE":
        return within("failed to parse a PEM certificate: ", () => [{ ...unnamed, key: parseCertificate(block.bytes).key }]);
      case "PUBLIC KEY":
        return within("failed to parse a PEM public key: ", () => [{ ...unnamed, key: parsePublicKey(block.bytes) }]);
      default:
        throw failure("failed to extract a Key from the PEM certificate");
    }
  }
  const keys = within("failed to parse a JWK key (set): jwk.ParseString: failed to parse string: ", () => parseKeySet(text));
  return keys.filter(({ alg }) => alg === "" || algorithmOf(alg) !== undefined);
}

/** Whether one of the keys verifies: the one that the token names, or else each whose algorithm is the token's or not said. */
function anyKey(keys: readonly NamedKey[], { kid, alg }: Header, verify: (key: NamedKey) => boolean): boolean {
  const chosen = kid === "" ? undefined : keys.find((key) => key.kid === kid);
  if (chosen !== undefined) return verify(chosen);
  return keys.some((key) => (key.alg === "" || key.alg === alg) && verify(key));
}

function verifier(name: string): BuiltinFunction {
  const algorithm = algorithmOf(name) as Algorithm;
  return (args) => {
    const token = splitToken(operand(args, 1, "string"));
    const keys = verificationKeys(operand(args, 2, "string"));
    const signature = decodeTokenPart(token.signature);
    const header = readHeader(decodeHeader(token));
    const data = encodeBytes(`${token.header}.${token.payload}`);
    // A private key is no public one here, though it holds it.
    return anyKey(
      keys,
      header,
      ({ key }) => !isPrivate(key) && verifySignature(algorithm, key, data, signature, { anyShape: true }),
    );
  };
}

function isPrivate(key: NamedKey["key"]): boolean {
  return (
    (key.kind === "rsa" && key.private !== undefined) ||
    (key.kind === "ec" && key.d !== undefined) ||
    (key.kind === "ed25519" && key.seed !== undefined)
  );
}

interface Constraints {
  readonly keys: readonly NamedKey[];
  readonly alg: string;
  readonly iss: string;
  readonly aud: string;
  /** Nanoseconds since 1970. */
  readonly time: number;
}

function readConstraints(given: RegoObject, { now }: BuiltinContext): Constraints {
  const found = { alg: "", iss: "", aud: "", secret: "", time: Number(now) };
  let keys: readonly NamedKey[] | undefined;
  for (const [key, value] of given.entries) {
    switch (key) {
      case "alg":
      case "aud":
      case "iss":
      case "secret":
        if (typeof value !== "string") throw failure(`${key} constraint: must be a string`);
        found[key] = value;
        break;
      case "cert":
        if (typeof value !== "string") throw failure("cert constraint: must be a string");
        keys = verificationKeys(value);
        break;
      case "time":
        if (!(value instanceof RegoNumber)) throw failure("token time constraint: must be a number");
        found.time = Number(value.text);
        if (!Number.isFinite(found.time)) throw failure("token time constraint: unvalid float64");
        if (found.time < 0) throw failure("token time constraint: must not be negative");
        break;
      default:
        throw failure(`unknown token validation constraint: ${typeof key === "string" ? key : writeJsonText(key)}`);
    }
  }
  if (keys !== undefined && found.secret !== "") throw failure("duplicate key constraints");
  if (keys === undefined && found.secret === "") throw failure("no key constraint");
  const secret: NamedKey = { key: { kind: "secret", bytes: encodeBytes(found.secret) }, type: "", alg: "", kid: "" };
  return { ...found, keys: keys ?? [secret] };
}

const mostNested = 16;
const unverified: readonly Value[] = [false, RegoObject.of([]), RegoObject.of([])];

function decodeVerify(args: readonly Value[], context: BuiltinContext): Value {
  const constraints = readConstraints(operand(args, 2, "object"), context);
  let text = operand(args, 1, "string");
  for (let depth = 0; depth < mostNested; depth++) {
    const token = splitToken(text);
    const fields = decodeHeader(token);
    const header = readHeader(fields);
    if (!header.valid || (constraints.alg !== "" && constraints.alg !== header.alg)) return unverified;
    const signature = decodeTokenPart(token.signature);
    const data = encodeBytes(`${token.header}.${token.payload}`);
    const algorithm = algorithmOf(header.alg);
    const verified =
      algorithm !== undefined &&
      anyKey(constraints.keys, header, ({ key }) => verifySignature(algorithm, key, data, signature, { anyShape: false }));
    if (!verified) return unverified;
    const payload = within("JWT payload had invalid encoding: ", () => decodeBytes(decodeTokenPart(token.payload)));
    // A token inside the token (RFC 7519, section 5.2).
    if (header.cty.toLowerCase() === "jwt") {
      text = payload;
      continue;
    }
    const claims = jsonObject(payload);
    return claimsHold(claims, constraints) ? [true, fields, claims] : unverified;
  }
  throw failure(`tokens are nested more than ${mostNested} deep`);
}

function claimsHold(claims: RegoObject, { iss, aud, time }: Constraints): boolean {
  if (iss !== "" && claims.get("iss") !== iss) return false;
  const audience = claims.get("aud");
  if (audience === undefined ? aud !== "" : !(Array.isArray(audience) ? audience : [audience]).includes(aud)) return false;
  const seconds = String(time / 1_000_000_000);
  const expiry = claims.get("exp");
  if (expiry !== undefined && !(expiry instanceof RegoNumber)) throw failure("exp value must be a number");
  if (expiry !== undefined && compareNumbers(seconds, expiry.text) >= 0) return false;
  const start = claims.get("nbf");
  if (start !== undefined && !(start instanceof RegoNumber)) throw failure("nbf value must be a number");
  return start === undefined || compareNumbers(seconds, start.text) >= 0;
}

const wantedKeys: Readonly<Record<Algorithm["family"], string>> = {
  hmac: "[]byte",
  pkcs1: "*rsa.PrivateKey",
  pss: "*rsa.PrivateKey",
  ecdsa: "*ecdsa.PrivateKey",
  eddsa: "ed25519.PrivateKey",
};

function encodeSign(header: string, payload: string, keyText: string, { random }: BuiltinContext): Value {
  const [first] = parseKeySet(keyText);
  if (first === undefined) throw failure("no keys found in JWK set");
  const name = headerText(header, "alg");
  if ("fault" in name) throw failure(`missing or invalid 'alg' header: ${name.fault}`);
  const algorithm = algorithmOf(name.text);
  if (algorithm === undefined) throw failure(`unknown JWS algorithm: ${name.text}`);
  const typ = headerText(header, "typ");
  if (("fault" in typ || typ.text === "JWT") && "fault" in readJsonText(payload))
    throw failure("type is JWT but payload is not JSON");
  const data = `${encodeBase64(encodeBytes(header), "url")}.${encodeBase64(encodeBytes(payload), "url")}`;
  const salt = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const wanted = wantedKeys[algorithm.family];
  const unfit = (why: string): Error => {
    const produced =
      algorithm.family === "hmac" ? "keyconv: failed to produce []byte" : `failed to produce ${wanted.replace("*", "")}`;
    return failure(
      `jwsbb.Sign: invalid key type ${first.type}. ${wanted} is required: ${produced} from ${first.type}: jwk.Export: ${why}`,
    );
  };
  const { raw } = first;
  // Of another type than the wanted one such keys are made, too, but not of RSA.
  if (raw !== undefined && "fault" in raw && !(first.key.kind === "rsa" && wanted !== "*rsa.PrivateKey"))
    throw unfit(`failed to export jwk.Key to raw format: ${raw.fault}`);
  const unusable = wanted === "*rsa.PrivateKey" ? first.unusable?.() : undefined;
  if (unusable !== undefined) throw failure(unusable);
  const signed = sign(algorithm, first.key, encodeBytes(data), salt);
  if ("signature" in signed) return `${data}.${encodeBase64(signed.signature, "url")}`;
  if (signed.fault === "unusable key") throw failure("crypto/rsa: key size too small");
  if (raw === undefined || "fault" in raw) throw unfit(`no suitable exporter found for key type '${first.type}'`);
  const destination = wanted === "[]byte" ? "*[]uint8" : `*${wanted.replace("*", "")}`;
  throw unfit(`failed to assign key: argument to AssignIfCompatible() must be compatible with ${raw.type} (was ${destination})`);
}

const jsonTypes = { null: "null", boolean: "boolean", number: "number", array: "array", object: "object" } as const;

function headerText(header: string, name: string): { readonly text: string } | { readonly fault: string } {
  const read = readJsonText(header);
  if ("fault" in read) {
    const rest = header.trimStart();
    // OPA's reader of headers takes any run of these letters for a number.
    if (/^[-+0-9.eE]+\s*$/u.test(rest)) return { fault: `jwsbb: header "${name}" not found` };
    const why = rest === "" ? "cannot parse empty string" : `cannot parse number: unexpected char: "${rest[0]}"`;
    return { fault: `cannot parse JSON: ${why}; unparsed tail: ${JSON.stringify(rest)}` };
  }
  const value = read.value instanceof RegoObject ? read.value.get(name) : undefined;
  if (value === undefined) return { fault: `jwsbb: header "${name}" not found` };
  if (typeof value === "string") return { text: value };
  const type = value === null ? "null" : typeof value === "boolean" ? String(value) : jsonTypes[typeOfJson(value)];
  return { fault: `value doesn't contain string; it contains ${type}` };
}

function typeOfJson(value: Value): keyof typeof jsonTypes {
  return value instanceof RegoNumber ? "number" : value instanceof RegoObject ? "object" : "array";
}

/** A part of a token as JSON, under the name that OPA has for it in faults. */
function partText(value: Value, name: string): string {
  const unwritable = unwritableNumber(value);
  if (unwritable !== undefined) throw failure(`failed to marshal JWT ${name}: ${invalidLiteral(unwritable.text)}`);
  return writeJsonText(value);
}

const names = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

export const jwt: Family = {
  ...Object.fromEntries(names.map((name) => [`io.jwt.verify_${name.toLowerCase()}`, verifier(name)])),

  "io.jwt.decode_verify": decodeVerify,

  "io.jwt.encode_sign": ([header = null, payload = null, key = null], context) =>
    encodeSign(partText(header, "headers"), partText(payload, "payload"), partText(key, "signature"), context),

  "io.jwt.encode_sign_raw": (args, context) => {
    const key = operand(args, 3, "string");
    const header = operand(args, 1, "string");
    return encodeSign(header, operand(args, 2, "string"), key, context);
  },
};
