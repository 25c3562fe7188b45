// The runtime's hash of a string (compiler/runtime/bytes.ts), so that constant keys carry theirs.

const MASK = (1n << 64n) - 1n;
const MULTIPLIER = 0x9e3779b97f4a7c15n;
const SEED = 0x2545f4914f6cdd1dn;

/** 64 bits, as a signed number for `i64.const`. */
export function hashString(text: string): bigint {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(new ArrayBuffer(8));
  let h = (SEED + BigInt(bytes.length)) & MASK;
  let at = 0;
  for (; bytes.length - at > 8; at += 8) {
    for (let i = 0; i < 8; i++) view.setUint8(i, bytes[at + i]!);
    h = ((h ^ view.getBigUint64(0, true)) * MULTIPLIER) & MASK;
    h ^= h >> 32n;
  }
  const left = bytes.length - at;
  if (left > 0) {
    // The last bytes stand at the top of the word.
    view.setBigUint64(0, 0n);
    for (let i = 0; i < left; i++) view.setUint8(8 - left + i, bytes[at + i]!);
    h = ((h ^ view.getBigUint64(0, true)) * MULTIPLIER) & MASK;
  }
  h = ((h ^ (h >> 32n)) * MULTIPLIER) & MASK;
  h ^= h >> 29n;
  return BigInt.asIntN(64, h);
}
