// RSA signatures with big integers: PKCS #1 v1.5 and PSS (RFC 8017), as Go's crypto/rsa accepts them.

import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { bitLength, bytesOfInteger, concatBytes, equalBytes, integerOfBytes } from "./bytes.ts";

export interface RsaPublic {
  readonly n: bigint;
  readonly e: bigint;
}

export interface RsaPrivate extends RsaPublic {
  readonly d: bigint;
  readonly primes: readonly bigint[];
}

export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

const hashes = { "SHA-1": sha1, "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 };

export function digestOf(hash: HashName, data: Uint8Array): Uint8Array {
  return hashes[hash](data);
}

// DigestInfo up to the digest (RFC 8017, section 9.2, note 1).
const prefixes: Readonly<Record<HashName, string>> = {
  "SHA-1": "3021300906052b0e03021a05000414",
  "SHA-256": "3031300d060960864801650304020105000420",
  "SHA-384": "3041300d060960864801650304020205000430",
  "SHA-512": "3051300d060960864801650304020305000440",
};

const leastBits = 1024;
const mostBits = 16_384;

/** base^exponent mod modulus; not constant in time, the keys here are a policy's own text. */
function powerMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  // Four bits at a time, which for short exponents is not worth the table.
  const digits = exponent.toString(16);
  if (digits.length < 20) return shortPowerMod(base, exponent, modulus);
  const powers = [1n];
  for (let i = 1; i < 16; i++) powers.push((powers[i - 1]! * base) % modulus);
  let result = 1n;
  for (const digit of digits) {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    if (digit !== "0") result = (result * powers[Number.parseInt(digit, 16)]!) % modulus;
  }
  return result;
}

function shortPowerMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result % modulus;
}

/** value^d mod n; through two primes it is a quarter of the work. */
function secretPower(key: RsaPrivate, value: bigint): bigint {
  const [p, q, ...more] = key.primes;
  if (p !== undefined && q !== undefined && more.length === 0 && p > 1n && q > 1n && p * q === key.n) {
    const { dp, dq, qi } = crtValues(key.d, p, q);
    const low = powerMod(value % q, dq, q);
    const high = (qi * (powerMod(value % p, dp, p) - low)) % p;
    const result = low + q * (high < 0n ? high + p : high);
    if (powerMod(result, key.e, key.n) === value) return result;
  }
  return powerMod(value, key.d, key.n);
}

/** The exponents and the coefficient of the Chinese remainder form of a private exponent. */
export function crtValues(d: bigint, p: bigint, q: bigint): { readonly dp: bigint; readonly dq: bigint; readonly qi: bigint } {
  return { dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n && b > 0n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0n ? x + modulus : x;
}

/** Whether Go would use the key at all: 1024 bits and more (here at most 16384), an odd modulus and an odd exponent below 2^31. */
function usable({ n, e }: RsaPublic): boolean {
  const bits = bitLength(n);
  return bits >= leastBits && bits <= mostBits && (n & 1n) === 1n && e > 1n && (e & 1n) === 1n && e < 2n ** 31n;
}

const sizeOf = ({ n }: RsaPublic): number => Math.ceil(bitLength(n) / 8);

/** The block that the signature stands for; undefined for a signature that is none of this key. */
function opened(key: RsaPublic, signature: Uint8Array): Uint8Array | undefined {
  if (!usable(key) || signature.length !== sizeOf(key)) return undefined;
  const value = integerOfBytes(signature);
  return value < key.n ? bytesOfInteger(powerMod(value, key.e, key.n), sizeOf(key)) : undefined;
}

function pkcs1Block(hash: HashName, digest: Uint8Array, size: number): Uint8Array | undefined {
  const info = concatBytes(bytesOfInteger(BigInt(`0x${prefixes[hash]}`)), digest);
  if (size < info.length + 11) return undefined;
  const block = new Uint8Array(size).fill(0xff);
  block[0] = 0;
  block[1] = 1;
  block[size - info.length - 1] = 0;
  block.set(info, size - info.length);
  return block;
}

export function verifyPkcs1(key: RsaPublic, hash: HashName, digest: Uint8Array, signature: Uint8Array): boolean {
  const block = opened(key, signature);
  const wanted = pkcs1Block(hash, digest, sizeOf(key));
  return block !== undefined && wanted !== undefined && equalBytes(block, wanted);
}

/** `salt` is the length that the salt must have; undefined takes any. */
export function verifyPss(key: RsaPublic, hash: HashName, digest: Uint8Array, signature: Uint8Array, salt?: number): boolean {
  const whole = opened(key, signature);
  if (whole === undefined) return false;
  const bits = bitLength(key.n) - 1;
  const size = Math.ceil(bits / 8);
  if (whole.length > size && whole[0] !== 0) return false;
  const block = whole.subarray(whole.length - size);
  const length = digest.length;
  if (size < length + (salt ?? 0) + 2 || block[size - 1] !== 0xbc) return false;
  const masked = block.subarray(0, size - length - 1);
  const seed = block.subarray(size - length - 1, size - 1);
  const spare = 8 * size - bits;
  if (masked[0]! >> (8 - spare) !== 0) return false;
  const noise = mask(hash, seed, masked.length);
  const db = masked.map((byte, at) => byte ^ noise[at]!);
  db[0] = db[0]! & (0xff >> spare);
  const start = db.findIndex((byte) => byte !== 0);
  if (start < 0 || db[start] !== 1) return false;
  const found = db.subarray(start + 1);
  if (salt !== undefined && found.length !== salt) return false;
  return equalBytes(digestOf(hash, concatBytes(new Uint8Array(8), digest, found)), seed);
}

/** MGF1 (RFC 8017, section B.2.1). */
function mask(hash: HashName, seed: Uint8Array, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let count = 0, have = 0; have < length; count++) {
    const part = digestOf(hash, concatBytes(seed, bytesOfInteger(BigInt(count), 4)));
    parts.push(part);
    have += part.length;
  }
  return concatBytes(...parts).subarray(0, length);
}

function sealed(key: RsaPrivate, block: Uint8Array): Uint8Array {
  return bytesOfInteger(secretPower(key, integerOfBytes(block)), sizeOf(key));
}

/** Undefined when the key cannot sign such a digest. */
export function signPkcs1(key: RsaPrivate, hash: HashName, digest: Uint8Array): Uint8Array | undefined {
  const block = usable(key) ? pkcs1Block(hash, digest, sizeOf(key)) : undefined;
  return block && sealed(key, block);
}

/** Undefined when the key cannot sign such a digest. The salt is the caller's, of the digest's length. */
export function signPss(key: RsaPrivate, hash: HashName, digest: Uint8Array, salt: Uint8Array): Uint8Array | undefined {
  const bits = bitLength(key.n) - 1;
  const size = Math.ceil(bits / 8);
  if (!usable(key) || size < digest.length + salt.length + 2) return undefined;
  const seed = digestOf(hash, concatBytes(new Uint8Array(8), digest, salt));
  const db = new Uint8Array(size - seed.length - 1);
  db[db.length - salt.length - 1] = 1;
  db.set(salt, db.length - salt.length);
  const noise = mask(hash, seed, db.length);
  const masked = db.map((byte, at) => byte ^ noise[at]!);
  masked[0] = masked[0]! & (0xff >> (8 * size - bits));
  return sealed(key, concatBytes(masked, seed, Uint8Array.of(0xbc)));
}
