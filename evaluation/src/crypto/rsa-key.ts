// Whether the parts of an RSA key belong together, in the order and with the messages of Go's crypto/rsa.
import { crtValues, type RsaPrivate } from "./rsa.ts";

export interface CrtValues {
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
}

/** What is wrong with a key of two primes, with the values that were given for them; undefined for nothing. */
export function rsaFault({ n, e, d, primes }: RsaPrivate, given: CrtValues | undefined): string | undefined {
  const [p = 0n, q = 0n] = primes;
  const bits = n.toString(2).length;
  if (bits < 1024) return `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`;
  if (p <= 1n || q <= 1n) return "modulus must be > 1";
  if (d >= n || (given !== undefined && given.qi >= p)) return "input overflows the modulus";
  if (e <= 1n) return "crypto/rsa: public exponent too small or negative";
  if (p >= n || q >= n) return "crypto/rsa: invalid prime";
  if ((p * q) % n !== 0n) return "crypto/rsa: p * q != n";
  const { dp, dq, qi } = given ?? crtValues(d, p, q);
  for (const [exponent, prime] of [
    [dp, p],
    [dq, q],
  ] as const)
    if (exponent >= prime - 1n || (exponent * e) % (prime - 1n) !== 1n) return "crypto/rsa: invalid CRT exponent";
  if ((qi * q) % p !== 1n) return "crypto/rsa: invalid CRT coefficient";
  if (d % (p - 1n) !== dp) return "crypto/rsa: d does not match dP";
  return d % (q - 1n) === dq ? undefined : "crypto/rsa: d does not match dQ";
}
