// crypto.x509.* and crypto.parse_private_keys: certificates, requests and private keys from PEM, base64 or DER.
import { decodeBase64, encodeBase64 } from "../crypto/base64.ts";
import { concatBytes } from "../crypto/bytes.ts";
import { type Certificate, parseCertificates } from "../crypto/certificate.ts";
import { certificateToValue, goObject, privateKeyToValue } from "../crypto/certificate-json.ts";
import { certificateRequestToValue } from "../crypto/certificate-request.ts";
import { type VerifyOptions, verifyChain } from "../crypto/chain.ts";
import { keyToJwk } from "../crypto/jwk.ts";
import { type Key, parseEcPrivateKey, parsePrivateKeyInfo, parseRsaPrivateKey } from "../crypto/keys.ts";
import { type PemBlock, readPem } from "../crypto/pem.ts";
import { integerOf } from "../number.ts";
import { decodeBytes, encodeBytes } from "../rego-text.ts";
import { RegoNumber, type RegoObject, RegoSet, type Value } from "../value.ts";
import { type BuiltinContext, BuiltinFailure, type Family, failure, operand } from "./builtin.ts";

const begin = "-----BEGIN";

/** All blocks of a text, up to where none follows. */
function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let rest = text; rest !== ""; ) {
    const found = readPem(rest);
    if (found.block === undefined) break;
    blocks.push(found.block);
    rest = found.rest;
  }
  return blocks;
}

function certificatesOf(text: string): readonly Certificate[] {
  const bytes = text.startsWith(begin) ? encodeBytes(text) : decodeBase64(text);
  const decoded = decodeBytes(bytes);
  if (!decoded.startsWith(begin)) return parseCertificates(bytes);
  const blocks = pemBlocks(decoded);
  for (const { type } of blocks) if (type !== "CERTIFICATE") throw failure(`PEM block type is '${type}', expected CERTIFICATE`);
  return parseCertificates(concatBytes(...blocks.map((block) => block.bytes)));
}

/** The chain from the last certificate to the first; `[false, []]` for certificates that cannot be read as for those that do not hold. */
function verified(text: string, options: () => VerifyOptions, withUris: boolean): Value {
  let certificates: readonly Certificate[];
  try {
    certificates = certificatesOf(text);
  } catch (error) {
    if (error instanceof BuiltinFailure) return [false, []];
    throw error;
  }
  const given = options();
  const [root, ...others] = certificates;
  const leaf = others.pop();
  const chain = root === undefined || leaf === undefined ? undefined : verifyChain(leaf, root, others, given);
  return chain === undefined ? [false, []] : [true, chain.map((one) => certificateToValue(one, withUris))];
}

/** OPA's names of extended key usages in the order of Go's numbers. */
const usageNames = [
  ...["Any", "ServerAuth", "ClientAuth", "CodeSigning", "EmailProtection", "IPSECEndSystem", "IPSECTunnel", "IPSECUser"],
  ...["TimeStamping", "OCSPSigning", "MicrosoftServerGatedCrypto", "NetscapeServerGatedCrypto"],
  ...["MicrosoftCommercialCodeSigning", "MicrosoftKernelCodeSigning"],
].map((name) => `KeyUsage${name}`);

const unquoted = (text: string): string => text.replace(/^"+|"+$/gu, "");

function verifyOptions(given: RegoObject, now: bigint): VerifyOptions {
  const options = { dnsName: "", now, keyUsages: [] as number[] };
  for (const [key, value] of given.entries) {
    if (typeof key !== "string") continue;
    switch (key) {
      case "DNSName":
        if (typeof value !== "string") throw failure("'DNSName' should be a string");
        options.dnsName = unquoted(value);
        break;
      case "CurrentTime": {
        if (!(value instanceof RegoNumber)) throw failure("'CurrentTime' should be a number");
        const time = integerOf(value.text, 20);
        if (time === undefined || time !== BigInt.asIntN(64, time)) throw failure("'CurrentTime' should be a valid int64 number");
        options.now = time;
        break;
      }
      case "MaxConstraintComparisons":
        if (!(value instanceof RegoNumber)) throw failure("'MaxConstraintComparisons' should be a number");
        if (integerOf(value.text, 19) === undefined) throw failure("'MaxConstraintComparisons' should be a valid number");
        break;
      case "KeyUsages": {
        if (!Array.isArray(value) && !(value instanceof RegoSet)) throw failure("'KeyUsages' should be an Array or Set");
        const names = (value instanceof RegoSet ? value.items : value).filter((name) => typeof name === "string").map(unquoted);
        const unknown = names.filter((name) => !usageNames.includes(name));
        if (unknown.length > 0) throw failure(`invalid entries for 'KeyUsages' found: [${unknown.join(" ")}]`);
        options.keyUsages = names.map((name) => usageNames.indexOf(name));
        break;
      }
      default:
        throw failure("invalid key option");
    }
  }
  return options;
}

function privateKeys(text: string): readonly Key[] {
  let source = text;
  try {
    source = decodeBytes(decodeBase64(text));
  } catch (error) {
    if (!(error instanceof BuiltinFailure)) throw error;
  }
  return pemBlocks(source).flatMap(({ type, bytes }) => {
    switch (type) {
      case "RSA PRIVATE KEY":
        return [parseRsaPrivateKey(bytes)];
      case "PRIVATE KEY":
        return [parsePrivateKeyInfo(bytes)];
      case "EC PRIVATE KEY":
        return [parseEcPrivateKey(bytes)];
      default:
        return [];
    }
  });
}

/** The blocks of a PEM text, or of base64 of one, or one block of the DER in it. */
function blocksOf(text: string, type: string): readonly PemBlock[] {
  if (text.startsWith(`${begin} `)) return pemBlocks(text);
  const bytes = decodeBase64(text);
  const decoded = decodeBytes(bytes);
  return decoded.startsWith(`${begin} `) ? pemBlocks(decoded) : [{ type, bytes }];
}

function anyPrivateKey(bytes: Uint8Array): Key {
  for (const parse of [parseRsaPrivateKey, parsePrivateKeyInfo, parseEcPrivateKey]) {
    try {
      return parse(bytes);
    } catch (error) {
      if (!(error instanceof BuiltinFailure)) throw error;
    }
  }
  throw failure("tls: failed to parse private key");
}

function keyPair(certificateText: string, keyText: string): Value {
  const certificateBlocks = blocksOf(certificateText, "CERTIFICATE");
  const keyBlocks = blocksOf(keyText, "PRIVATE KEY");
  const chain = certificateBlocks.filter(({ type }) => type === "CERTIFICATE").map(({ bytes }) => bytes);
  const [first] = chain;
  if (first === undefined) throw failure(missingBlock("certificate", certificateBlocks));
  const keyBlock = keyBlocks.find(({ type }) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY"));
  if (keyBlock === undefined) throw failure(missingBlock("key", keyBlocks));
  const [leaf, ...trailing] = parseCertificates(first);
  if (leaf === undefined) throw failure("x509: malformed certificate");
  if (trailing.length > 0) throw failure("x509: trailing data");
  const key = anyPrivateKey(keyBlock.bytes);
  if (key.kind === "other") throw failure("tls: found unknown private key type in PKCS#8 wrapping");
  if (leaf.key.kind === "other") throw failure("tls: unknown public key algorithm");
  if (leaf.key.kind !== key.kind) throw failure("tls: private key type does not match public key type");
  if (!samePublic(leaf.key, key)) throw failure("tls: private key does not match public key");
  return goObject({
    Certificate: chain.map((bytes) => encodeBase64(bytes)),
    PrivateKey: privateKeyToValue(key) ?? null,
    SupportedSignatureAlgorithms: null,
    OCSPStaple: null,
    SignedCertificateTimestamps: null,
    Leaf: certificateToValue(leaf, false),
  });
}

function missingBlock(input: string, blocks: readonly PemBlock[]): string {
  if (blocks.length === 0) return `tls: failed to find any PEM data in ${input} input`;
  return `tls: failed to find ${input === "key" ? 'PEM block with type ending in "PRIVATE KEY"' : '"CERTIFICATE" PEM block'} in ${input} input after skipping PEM blocks of the following types: [${blocks.map(({ type }) => type).join(" ")}]`;
}

function samePublic(a: Key, b: Key): boolean {
  if (a.kind === "rsa" && b.kind === "rsa") return a.public.n === b.public.n && a.public.e === b.public.e;
  if (a.kind === "ec" && b.kind === "ec") return a.curve === b.curve && a.x === b.x && a.y === b.y;
  return a.kind === "ed25519" && b.kind === "ed25519" && encodeBase64(a.public) === encodeBase64(b.public);
}

function defaultOptions({ now }: BuiltinContext): VerifyOptions {
  return { dnsName: "", now, keyUsages: [] };
}

export const x509: Family = {
  "crypto.x509.parse_certificates": (args) =>
    certificatesOf(operand(args, 1, "string")).map((certificate) => certificateToValue(certificate, true)),

  "crypto.x509.parse_and_verify_certificates": (args, context) =>
    verified(operand(args, 1, "string"), () => defaultOptions(context), true),

  "crypto.x509.parse_and_verify_certificates_with_options": (args, context) => {
    const text = operand(args, 1, "string");
    const given = operand(args, 2, "object");
    return verified(text, () => verifyOptions(given, context.now), false);
  },

  "crypto.x509.parse_certificate_request": (args) => {
    const text = operand(args, 1, "string");
    const bytes = text.startsWith("-----BEGIN CERTIFICATE REQUEST-----") ? encodeBytes(text) : decodeBase64(text);
    const { block } = readPem(decodeBytes(bytes));
    if (block !== undefined && block.type !== "CERTIFICATE REQUEST")
      throw failure("invalid PEM-encoded certificate signing request");
    return certificateRequestToValue(block?.bytes ?? bytes);
  },

  "crypto.x509.parse_keypair": (args) =>
    // OPA says "operand 1" of the second one too.
    keyPair(operand(args, 1, "string"), operand([args[1] ?? null], 1, "string")),

  "crypto.x509.parse_rsa_private_key": (args) => {
    const text = operand(args, 1, "string");
    if (text === "") throw failure("input PEM data was empty");
    const [first] = privateKeys(text.startsWith(begin) ? text : decodeBytes(decodeBase64(text)));
    if (first === undefined) return null;
    const jwk = keyToJwk(first);
    if (jwk === undefined) throw failure("not supported yet: keys for key agreement");
    return jwk;
  },

  "crypto.parse_private_keys": (args) => {
    const text = operand(args, 1, "string");
    return text === "" ? null : privateKeys(text).flatMap((key) => privateKeyToValue(key) ?? []);
  },
};
