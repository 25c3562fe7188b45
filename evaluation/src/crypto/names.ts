// Distinguished names and general names of certificates (RFC 5280, sections 4.1.2.4 and 4.2.1.6).

import { parseUri } from "#grammars/text/go-url.ts";
import { failure } from "../builtins/builtin.ts";
import { decodeBytes } from "../rego-text.ts";
import { DerReader, type Element, tag } from "./der.ts";
import { readingDer } from "./keys.ts";

export interface Attribute {
  readonly type: string;
  readonly value: string;
}

const wrongAttribute = "x509: invalid RDNSequence: invalid attribute";

/** The attributes of a name, in order. */
export function parseName(raw: Uint8Array): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const sets = new DerReader(raw).inside(tag.sequence);
  while (!sets.done) {
    const set = sets.inside(tag.set);
    while (!set.done) {
      const pair = readingDer(wrongAttribute, () => set.inside(tag.sequence));
      const type = readingDer(`${wrongAttribute} type`, () => pair.oid());
      const element = readingDer(`${wrongAttribute} value`, () => pair.element());
      const value = directoryString(element);
      if (value === undefined) throw failure(`${wrongAttribute} value: ${stringFault(element)}`);
      attributes.push({ type, value });
    }
  }
  return attributes;
}

/** Why an element is no text. */
function stringFault({ tag: kind }: Element): string {
  switch (kind) {
    case tag.utf8String:
      return "invalid UTF-8 string";
    case tag.printableString:
      return "invalid PrintableString";
    case tag.ia5String:
      return "invalid IA5String";
    case tag.numericString:
      return "invalid NumericString";
    case tag.bmpString:
      return "invalid BMPString";
    default:
      return `unsupported string type: ${kind}`;
  }
}

/** The text of one of ASN.1's string types; undefined for other elements and for bytes that the type forbids. */
export function directoryString({ tag: kind, body }: Element): string | undefined {
  const latin = (): string => String.fromCharCode(...body);
  switch (kind) {
    case tag.utf8String: {
      const text = decodeBytes(body);
      return /\p{Surrogate}/u.test(text) ? undefined : text;
    }
    case tag.printableString:
      return /^[A-Za-z0-9 '()+,\-./:=?*&]*$/u.test(latin()) ? latin() : undefined;
    case tag.ia5String:
      return body.every((byte) => byte < 128) ? latin() : undefined;
    case tag.numericString:
      return /^[0-9 ]*$/u.test(latin()) ? latin() : undefined;
    case tag.teletexString:
      return latin();
    case tag.bmpString: {
      if (body.length % 2 !== 0) return undefined;
      let text = "";
      for (let at = 0; at < body.length; at += 2) text += String.fromCharCode((body[at]! << 8) | body[at + 1]!);
      return /\p{Surrogate}|[\ufffe\uffff\ufdd0-\ufdef]/u.test(text) ? undefined : text.replace(/\0$/u, "");
    }
    default:
      return undefined;
  }
}

/** The names of a subject, by kind. */
export interface AlternativeNames {
  readonly dns: string[];
  readonly emails: string[];
  readonly ips: Uint8Array[];
  readonly uris: string[];
}

export function noNames(): AlternativeNames {
  return { dns: [], emails: [], ips: [], uris: [] };
}

export function parseAlternativeNames(der: Uint8Array): AlternativeNames {
  const names = noNames();
  const all = new DerReader(der).inside(tag.sequence);
  while (!all.done) {
    const { tag: kind, body } = all.element();
    switch (kind) {
      case 0x81:
        names.emails.push(ia5(body, "rfc822Name"));
        break;
      case 0x82:
        names.dns.push(ia5(body, "dNSName"));
        break;
      case 0x86:
        names.uris.push(checkedUri(ia5(body, "uniformResourceIdentifier")));
        break;
      case 0x87:
        if (body.length !== 4 && body.length !== 16) throw failure(`x509: cannot parse IP address of length ${body.length}`);
        names.ips.push(body);
        break;
    }
  }
  return names;
}

function ia5(body: Uint8Array, kind: string): string {
  if (body.some((byte) => byte >= 128)) throw failure(`x509: SAN ${kind} is malformed`);
  return decodeBytes(body);
}

function checkedUri(text: string): string {
  const uri = parseUri(text);
  if ("fault" in uri) throw failure(`x509: cannot parse URI ${JSON.stringify(text)}: ${uri.fault}`);
  if (uri.value.host !== "" && !isDomain(uri.value.host))
    throw failure(`x509: cannot parse URI ${JSON.stringify(text)}: invalid domain`);
  return text;
}

/** Labels of printable ASCII between single points; the empty text counts. A constraint may begin with a point. */
export function isDomain(text: string, constraint = false): boolean {
  if (text === "") return true;
  const name = constraint && text.startsWith(".") ? text.slice(1) : text;
  return name.split(".").every((label) => /^[!-~]+$/u.test(label));
}

/** An address as Go prints it: RFC 5952, IPv4 in IPv6 as IPv4. */
export function ipText(bytes: Uint8Array): string {
  const short = shortIp(bytes);
  if (short.length === 4) return short.join(".");
  const groups = Array.from({ length: 8 }, (_, at) => (short[2 * at]! << 8) | short[2 * at + 1]!);
  let [best, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let run = 0;
    while (groups[at + run] === 0) run++;
    if (run > length) [best, length] = [at, run];
  }
  const hex = (from: number, to?: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return best < 0 ? hex(0) : `${hex(0, best)}::${hex(best + length)}`;
}

/** IPv4 in IPv6 as its four bytes. */
export function shortIp(bytes: Uint8Array): Uint8Array {
  const mapped = bytes.length === 16 && bytes.subarray(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
  return mapped ? bytes.subarray(12) : bytes;
}
