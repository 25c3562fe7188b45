// Growing byte buffer with WebAssembly's LEB128 integers, and the reader for them.

const encoder = new TextEncoder();

export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#room(values.length);
    // A few bytes are copied faster than the call that would copy them begins.
    if (values.length < 16) for (let i = 0; i < values.length; i++) this.#bytes[this.#length + i] = values[i]!;
    else this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  unsigned(value: number): void {
    this.#room(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  signed32(value: number): void {
    this.#room(5);
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.#bytes[this.#length++] = rest & 0x7f;
  }

  signed64(value: bigint): void {
    // Most constants are small: spare the arithmetic of large integers.
    if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return this.signed32(Number(value));
    this.#room(10);
    let rest = BigInt.asIntN(64, value);
    while (rest < -64n || rest > 63n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest & 0x7fn);
  }

  /** Eight bytes, the lowest first. */
  word(value: bigint): void {
    this.#room(8);
    const low = Number(BigInt.asUintN(32, value));
    const high = Number(BigInt.asUintN(32, value >> 32n));
    for (let shift = 0; shift < 32; shift += 8) this.#bytes[this.#length++] = low >>> shift;
    for (let shift = 0; shift < 32; shift += 8) this.#bytes[this.#length++] = high >>> shift;
  }

  /** A vector of bytes: length, then UTF-8. */
  name(text: string): void {
    const encoded = encoder.encode(text);
    this.unsigned(encoded.length);
    this.bytes(encoded);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

/** The bytes that an unsigned integer takes. */
export function unsignedSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}

export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  byte(): number {
    const value = this.bytes[this.offset++];
    if (value === undefined) throw new Error("unexpected end of Wasm module");
    return value;
  }

  unsigned(): number {
    let value = 0;
    let shift = 0;
    while (true) {
      const b = this.byte();
      value |= (b & 0x7f) << shift;
      if (b < 0x80) return value >>> 0;
      shift += 7;
    }
  }

  signed32(): number {
    let value = 0;
    let shift = 0;
    while (true) {
      const b = this.byte();
      value |= (b & 0x7f) << shift;
      shift += 7;
      if (b < 0x80) return shift < 32 && (b & 0x40) !== 0 ? value | (-1 << shift) : value;
    }
  }

  /** Steps over a LEB128 integer of any width. */
  skipInteger(): void {
    while (this.byte() >= 0x80) {}
  }

  slice(length: number): Uint8Array {
    const part = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return part;
  }

  name(): string {
    return new TextDecoder().decode(this.slice(this.unsigned()));
  }
}
