// X.509 certificates (RFC 5280) read as Go's crypto/x509 reads them, with its refusals.
import { BuiltinFailure, failure } from "../builtins/builtin.ts";
import { decodeBytes } from "../rego-text.ts";
import { equalBytes } from "./bytes.ts";
import { bitString, DerFault, DerReader, type Element, oidText, signedInteger, tag } from "./der.ts";
import { algorithmOid, type Key, publicKeyOf, readingDer } from "./keys.ts";
import { type AlternativeNames, type Attribute, isDomain, noNames, parseAlternativeNames, parseName } from "./names.ts";
import { type SignatureAlgorithm, signatureAlgorithm } from "./signature-algorithm.ts";

export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

export interface IpRange {
  readonly ip: Uint8Array;
  readonly mask: Uint8Array;
}

/** One side of the name constraints; undefined where the extension says nothing. */
export interface NameSet {
  readonly dns: string[];
  readonly emails: string[];
  readonly uris: string[];
  readonly ips: IpRange[];
}

export interface Certificate {
  readonly raw: Uint8Array;
  readonly rawTbs: Uint8Array;
  readonly rawIssuer: Uint8Array;
  readonly rawSubject: Uint8Array;
  readonly rawPublicKey: Uint8Array;
  readonly version: number;
  readonly serial: bigint;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  readonly issuer: readonly Attribute[];
  readonly subject: readonly Attribute[];
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Go's number of the key's algorithm; 0 for one that it does not know, and then there is no key. */
  readonly keyAlgorithm: number;
  readonly key: Key;
  readonly extensions: readonly Extension[];
  readonly details: Details;
}

/** What the extensions say. */
export interface Details {
  keyUsage: number;
  basicConstraints: { readonly isCa: boolean; readonly maxPathLength: number } | undefined;
  names: AlternativeNames;
  permitted: NameSet;
  excluded: NameSet;
  nameConstraintsCritical: boolean;
  crlUrls: string[];
  ocspServers: string[];
  issuerUrls: string[];
  subjectKeyId: Uint8Array | undefined;
  authorityKeyId: Uint8Array | undefined;
  extKeyUsage: number[];
  unknownExtKeyUsage: string[];
  policies: string[] | undefined;
  policyMappings: [string, string][];
  requireExplicitPolicy: number | undefined;
  inhibitPolicyMapping: number | undefined;
  inhibitAnyPolicy: number | undefined;
  unhandledCritical: string[];
}

const keyAlgorithms: Readonly<Record<string, number>> = {
  [algorithmOid.rsa]: 1,
  [algorithmOid.dsa]: 2,
  [algorithmOid.ec]: 3,
  [algorithmOid.ed25519]: 4,
};

const mostCertificates = 1000;

/** Certificates one after the other. */
export function parseCertificates(der: Uint8Array): readonly Certificate[] {
  const certificates: Certificate[] = [];
  const reader = new DerReader(der);
  while (!reader.done) {
    if (certificates.length === mostCertificates) throw failure(`x509: more than ${mostCertificates} certificates`);
    certificates.push(certificateOf(readingDer("x509: malformed certificate", () => element(reader, tag.sequence))));
  }
  return certificates;
}

/** Exactly one certificate. */
export function parseCertificate(der: Uint8Array): Certificate {
  const reader = new DerReader(der);
  const certificate = certificateOf(readingDer("x509: malformed certificate", () => element(reader, tag.sequence)));
  if (!reader.done) throw failure("x509: trailing data");
  return certificate;
}

function element(reader: DerReader, wanted: number): Element {
  if (!reader.nextIs(wanted)) throw new DerFault();
  return reader.element();
}

function certificateOf(whole: Element): Certificate {
  const part = <T>(name: string, read: () => T): T => readingDer(`x509: malformed ${name}`, read);
  const outer = new DerReader(whole.body);
  const rawTbs = part("tbs certificate", () => element(outer, tag.sequence));
  const tbs = new DerReader(rawTbs.body);
  const version = part("version", () => versionOf(tbs.optional(0xa0)));
  if (version > 3) throw failure("x509: invalid version");
  const serial = part("serial number", () => tbs.integer());
  if (serial < 0n) throw failure("x509: negative serial number");
  const inner = part("signature algorithm identifier", () => tbs.read(tag.sequence));
  if (
    !equalBytes(
      inner,
      part("algorithm identifier", () => outer.read(tag.sequence)),
    )
  )
    throw failure("x509: inner and outer signature algorithm identifiers don't match");
  const algorithm = part("OID", () => signatureAlgorithm(inner));
  const rawIssuer = part("issuer", () => element(tbs, tag.sequence).raw);
  const issuer = readingDer("x509: invalid RDNSequence", () => parseName(rawIssuer));
  const [notBefore, notAfter] = part("validity", () => {
    const validity = tbs.inside(tag.sequence);
    return [parseTime(validity.element()), parseTime(validity.element())];
  });
  // Go has one message for both names.
  const rawSubject = part("issuer", () => element(tbs, tag.sequence).raw);
  const subject = readingDer("x509: invalid RDNSequence", () => parseName(rawSubject));
  const rawKey = part("spki", () => element(tbs, tag.sequence));
  const { key, keyAlgorithm } = part("subjectPublicKey", () => subjectKey(rawKey.body));
  const extensions = version === 1 ? [] : part("extensions", () => extensionsOf(tbs, version));
  const signature = part("signature", () => alignedBits(outer.read(tag.bitString)));
  return {
    raw: whole.raw,
    rawTbs: rawTbs.raw,
    rawIssuer,
    rawSubject,
    rawPublicKey: rawKey.raw,
    version,
    serial,
    algorithm,
    signature,
    issuer,
    subject,
    notBefore,
    notAfter,
    keyAlgorithm,
    key,
    extensions,
    details: detailsOf(extensions),
  };
}

function versionOf(given: Uint8Array | undefined): number {
  if (given === undefined) return 1;
  const version = Number(new DerReader(given).integer()) + 1;
  if (version < 1) throw new DerFault();
  return version;
}

/** The key of a SubjectPublicKeyInfo's body; algorithms that Go does not know give no key and no error. */
export function subjectKey(body: Uint8Array): { readonly key: Key; readonly keyAlgorithm: number } {
  const info = new DerReader(body);
  const algorithm = info.inside(tag.sequence);
  const oid = algorithm.oid();
  const { bytes } = info.bits();
  const keyAlgorithm = keyAlgorithms[oid] ?? 0;
  const key: Key = keyAlgorithm === 0 ? { kind: "other", name: oid } : publicKeyOf(oid, algorithm.rest, bytes);
  return { key, keyAlgorithm };
}

/** The bits as bytes, moved so that the last bit is the lowest of the last byte. */
export function alignedBits(body: Uint8Array): Uint8Array {
  const { bytes, unused } = bitString(body);
  return unused === 0 ? bytes : bytes.map((byte, at) => (byte >> unused) | ((bytes[at - 1] ?? 0) << (8 - unused)));
}

/** Seconds since 1970 of a UTCTime or a GeneralizedTime in universal time. */
function parseTime({ tag: kind, body }: Element): number {
  const text = decodeBytes(body);
  const found =
    kind === tag.utcTime
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/u.exec(text)
      : kind === tag.generalizedTime
        ? /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/u.exec(text)
        : undefined;
  if (found === undefined) throw failure("x509: unsupported time format");
  const malformed = kind === tag.utcTime ? "x509: malformed UTCTime" : "x509: malformed GeneralizedTime";
  if (found === null) throw failure(malformed);
  const [short, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const year = kind === tag.utcTime ? short + (short >= 50 ? 1900 : 2000) : short;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!same || minute > 59 || second > 59) throw failure(malformed);
  return date.getTime() / 1000;
}

function extensionsOf(tbs: DerReader, version: number): readonly Extension[] {
  tbs.optional(0x81);
  tbs.optional(0x82);
  const given = version === 3 ? tbs.optional(0xa3) : undefined;
  return given === undefined ? [] : parseExtensions(new DerReader(given));
}

/** A sequence of extensions, each of another kind. */
export function parseExtensions(reader: DerReader): readonly Extension[] {
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  const all = reader.inside(tag.sequence);
  while (!all.done) {
    const one = all.inside(tag.sequence);
    const id = one.oid();
    const critical = one.nextIs(tag.boolean) && one.boolean();
    if (seen.has(id)) throw failure(`x509: certificate contains duplicate extension with OID "${id}"`);
    seen.add(id);
    extensions.push({ id, critical, value: one.read(tag.octetString) });
  }
  return extensions;
}

const emptySet = (): NameSet => ({ dns: [], emails: [], uris: [], ips: [] });

function detailsOf(extensions: readonly Extension[]): Details {
  const details: Details = {
    keyUsage: 0,
    basicConstraints: undefined,
    names: noNames(),
    permitted: emptySet(),
    excluded: emptySet(),
    nameConstraintsCritical: false,
    crlUrls: [],
    ocspServers: [],
    issuerUrls: [],
    subjectKeyId: undefined,
    authorityKeyId: undefined,
    extKeyUsage: [],
    unknownExtKeyUsage: [],
    policies: undefined,
    policyMappings: [],
    requireExplicitPolicy: undefined,
    inhibitPolicyMapping: undefined,
    inhibitAnyPolicy: undefined,
    unhandledCritical: [],
  };
  for (const extension of extensions) {
    const reader = readers[extension.id];
    const handled =
      reader !== undefined && readingDer(`x509: invalid ${reader.name}`, () => reader.read(details, extension) !== false);
    if (extension.critical && !handled) details.unhandledCritical.push(extension.id);
  }
  return details;
}

/** Go's numbers of extended key usages, by identifier. */
const extKeyUsages = [
  ...["2.5.29.37.0", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4"],
  ...["1.3.6.1.5.5.7.3.5", "1.3.6.1.5.5.7.3.6", "1.3.6.1.5.5.7.3.7", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9"],
  ...["1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.2.1.22", "1.3.6.1.4.1.311.61.1.1"],
];

interface ExtensionReader {
  readonly name: string;
  /** False says that the extension is there and was not understood. */
  read(details: Details, extension: Extension): false | undefined;
}

const sequence = (value: Uint8Array): DerReader => new DerReader(value).inside(tag.sequence);

const readers: Readonly<Record<string, ExtensionReader>> = {
  "2.5.29.15": {
    name: "key usage",
    read: (details, { value }) => {
      const { bytes } = new DerReader(value).bits();
      for (let bit = 0; bit < 9; bit++) if (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) details.keyUsage |= 1 << bit;
      return undefined;
    },
  },
  "2.5.29.19": {
    name: "basic constraints",
    read: (details, { value }) => {
      const reader = sequence(value);
      const isCa = reader.nextIs(tag.boolean) && reader.boolean();
      const length = reader.nextIs(tag.integer) ? reader.integer() : -1n;
      if (length < -1n || length >= 2n ** 63n) throw new DerFault();
      details.basicConstraints = { isCa, maxPathLength: Number(length) };
      return undefined;
    },
  },
  "2.5.29.17": {
    name: "subject alternative names",
    read: (details, { value }) => {
      const names = parseAlternativeNames(value);
      details.names = names;
      return names.dns.length + names.emails.length + names.ips.length + names.uris.length === 0 ? false : undefined;
    },
  },
  "2.5.29.30": { name: "NameConstraints extension", read: readNameConstraints },
  "2.5.29.31": {
    name: "CRL distribution points",
    read: (details, { value }) => {
      const points = sequence(value);
      while (!points.done) {
        const name = points.inside(tag.sequence).optional(0xa0);
        if (name === undefined) continue;
        const full = new DerReader(name).inside(0xa0);
        while (full.nextIs(0x86)) details.crlUrls.push(decodeBytes(full.element().body));
      }
      return undefined;
    },
  },
  "2.5.29.35": {
    name: "authority key identifier",
    read: (details, { value, critical }) => {
      if (critical) throw failure("x509: authority key identifier incorrectly marked critical");
      details.authorityKeyId = sequence(value).optional(0x80);
      return undefined;
    },
  },
  "2.5.29.14": {
    name: "subject key identifier",
    read: (details, { value, critical }) => {
      if (critical) throw failure("x509: subject key identifier incorrectly marked critical");
      details.subjectKeyId = new DerReader(value).read(tag.octetString);
      return undefined;
    },
  },
  "2.5.29.36": {
    name: "policy constraints extension",
    read: (details, { value }) => {
      const reader = sequence(value);
      const explicit = reader.optional(0x80);
      const mapping = reader.optional(0x81);
      if (explicit !== undefined) details.requireExplicitPolicy = Number(signedInteger(explicit));
      if (mapping !== undefined) details.inhibitPolicyMapping = Number(signedInteger(mapping));
      return undefined;
    },
  },
  "2.5.29.37": {
    name: "extended key usages",
    read: (details, { value }) => {
      const usages = sequence(value);
      while (!usages.done) {
        const id = usages.oid();
        const known = extKeyUsages.indexOf(id);
        if (known >= 0) details.extKeyUsage.push(known);
        else details.unknownExtKeyUsage.push(id);
      }
      return undefined;
    },
  },
  "2.5.29.32": {
    name: "certificate policies",
    read: (details, { value }) => {
      const found: string[] = [];
      const policies = sequence(value);
      while (!policies.done) {
        const id = policies.inside(tag.sequence).oid();
        if (found.includes(id)) throw failure("x509: invalid certificate policies");
        found.push(id);
      }
      details.policies = found;
      return undefined;
    },
  },
  "2.5.29.33": {
    name: "policy mappings extension",
    read: (details, { value }) => {
      const mappings = sequence(value);
      while (!mappings.done) {
        const pair = mappings.inside(tag.sequence);
        details.policyMappings.push([pair.oid(), pair.oid()]);
      }
      return undefined;
    },
  },
  "2.5.29.54": {
    name: "inhibit any policy extension",
    read: (details, { value }) => {
      details.inhibitAnyPolicy = Number(new DerReader(value).integer());
      return undefined;
    },
  },
  "1.3.6.1.5.5.7.1.1": {
    name: "authority info access",
    read: (details, { value, critical }) => {
      if (critical) throw failure("x509: authority info access incorrectly marked critical");
      const all = sequence(value);
      while (!all.done) {
        const one = all.inside(tag.sequence);
        const method = oidText(one.read(tag.oid));
        const url = one.optional(0x86);
        if (url === undefined) continue;
        if (method === "1.3.6.1.5.5.7.48.1") details.ocspServers.push(decodeBytes(url));
        if (method === "1.3.6.1.5.5.7.48.2") details.issuerUrls.push(decodeBytes(url));
      }
      return undefined;
    },
  },
};

function readNameConstraints(details: Details, { value, critical }: Extension): false | undefined {
  const top = sequence(value);
  const [permitted, excluded] = [top.optional(0xa0), top.optional(0xa1)];
  if (!top.done) throw new DerFault();
  if ((permitted?.length ?? 0) + (excluded?.length ?? 0) === 0) throw failure("x509: empty name constraints extension");
  details.nameConstraintsCritical = critical;
  const all = [readSubtrees(permitted, details.permitted), readSubtrees(excluded, details.excluded)];
  return all.every(Boolean) ? undefined : false;
}

/** Whether all kinds of names were understood. */
function readSubtrees(der: Uint8Array | undefined, into: NameSet): boolean {
  if (der === undefined) return true;
  let understood = true;
  const trees = new DerReader(der);
  while (!trees.done) {
    const { tag: kind, body } = trees.inside(tag.sequence).element();
    const text = decodeBytes(body);
    const domain = (name: string): string => {
      if (!isDomain(text, true)) throw failure(`x509: failed to parse ${name} constraint ${JSON.stringify(text)}`);
      return text;
    };
    if (kind === 0x82) into.dns.push(domain("dnsName"));
    else if (kind === 0x86) into.uris.push(domain("URI"));
    else if (kind === 0x81) into.emails.push(text.includes("@") ? text : domain("rfc822Name"));
    else if (kind === 0x87) into.ips.push(ipRange(body));
    else understood = false;
  }
  return understood;
}

function ipRange(body: Uint8Array): IpRange {
  if (body.length !== 8 && body.length !== 32)
    throw new BuiltinFailure("builtin", `x509: IP constraint contained value of length ${body.length}`);
  const half = body.length / 2;
  return { ip: body.subarray(0, half), mask: body.subarray(half) };
}
