// Byte strings and the big-endian integers in them.

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** The unsigned integer of the bytes, most significant first. */
export function integerOfBytes(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hexOf(bytes)}`);
}

/** The integer in exactly `length` bytes; it must fit. Without a length as few as it needs. */
export function bytesOfInteger(value: bigint, length?: number): Uint8Array {
  let hex = value === 0n ? "" : value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const size = length ?? hex.length / 2;
  const out = new Uint8Array(size);
  for (let at = 0; at < hex.length / 2; at++)
    out[size - hex.length / 2 + at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return out;
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** Whether two byte strings are equal, in a time that depends on their length only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let different = 0;
  for (let at = 0; at < a.length; at++) different |= a[at]! ^ b[at]!;
  return different === 0;
}
