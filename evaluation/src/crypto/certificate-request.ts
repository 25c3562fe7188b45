// PKCS #10 certificate requests (RFC 2986).
import { failure } from "../builtins/builtin.ts";
import { RegoNumber, type Value } from "../value.ts";
import { encodeBase64 } from "./base64.ts";
import { alignedBits, type Extension, parseExtensions, subjectKey } from "./certificate.ts";
import { extensionsToValue, goObject, namesToFields, nameToValue, oidToValue, publicKeyToValue } from "./certificate-json.ts";
import { DerFault, DerReader, type Element, signedInteger, tag } from "./der.ts";
import { readingDer } from "./keys.ts";
import { directoryString, noNames, parseAlternativeNames, parseName } from "./names.ts";
import { noSequence } from "./no-sequence.ts";
import { signatureAlgorithm } from "./signature-algorithm.ts";

const extensionRequest = "1.2.840.113549.1.9.14";
const alternativeNames = "2.5.29.17";

/** A request as Go's x509.CertificateRequest in JSON. */
export function certificateRequestToValue(der: Uint8Array): Value {
  return readingDer(noSequence(der, "certificateRequest"), () => {
    const outer = new DerReader(der);
    const whole = outer.element();
    if (!outer.done) throw failure("asn1: syntax error: trailing data");
    if (whole.tag !== tag.sequence) throw new DerFault();
    const parts = new DerReader(whole.body);
    const information = parts.element();
    const algorithm = signatureAlgorithm(parts.read(tag.sequence));
    const signature = alignedBits(parts.read(tag.bitString));
    if (information.tag !== tag.sequence) throw new DerFault();
    const body = new DerReader(information.body);
    const version = body.integer();
    const subject = body.element();
    const keyInfo = body.element();
    if (subject.tag !== tag.sequence || keyInfo.tag !== tag.sequence) throw new DerFault();
    const { key, keyAlgorithm } = subjectKey(keyInfo.body);
    const attributes = attributesOf(body.optional(0xa0));
    const extensions = attributes.flatMap(requestedExtensions);
    const names = extensions.find(({ id }) => id === alternativeNames);
    const shown = attributes.flatMap((attribute) => attributeToValue(attribute) ?? []);
    return goObject({
      Raw: encodeBase64(whole.raw),
      RawTBSCertificateRequest: encodeBase64(information.raw),
      RawSubjectPublicKeyInfo: encodeBase64(keyInfo.raw),
      RawSubject: encodeBase64(subject.raw),
      Version: RegoNumber.of(version),
      Signature: encodeBase64(signature),
      SignatureAlgorithm: RegoNumber.of(algorithm.number),
      PublicKeyAlgorithm: RegoNumber.of(keyAlgorithm),
      PublicKey: publicKeyToValue(key),
      Subject: nameToValue(readingDer("x509: invalid RDNSequence", () => parseName(subject.raw))),
      Attributes: shown.length === 0 ? null : shown,
      Extensions: extensionsToValue(extensions),
      ExtraExtensions: null,
      ...namesToFields(names === undefined ? noNames() : readAlternativeNames(names)),
    });
  });
}

function readAlternativeNames({ value }: Extension): ReturnType<typeof noNames> {
  return readingDer("x509: invalid subject alternative names", () => parseAlternativeNames(value));
}

interface RequestAttribute {
  readonly type: string;
  readonly values: Uint8Array;
}

function attributesOf(body: Uint8Array | undefined): readonly RequestAttribute[] {
  const attributes: RequestAttribute[] = [];
  const all = new DerReader(body ?? new Uint8Array());
  while (!all.done) {
    const one = all.inside(tag.sequence);
    attributes.push({ type: one.oid(), values: one.read(tag.set) });
  }
  return attributes;
}

function requestedExtensions({ type, values }: RequestAttribute): readonly Extension[] {
  return type === extensionRequest ? parseExtensions(new DerReader(values)) : [];
}

/** Go keeps the attributes that are sets of lists of pairs, and passes over others without an error. */
function attributeToValue({ type, values }: RequestAttribute): Value | undefined {
  try {
    const sets: Value[] = [];
    const all = new DerReader(values);
    while (!all.done) {
      const pairs: Value[] = [];
      const one = all.inside(tag.sequence);
      while (!one.done) {
        const pair = one.inside(tag.sequence);
        pairs.push(goObject({ Type: oidToValue(pair.oid()), Value: anyValue(pair.element()) }));
      }
      sets.push(pairs);
    }
    return goObject({ Type: oidToValue(type), Value: sets });
  } catch (error) {
    if (error instanceof DerFault) return undefined;
    throw error;
  }
}

/** A simple element as Go reads it where any type may stand. */
function anyValue(element: Element): Value {
  switch (element.tag) {
    case tag.boolean:
      return element.body[0] === 0xff;
    case tag.integer:
      return RegoNumber.of(signedInteger(element.body));
    case tag.octetString:
      return encodeBase64(element.body);
    case tag.oid:
      return oidToValue(new DerReader(element.raw).oid());
    default: {
      const text = directoryString(element);
      if (text === undefined) throw new DerFault();
      return text;
    }
  }
}
