// crypto.md5, sha1, sha256 and the HMACs over them and over SHA-512: lower-case hexadecimal digits of a string's bytes.

import { alloc, copyBytes, heap_ptr, release } from "../memory";
import { TAG_STRING, UNDEFINED, boolean, lengthOf, pointerOf, slice } from "../word";
import { sameBytes } from "../bytes";
import { needString } from "../operands";

const MD5: u32 = 0;
const SHA1: u32 = 1;
export const SHA256: u32 = 2;
export const SHA512: u32 = 3;
/** SHA-512 from other starting values, cut to 48 bytes. */
export const SHA384: u32 = 4;

// Fractions of the cube roots of the first 80 primes; SHA-256 takes the upper halves of the first 64.
const ROUNDS: usize = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
  0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
  0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
  0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
  0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
  0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
  0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
  0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
  0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
  0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
  0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
  0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
  0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

const START512: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
  0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

const START384: usize = memory.data<u64>([
  0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
  0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
]);

// MD5's constants: 2^32 times the absolute sines of 1 to 64; and its rotations.
const SINES: usize = memory.data<u32>([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af,
  0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
  0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
  0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97,
  0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
  0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
]);
const TURNS: usize = memory.data<u8>([7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]);

function blockSize(kind: u32): u32 {
  return kind >= SHA512 ? 128 : 64;
}

export function digestSize(kind: u32): u32 {
  return kind == MD5 ? 16 : kind == SHA1 ? 20 : kind == SHA256 ? 32 : kind == SHA384 ? 48 : 64;
}

@inline
function big32(p: usize): u32 {
  return bswap<u32>(load<u32>(p));
}

function md5Block(state: usize, p: usize): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  for (let i: u32 = 0; i < 64; i++) {
    let f: u32;
    let g: u32;
    const round = i >> 4;
    if (round == 0) {
      f = (b & c) | (~b & d);
      g = i;
    } else if (round == 1) {
      f = (d & b) | (~d & c);
      g = (5 * i + 1) & 15;
    } else if (round == 2) {
      f = b ^ c ^ d;
      g = (3 * i + 5) & 15;
    } else {
      f = c ^ (b | ~d);
      g = (7 * i) & 15;
    }
    const turned = rotl<u32>(a + f + load<u32>(SINES + (<usize>i << 2)) + load<u32>(p + (<usize>g << 2)), load<u8>(TURNS + (round << 2) + (i & 3)));
    a = d;
    d = c;
    c = b;
    b += turned;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
}

function sha1Block(state: usize, p: usize, w: usize): void {
  for (let i: u32 = 0; i < 80; i++) {
    const at = w + (<usize>i << 2);
    store<u32>(at, i < 16 ? big32(p + (<usize>i << 2)) : rotl<u32>(load<u32>(at - 12) ^ load<u32>(at - 32) ^ load<u32>(at - 56) ^ load<u32>(at - 64), 1));
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  for (let i: u32 = 0; i < 80; i++) {
    let f: u32;
    let k: u32;
    if (i < 20) {
      f = (b & c) | (~b & d);
      k = 0x5a827999;
    } else if (i < 40) {
      f = b ^ c ^ d;
      k = 0x6ed9eba1;
    } else if (i < 60) {
      f = (b & c) | (b & d) | (c & d);
      k = 0x8f1bbcdc;
    } else {
      f = b ^ c ^ d;
      k = 0xca62c1d6;
    }
    const t = rotl<u32>(a, 5) + f + e + k + load<u32>(w + (<usize>i << 2));
    e = d;
    d = c;
    c = rotl<u32>(b, 30);
    b = a;
    a = t;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
}

function sha256Block(state: usize, p: usize, w: usize): void {
  for (let i: u32 = 0; i < 64; i++) {
    const at = w + (<usize>i << 2);
    if (i < 16) {
      store<u32>(at, big32(p + (<usize>i << 2)));
    } else {
      const x = load<u32>(at - 60);
      const y = load<u32>(at - 8);
      const s0 = rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >> 3);
      const s1 = rotr<u32>(y, 17) ^ rotr<u32>(y, 19) ^ (y >> 10);
      store<u32>(at, load<u32>(at - 64) + s0 + load<u32>(at - 28) + s1);
    }
  }
  const v = w + 256;
  copyBytes(v, state, 32);
  for (let i: u32 = 0; i < 64; i++) {
    const a = load<u32>(v);
    const e = load<u32>(v, 16);
    const choice = (e & load<u32>(v, 20)) ^ (~e & load<u32>(v, 24));
    const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const t1 = load<u32>(v, 28) + s1 + choice + load<u32>(ROUNDS + (<usize>i << 3), 4) + load<u32>(w + (<usize>i << 2));
    const b = load<u32>(v, 4);
    const c = load<u32>(v, 8);
    const t2 = (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    memory.copy(v + 4, v, 28);
    store<u32>(v, load<u32>(v, 16) + t1, 16);
    store<u32>(v, t1 + t2);
  }
  for (let i: usize = 0; i < 32; i += 4) store<u32>(state + i, load<u32>(state + i) + load<u32>(v + i));
}

function sha512Block(state: usize, p: usize, w: usize): void {
  for (let i: u32 = 0; i < 80; i++) {
    const at = w + (<usize>i << 3);
    if (i < 16) {
      store<u64>(at, bswap<u64>(load<u64>(p + (<usize>i << 3))));
    } else {
      const x = load<u64>(at - 120);
      const y = load<u64>(at - 16);
      const s0 = rotr<u64>(x, 1) ^ rotr<u64>(x, 8) ^ (x >> 7);
      const s1 = rotr<u64>(y, 19) ^ rotr<u64>(y, 61) ^ (y >> 6);
      store<u64>(at, load<u64>(at - 128) + s0 + load<u64>(at - 56) + s1);
    }
  }
  const v = w + 640;
  copyBytes(v, state, 64);
  for (let i: u32 = 0; i < 80; i++) {
    const a = load<u64>(v);
    const e = load<u64>(v, 32);
    const choice = (e & load<u64>(v, 40)) ^ (~e & load<u64>(v, 48));
    const s1 = rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41);
    const t1 = load<u64>(v, 56) + s1 + choice + load<u64>(ROUNDS + (<usize>i << 3)) + load<u64>(w + (<usize>i << 3));
    const b = load<u64>(v, 8);
    const c = load<u64>(v, 16);
    const t2 = (rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
    memory.copy(v + 8, v, 56);
    store<u64>(v, load<u64>(v, 32) + t1, 32);
    store<u64>(v, t1 + t2);
  }
  for (let i: usize = 0; i < 64; i += 8) store<u64>(state + i, load<u64>(state + i) + load<u64>(v + i));
}

/** The digest of the bytes, in a new block. */
export function digest(kind: u32, from: usize, length: u32): usize {
  const state = alloc(64);
  const mark = heap_ptr;
  if (kind == SHA512) {
    copyBytes(state, START512, 64);
  } else if (kind == SHA384) {
    copyBytes(state, START384, 64);
  } else if (kind == SHA256) {
    for (let i: usize = 0; i < 8; i++) store<u32>(state + (i << 2), load<u32>(START512 + (i << 3), 4));
  } else {
    store<u32>(state, 0x67452301);
    store<u32>(state, 0xefcdab89, 4);
    store<u32>(state, 0x98badcfe, 8);
    store<u32>(state, 0x10325476, 12);
    store<u32>(state, 0xc3d2e1f0, 16);
  }
  const block = blockSize(kind);
  const tail: u32 = block >> 3;
  const padded = ((length + 1 + tail + block - 1) / block) * block;
  const p = alloc(padded);
  copyBytes(p, from, length);
  memory.fill(p + length, 0, padded - length);
  store<u8>(p + length, 0x80);
  const bits = <u64>length << 3;
  store<u64>(p + padded - 8, kind == MD5 ? bits : bswap<u64>(bits));
  const w = alloc(704);
  for (let at: u32 = 0; at < padded; at += block) {
    if (kind == MD5) md5Block(state, p + at);
    else if (kind == SHA1) sha1Block(state, p + at, w);
    else if (kind == SHA256) sha256Block(state, p + at, w);
    else sha512Block(state, p + at, w);
  }
  if (kind >= SHA512) for (let i: usize = 0; i < 64; i += 8) store<u64>(state + i, bswap<u64>(load<u64>(state + i)));
  else if (kind != MD5) for (let i: usize = 0; i < 32; i += 4) store<u32>(state + i, bswap<u32>(load<u32>(state + i)));
  release(mark);
  return state;
}

function hexText(p: usize, length: u32): u64 {
  const to = alloc(<usize>length << 1);
  for (let i: u32 = 0; i < length; i++) {
    const c: u32 = load<u8>(p + i);
    const high = c >> 4;
    const low = c & 15;
    store<u8>(to + (<usize>i << 1), <u8>(high < 10 ? 48 + high : 87 + high));
    store<u8>(to + (<usize>i << 1) + 1, <u8>(low < 10 ? 48 + low : 87 + low));
  }
  return slice(to, <usize>length << 1, TAG_STRING);
}

function hashText(kind: u32, s: u64): u64 {
  if (!needString(1, s)) return UNDEFINED;
  return hexText(digest(kind, pointerOf(s), lengthOf(s)), digestSize(kind));
}

/** The keyed digest of a message, in a new block of `digestSize` bytes. */
export function hmacDigest(kind: u32, message: u64, key: u64): usize {
  const block = blockSize(kind);
  const size = digestSize(kind);
  const pad = alloc(block);
  memory.fill(pad, 0, block);
  if (lengthOf(key) > block) copyBytes(pad, digest(kind, pointerOf(key), lengthOf(key)), size);
  else copyBytes(pad, pointerOf(key), lengthOf(key));
  const inner = alloc(block + lengthOf(message));
  for (let i: u32 = 0; i < block; i++) store<u8>(inner + i, <u8>(<u32>load<u8>(pad + i) ^ 0x36));
  copyBytes(inner + block, pointerOf(message), lengthOf(message));
  const first = digest(kind, inner, block + lengthOf(message));
  const outer = alloc(block + size);
  for (let i: u32 = 0; i < block; i++) store<u8>(outer + i, <u8>(<u32>load<u8>(pad + i) ^ 0x5c));
  copyBytes(outer + block, first, size);
  return digest(kind, outer, block + size);
}

function hmac(kind: u32, message: u64, key: u64): u64 {
  if (!needString(1, message) || !needString(2, key)) return UNDEFINED;
  return hexText(hmacDigest(kind, message, key), digestSize(kind));
}

export function builtin_crypto_md5(s: u64): u64 {
  return hashText(MD5, s);
}

export function builtin_crypto_sha1(s: u64): u64 {
  return hashText(SHA1, s);
}

export function builtin_crypto_sha256(s: u64): u64 {
  return hashText(SHA256, s);
}

export function builtin_crypto_hmac_md5(s: u64, key: u64): u64 {
  return hmac(MD5, s, key);
}

export function builtin_crypto_hmac_sha1(s: u64, key: u64): u64 {
  return hmac(SHA1, s, key);
}

export function builtin_crypto_hmac_sha256(s: u64, key: u64): u64 {
  return hmac(SHA256, s, key);
}

export function builtin_crypto_hmac_sha512(s: u64, key: u64): u64 {
  return hmac(SHA512, s, key);
}

export function builtin_crypto_hmac_equal(a: u64, b: u64): u64 {
  if (!needString(1, a) || !needString(2, b)) return UNDEFINED;
  return boolean(lengthOf(a) == lengthOf(b) && sameBytes(pointerOf(a), pointerOf(b), lengthOf(a)));
}
