// Growing byte buffer with WebAssembly's LEB128 integers, and the reader for them.

const encoder = new TextEncoder();

/** What the last writer that was done has grown to, for the next one to begin with: a module has a writer for each function. */
let spare = new Uint8Array(1024);
const nothing = new Uint8Array(0);
const largestSpare = 1 << 16;

export class ByteWriter {
  private buffer = spare;
  private end = 0;

  constructor() {
    spare = nothing;
  }

  get length(): number {
    return this.end;
  }

  /** Room for `size` more bytes; asked for without a call where there mostly is some. */
  private grow(size: number): void {
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.end + size, 256));
    grown.set(this.buffer.subarray(0, this.end));
    this.buffer = grown;
  }

  byte(value: number): void {
    if (this.end >= this.buffer.length) this.grow(1);
    this.buffer[this.end++] = value;
  }

  /** A byte and an unsigned integer: an instruction with its index. */
  indexed(code: number, index: number): void {
    if (this.end + 6 > this.buffer.length) this.grow(6);
    this.buffer[this.end++] = code;
    if (index < 0x80) this.buffer[this.end++] = index;
    else this.unsigned(index);
  }

  bytes(values: Uint8Array): void {
    this.part(values, 0, values.length);
  }

  /** The bytes of a part. */
  part(values: Uint8Array, from: number, to: number): void {
    const size = to - from;
    if (this.end + size > this.buffer.length) this.grow(size);
    // A few bytes are copied faster than the call that would copy them begins.
    if (size < 32) for (let i = 0; i < size; i++) this.buffer[this.end + i] = values[from + i]!;
    else this.buffer.set(values.subarray(from, to), this.end);
    this.end += size;
  }

  unsigned(value: number): void {
    if (this.end + 5 > this.buffer.length) this.grow(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.buffer[this.end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.end++] = rest;
  }

  signed32(value: number): void {
    if (this.end + 5 > this.buffer.length) this.grow(5);
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.buffer[this.end++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.buffer[this.end++] = rest & 0x7f;
  }

  signed64(value: bigint): void {
    // Most constants are small, and the words of others are shifted as numbers: arithmetic of large integers takes memory at each step.
    if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return this.signed32(Number(value));
    if (this.end + 10 > this.buffer.length) this.grow(10);
    let low = Number(BigInt.asUintN(32, value));
    let high = Number(BigInt.asIntN(32, value >> 32n));
    while (high < -1 || high > 0 || (high === 0 ? low > 63 : low < 0xffff_ffc0)) {
      this.buffer[this.end++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>= 7;
    }
    this.buffer[this.end++] = low & 0x7f;
  }

  /** Eight bytes, the lowest first. */
  word(value: bigint): void {
    if (this.end + 8 > this.buffer.length) this.grow(8);
    const low = Number(BigInt.asUintN(32, value));
    const high = Number(BigInt.asUintN(32, value >> 32n));
    for (let shift = 0; shift < 32; shift += 8) this.buffer[this.end++] = low >>> shift;
    for (let shift = 0; shift < 32; shift += 8) this.buffer[this.end++] = high >>> shift;
  }

  /** A vector of bytes: length, then UTF-8. */
  name(text: string): void {
    const encoded = encoder.encode(text);
    this.unsigned(encoded.length);
    this.bytes(encoded);
  }

  /** What was written; what is written behind it goes elsewhere. */
  finish(): Uint8Array<ArrayBuffer> {
    const bytes = this.buffer.slice(0, this.end);
    if (this.buffer.length > spare.length && this.buffer.length <= largestSpare) spare = this.buffer;
    this.buffer = bytes;
    return bytes;
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
