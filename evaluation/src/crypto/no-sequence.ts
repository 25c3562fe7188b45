// What Go's encoding/asn1 says of bytes that are not the sequence that was looked for. Of faults inside it only the kind is told.
import { tag } from "./der.ts";

interface Header {
  readonly class: number;
  readonly tag: number;
  readonly length: number;
  readonly isCompound: boolean;
  /** Where the contents begin. */
  readonly end: number;
}

const mostLength = 2 ** 23;
const parameters =
  "{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}";

const syntax = (why: string): string => `asn1: syntax error: ${why}`;
const structure = (why: string): string => `asn1: structure error: ${why}`;
const truncated = syntax("truncated tag or length");

/** `name` is Go's for the structure. */
export function noSequence(der: Uint8Array, name: string): string {
  if (der.length === 0) return syntax("sequence truncated");
  const header = readHeader(der);
  if (typeof header === "string") return header;
  const { class: kind, tag: number, length, isCompound, end } = header;
  if (kind !== 0 || number !== (tag.sequence & 0x1f) || !isCompound)
    return structure(
      `tags don't match (16 vs {class:${kind} tag:${number} length:${length} isCompound:${isCompound}}) ${parameters} ${name} @${end}`,
    );
  return end + length > der.length ? syntax("data truncated") : structure("tags don't match");
}

// The tag and the length, or what is wrong with them.
function readHeader(der: Uint8Array): Header | string {
  const [first = 0] = der;
  let at = 1;
  let number = first & 0x1f;
  if (number === 0x1f) {
    const long = readLongTag(der, at);
    if (typeof long === "string") return long;
    ({ number, at } = long);
  }
  const size = der[at++];
  if (size === undefined) return truncated;
  let length = size;
  if (size >= 0x80) {
    const count = size & 0x7f;
    if (count === 0) return syntax("indefinite length found (not DER)");
    length = 0;
    for (let index = 0; index < count; index++) {
      const byte = der[at++];
      if (byte === undefined) return truncated;
      if (length >= mostLength) return structure("length too large");
      length = length * 256 + byte;
      if (length === 0) return structure("superfluous leading zeros in length");
    }
    if (length < 0x80) return structure("non-minimal length");
  }
  return { class: first >> 6, tag: number, length, isCompound: (first & 0x20) !== 0, end: at };
}

function readLongTag(der: Uint8Array, from: number): { readonly number: number; readonly at: number } | string {
  let number = 0;
  for (let at = from; ; at++) {
    const byte = der[at];
    if (byte === undefined) return syntax("truncated base 128 integer");
    if (at - from === 5) return structure("base 128 integer too large");
    if (at === from && byte === 0x80) return syntax("integer is not minimally encoded");
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (number >= 2 ** 31) return structure("base 128 integer too large");
    return number < 0x1f ? syntax("non-minimal tag") : { number, at: at + 1 };
  }
}
