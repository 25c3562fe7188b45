// Certificates, requests and keys in the JSON shape that Go's structures have in OPA.
import { parseUri } from "#grammars/text/go-url.ts";
import { RegoNumber, RegoObject, type Value } from "../value.ts";
import { encodeBase64 } from "./base64.ts";
import { concatBytes } from "./bytes.ts";
import type { Certificate, Extension, IpRange } from "./certificate.ts";
import type { Key } from "./keys.ts";
import { type AlternativeNames, type Attribute, ipText } from "./names.ts";
import { crtValues } from "./rsa.ts";

const number = (value: number | bigint): Value => RegoNumber.of(value);
const base64 = (bytes: Uint8Array): Value => encodeBase64(bytes);
/** A structure of Go. */
export const goObject = (fields: Readonly<Record<string, Value>>): RegoObject => RegoObject.of(Object.entries(fields));
/** A list of Go, which is null when it is empty. */
const list = <T>(items: readonly T[], show: (item: T) => Value): Value => (items.length === 0 ? null : items.map(show));
const texts = (items: readonly string[]): Value => list(items, (item) => item);
/** An identifier as its numbers. */
export const oidToValue = (id: string): Value => id.split(".").map((part) => new RegoNumber(part));

export function extensionsToValue(extensions: readonly Extension[]): Value {
  return list(extensions, ({ id, critical, value }) =>
    goObject({ Id: oidToValue(id), Critical: critical, Value: base64(value) }),
  );
}

const nameFields: Readonly<Record<string, string>> = {
  "2.5.4.6": "Country",
  "2.5.4.7": "Locality",
  "2.5.4.8": "Province",
  "2.5.4.9": "StreetAddress",
  "2.5.4.10": "Organization",
  "2.5.4.11": "OrganizationalUnit",
  "2.5.4.17": "PostalCode",
};

export function nameToValue(attributes: readonly Attribute[]): Value {
  const last = (type: string): string => attributes.findLast((attribute) => attribute.type === type)?.value ?? "";
  const fields: Record<string, Value> = {
    CommonName: last("2.5.4.3"),
    SerialNumber: last("2.5.4.5"),
    ExtraNames: null,
    Names: list(attributes, ({ type, value }) => goObject({ Type: oidToValue(type), Value: value })),
  };
  for (const [type, field] of Object.entries(nameFields))
    fields[field] = texts(attributes.filter((attribute) => attribute.type === type).map(({ value }) => value));
  return goObject(fields);
}

/** Go's url.URL of a text that it accepts. */
function urlToValue(text: string): Value {
  const parsed = parseUri(text);
  if ("fault" in parsed) return null;
  const { scheme, host, path, rawPath, rawQuery, fragment } = parsed.value;
  const [before = ""] = text.split("#", 1);
  const rest = scheme === "" ? before : before.slice(scheme.length + 1);
  const [hierarchy = ""] = rest.split("?", 1);
  return goObject({
    Scheme: scheme,
    Opaque: scheme !== "" && !rest.startsWith("/") ? hierarchy : "",
    User: /^\/\/[^/]*@/u.test(hierarchy) ? RegoObject.of([]) : null,
    Host: host,
    Path: path,
    RawPath: rawPath,
    OmitHost: scheme !== "" && hierarchy.startsWith("/") && !hierarchy.startsWith("//"),
    ForceQuery: rest.endsWith("?") && rest.indexOf("?") === rest.length - 1,
    RawQuery: rawQuery,
    Fragment: fragment,
    RawFragment: "",
  });
}

export function namesToFields({ dns, emails, ips, uris }: AlternativeNames): Record<string, Value> {
  return {
    DNSNames: texts(dns),
    EmailAddresses: texts(emails),
    IPAddresses: list(ips, ipText),
    URIs: list(uris, urlToValue),
  };
}

export function publicKeyToValue(key: Key): Value {
  switch (key.kind) {
    case "rsa":
      return goObject({ N: number(key.public.n), E: number(key.public.e) });
    case "ec":
      return goObject({ Curve: RegoObject.of([]), X: number(key.x), Y: number(key.y) });
    case "ed25519":
      return base64(key.public);
    case "secret":
    case "other":
      return null;
    default:
      return key satisfies never;
  }
}

/** Undefined for keys without a private part. */
export function privateKeyToValue(key: Key): Value | undefined {
  switch (key.kind) {
    case "rsa": {
      const [p, q] = key.private?.primes ?? [];
      if (key.private === undefined || p === undefined || q === undefined) return undefined;
      const { n, e, d } = key.private;
      const { dp, dq, qi } = crtValues(d, p, q);
      return goObject({
        N: number(n),
        E: number(e),
        D: number(d),
        Primes: [number(p), number(q)],
        Precomputed: goObject({ Dp: number(dp), Dq: number(dq), Qinv: number(qi), CRTValues: [] }),
      });
    }
    case "ec":
      if (key.d === undefined) return undefined;
      return goObject({ Curve: RegoObject.of([]), D: number(key.d), X: number(key.x), Y: number(key.y) });
    case "ed25519":
      return key.seed && base64(concatBytes(key.seed, key.public));
    case "secret":
      return undefined;
    case "other":
      return RegoObject.of([]);
    default:
      return key satisfies never;
  }
}

function rangeToValue({ ip, mask }: IpRange): Value {
  return goObject({ IP: ipText(ip), Mask: base64(mask) });
}

/** `withUris` adds OPA's list of the URIs as texts. */
export function certificateToValue(certificate: Certificate, withUris: boolean): Value {
  const { details } = certificate;
  const { basicConstraints, permitted, excluded } = details;
  const bytes = (value: Uint8Array | undefined): Value => (value === undefined ? null : base64(value));
  const time = (seconds: number): Value => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  return goObject({
    Raw: base64(certificate.raw),
    RawTBSCertificate: base64(certificate.rawTbs),
    RawSubjectPublicKeyInfo: base64(certificate.rawPublicKey),
    RawSubject: base64(certificate.rawSubject),
    RawIssuer: base64(certificate.rawIssuer),
    Signature: base64(certificate.signature),
    SignatureAlgorithm: number(certificate.algorithm.number),
    PublicKeyAlgorithm: number(certificate.keyAlgorithm),
    PublicKey: publicKeyToValue(certificate.key),
    Version: number(certificate.version),
    SerialNumber: number(certificate.serial),
    Issuer: nameToValue(certificate.issuer),
    Subject: nameToValue(certificate.subject),
    NotBefore: time(certificate.notBefore),
    NotAfter: time(certificate.notAfter),
    KeyUsage: number(details.keyUsage),
    Extensions: extensionsToValue(certificate.extensions),
    ExtraExtensions: null,
    UnhandledCriticalExtensions: list(details.unhandledCritical, oidToValue),
    ExtKeyUsage: list(details.extKeyUsage, number),
    UnknownExtKeyUsage: list(details.unknownExtKeyUsage, oidToValue),
    BasicConstraintsValid: basicConstraints !== undefined,
    IsCA: basicConstraints?.isCa ?? false,
    MaxPathLen: number(basicConstraints?.maxPathLength ?? 0),
    MaxPathLenZero: basicConstraints?.maxPathLength === 0,
    SubjectKeyId: bytes(details.subjectKeyId),
    AuthorityKeyId: bytes(details.authorityKeyId),
    OCSPServer: texts(details.ocspServers),
    IssuingCertificateURL: texts(details.issuerUrls),
    ...namesToFields(details.names),
    ...(withUris ? { URIStrings: texts(details.names.uris) } : {}),
    PermittedDNSDomainsCritical: details.nameConstraintsCritical,
    PermittedDNSDomains: texts(permitted.dns),
    ExcludedDNSDomains: texts(excluded.dns),
    PermittedIPRanges: list(permitted.ips, rangeToValue),
    ExcludedIPRanges: list(excluded.ips, rangeToValue),
    PermittedEmailAddresses: texts(permitted.emails),
    ExcludedEmailAddresses: texts(excluded.emails),
    PermittedURIDomains: texts(permitted.uris),
    ExcludedURIDomains: texts(excluded.uris),
    CRLDistributionPoints: texts(details.crlUrls),
    // Made with a length in Go, so an empty list of it is no null.
    PolicyIdentifiers: details.policies === undefined ? null : details.policies.map(oidToValue),
    Policies: texts(details.policies ?? []),
    InhibitAnyPolicy: number(details.inhibitAnyPolicy ?? 0),
    InhibitAnyPolicyZero: details.inhibitAnyPolicy === 0,
    InhibitPolicyMapping: number(details.inhibitPolicyMapping ?? 0),
    InhibitPolicyMappingZero: details.inhibitPolicyMapping === 0,
    RequireExplicitPolicy: number(details.requireExplicitPolicy ?? 0),
    RequireExplicitPolicyZero: details.requireExplicitPolicy === 0,
    PolicyMappings: list(details.policyMappings, ([issuer, subject]) =>
      goObject({ IssuerDomainPolicy: issuer, SubjectDomainPolicy: subject }),
    ),
  });
}
