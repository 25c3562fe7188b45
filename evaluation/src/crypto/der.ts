// Reads DER (X.690) strictly: definite, shortest lengths, low tag numbers; every read stays inside its parent.

export const tag = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  oid: 6,
  utf8String: 12,
  numericString: 18,
  printableString: 19,
  teletexString: 20,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  bmpString: 30,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface Element {
  readonly tag: number;
  readonly body: Uint8Array;
  /** The element with its header. */
  readonly raw: Uint8Array;
}

/** A text that is no DER of the wanted shape; callers turn it into the message of their format. */
export class DerFault extends Error {}

export class DerReader {
  private readonly bytes: Uint8Array;
  private at = 0;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at === this.bytes.length;
  }

  /** The bytes that were not read yet. */
  get rest(): Uint8Array {
    return this.bytes.subarray(this.at);
  }

  nextIs(wanted: number): boolean {
    return this.bytes[this.at] === wanted;
  }

  element(): Element {
    const start = this.at;
    const first = this.bytes[start];
    const size = this.bytes[start + 1];
    if (first === undefined || size === undefined || (first & 0x1f) === 0x1f) throw new DerFault();
    let length = size;
    let head = 2;
    if (size >= 0x80) {
      const count = size & 0x7f;
      if (count === 0 || count > 4) throw new DerFault();
      length = 0;
      for (let index = 0; index < count; index++) length = length * 256 + (this.bytes[start + 2 + index] ?? 0);
      if (length < 0x80 || length < 256 ** (count - 1)) throw new DerFault();
      head += count;
    }
    const end = start + head + length;
    if (end > this.bytes.length) throw new DerFault();
    this.at = end;
    return { tag: first, body: this.bytes.subarray(start + head, end), raw: this.bytes.subarray(start, end) };
  }

  /** The body of the next element, which must have the tag. */
  read(wanted: number): Uint8Array {
    if (!this.nextIs(wanted)) throw new DerFault();
    return this.element().body;
  }

  inside(wanted: number): DerReader {
    return new DerReader(this.read(wanted));
  }

  /** The body of the next element when it has the tag. */
  optional(wanted: number): Uint8Array | undefined {
    return this.nextIs(wanted) ? this.element().body : undefined;
  }

  integer(): bigint {
    return signedInteger(this.read(tag.integer));
  }

  oid(): string {
    return oidText(this.read(tag.oid));
  }

  /** The bytes of a bit string and how many bits of the last one do not count. */
  bits(): { readonly bytes: Uint8Array; readonly unused: number } {
    return bitString(this.read(tag.bitString));
  }

  boolean(): boolean {
    const body = this.read(tag.boolean);
    if (body.length !== 1 || (body[0] !== 0 && body[0] !== 0xff)) throw new DerFault();
    return body[0] === 0xff;
  }
}

export function bitString(body: Uint8Array): { readonly bytes: Uint8Array; readonly unused: number } {
  const unused = body[0] ?? 8;
  const bytes = body.subarray(1);
  if (unused > 7 || (bytes.length === 0 && unused > 0)) throw new DerFault();
  if (unused > 0 && (bytes.at(-1)! & ((1 << unused) - 1)) !== 0) throw new DerFault();
  return { bytes, unused };
}

/** Two's complement in its shortest form. */
export function signedInteger(body: Uint8Array): bigint {
  const [first, second] = body;
  if (first === undefined) throw new DerFault();
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) throw new DerFault();
  let value = 0n;
  for (const byte of body) value = (value << 8n) | BigInt(byte);
  return first >= 0x80 ? value - (1n << BigInt(8 * body.length)) : value;
}

/** Dotted numbers, as `1.2.840.113549`. */
export function oidText(body: Uint8Array): string {
  const numbers: bigint[] = [];
  let value = 0n;
  let length = 0;
  for (const byte of body) {
    if (length === 0 && byte === 0x80) throw new DerFault();
    if (++length > 9) throw new DerFault();
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0n;
    length = 0;
  }
  const first = numbers.shift();
  if (length > 0 || first === undefined) throw new DerFault();
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...numbers].join(".");
}
