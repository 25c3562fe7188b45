// Signatures by keys with their primes, without them, and with primes of another key.
import { expect, test } from "vitest";
import { digestOf, type RsaPrivate, signPkcs1, verifyPkcs1 } from "./rsa.ts";

const p = BigInt(
  "0xe35a9e37a79fb42b7c744f74d01606107f6d8b4c469070edb9670d7941d8e278bc10efac4e7224ced550bf62bb63376187aff8323e90ebeaea1f3ebd8555f9fd",
);
const q = BigInt(
  "0xcb43f58fa38d8ca8233e42287266af78940ace911ec1f994083c29d65d483eb0a9140737d811d5773f8ec284d4a843ca08f9a17dd19bba8b595dc262b12eed7f",
);
const e = 65537n;

/** The inverse of e, by trying how often the modulus fits: e is small. */
function secretOf(modulus: bigint): bigint {
  let times = 1n;
  while ((times * modulus + 1n) % e !== 0n) times++;
  return (times * modulus + 1n) / e;
}

const key: RsaPrivate = { n: p * q, e, d: secretOf((p - 1n) * (q - 1n)), primes: [] };
const digest = digestOf("SHA-256", new TextEncoder().encode("text"));

test.each([
  ["its primes", [p, q]],
  ["its primes the other way round", [q, p]],
  ["primes of another key", [p, p]],
  ["what is no prime", [1n, p * q]],
])("a key with %s signs as one without any", (_, primes) => {
  const plain = signPkcs1(key, "SHA-256", digest)!;
  expect(verifyPkcs1(key, "SHA-256", digest, plain)).toBe(true);
  expect(signPkcs1({ ...key, primes }, "SHA-256", digest)).toEqual(plain);
});

test("a secret exponent that is none of the key's gives the signature that it gives without primes", () => {
  const wrong = { ...key, d: key.d + 2n };
  expect(signPkcs1({ ...wrong, primes: [p, q] }, "SHA-256", digest)).toEqual(signPkcs1(wrong, "SHA-256", digest));
});
