// Certificates in Go's shape, chains with Go's rules, private keys, and texts that are none of it.
import { expect, test } from "vitest";
import { encodeBase64 } from "../crypto/base64.ts";
import { decodeBytes, readRegoText, writeRegoText } from "../rego-text.ts";
import type { RegoObject, Value } from "../value.ts";
import { BuiltinFailure } from "./builtin.ts";
import { hostBuiltins } from "./index.ts";

// A root and a leaf of OPA's own test suite, valid from 29 November 2023 on.
const root =
  "MIIB1TCCAXugAwIBAgIIKIoxsnMwJJ4wCgYIKoZIzj0EAwIwPTELMAkGA1UEBhMCR0IxEDAOBgNVBAoTB0V4YW1wbGUxHDAaBgNVBAUTEzI5MjEyMDE5NTA4MDk2NjI2MjIwIBcNMjMxMTI5MTc1NTQ2WhgPMjEyMzExMDUxNzU1NDZaMD0xCzAJBgNVBAYTAkdCMRAwDgYDVQQKEwdFeGFtcGxlMRwwGgYDVQQFExMyOTIxMjAxOTUwODA5NjYyNjIyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkvI9ddM0SuP9LvBWS1y64fuKELCjVF5W3FSKm3azKEkDi8Eq1I1UM80MgCjC5ChNNyM4+cmVUDrCkTl3SqRxa6NjMGEwDgYDVR0PAQH/BAQDAgIEMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFF7HA8n3mXXnwUP0ypMJ9JwY5wasMB8GA1UdEQQYMBaGFHNwaWZmZTovL2V4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIByB2l5RIWmaU8qcRv13qigbB9BV/F2raEk+pRQnsUcgAiEA9OvBpPKC/FBkI5vVvR7WgK5sGPna4+a0RkXxRQgN2jM=";
const leaf =
  "MIIB1jCCAXygAwIBAgIIV9914tIKKkMwCgYIKoZIzj0EAwIwPTELMAkGA1UEBhMCR0IxEDAOBgNVBAoTB0V4YW1wbGUxHDAaBgNVBAUTEzI5MjEyMDE5NTA4MDk2NjI2MjIwIBcNMjMxMTI5MTc1NTQ2WhgPMjEyMjExMDUxNzU1NDZaMD0xCzAJBgNVBAYTAkdCMRAwDgYDVQQKEwdFeGFtcGxlMRwwGgYDVQQFExM2MzMxOTA5MjE4MTUzMTQ2OTQ3MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMoy2UqvC8zL3sPfLNvG1nX5p6hhEyDjFtokORB4VkKiPXFryIFn8XHG0ipz6aKSwVMoDT2T/YXP/wWpVwPJCi6NkMGIwDgYDVR0PAQH/BAQDAgeAMB0GA1UdJQQWMBQGCCsGAQUFBwMCBggrBgEFBQcDATAMBgNVHRMBAf8EAjAAMCMGA1UdEQQcMBqGGHNwaWZmZTovL2V4YW1wbGUuY29tL29wYTAKBggqhkjOPQQDAgNIADBFAiBEmdSKGj2+9J5SQPIAmwdxpVTOxqmVQv2xVvita/AmowIhAOyX/alNJxL4iCfKUNwlC2lYxGhuWopWgB1Q32bQhTEh";
const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const chain = pem(root) + pem(leaf);
const march2024 = 1_709_251_200_000_000_000n;

function call(name: string, now: bigint, ...args: readonly Value[]): Value {
  try {
    const context = { now, random: () => 0.5, cache: new Map(), print: () => {}, ports: {} };
    return hostBuiltins.get(name)!(args, context) ?? "undefined";
  } catch (error) {
    if (error instanceof BuiltinFailure) return `error: ${error.message}`;
    throw error;
  }
}

const verdict = (value: Value): Value | undefined => (Array.isArray(value) ? value[0] : value);

test("a certificate has Go's fields", () => {
  const [first] = call("crypto.x509.parse_certificates", 0n, pem(leaf)) as readonly Value[];
  const field = (name: string): string => writeRegoText((first as RegoObject).get(name) ?? "missing");
  expect((first as RegoObject).entries.length).toBe(53);
  expect([field("URIStrings"), field("ExtKeyUsage"), field("MaxPathLen"), field("NotAfter")]).toEqual([
    '["spiffe://example.com/opa"]',
    "[2, 1]",
    "-1",
    '"2122-11-05T17:55:46Z"',
  ]);
});

test("a chain holds in its time, for its usages and for its names", () => {
  const name = "crypto.x509.parse_and_verify_certificates";
  const options = `${name}_with_options`;
  expect(verdict(call(name, march2024, chain))).toBe(true);
  expect(verdict(call(name, 0n, chain))).toBe(false);
  expect(verdict(call(name, march2024, pem(leaf) + pem(root)))).toBe(false);
  const withOptions = (text: string): Value | undefined => verdict(call(options, march2024, chain, readRegoText(text)));
  expect(withOptions('{"KeyUsages": ["KeyUsageClientAuth"]}')).toBe(true);
  expect(withOptions('{"KeyUsages": ["KeyUsageCodeSigning"]}')).toBe(false);
  expect(withOptions('{"DNSName": "example.com"}')).toBe(false);
  expect(withOptions('{"KeyUsages": ["nope"]}')).toBe("error: invalid entries for 'KeyUsages' found: [nope]");
});

test("a changed signature is noticed", () => {
  const forged = pem(root) + pem(leaf.replace("MIIB1jCCAXygAwIBAgIIV99", "MIIB1jCCAXygAwIBAgIIV98"));
  expect(verdict(call("crypto.x509.parse_and_verify_certificates", march2024, forged))).toBe(false);
});

test("hostile texts are refused", () => {
  const parse = (bytes: Uint8Array): Value => call("crypto.x509.parse_certificates", 0n, encodeBase64(bytes));
  expect(parse(new Uint8Array(10_000).fill(0x30))).toBe("error: x509: malformed tbs certificate");
  expect(parse(Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff))).toBe("error: x509: malformed certificate");
  expect(parse(Uint8Array.of(0x30, 0x80, 0, 0))).toBe("error: x509: malformed certificate");
  expect(call("crypto.x509.parse_certificates", 0n, "-----BEGIN ".repeat(10_000))).toEqual([]);
  expect(call("crypto.parse_private_keys", 0n, decodeBytes(new Uint8Array(1000).fill(0xff)))).toEqual([]);
});

test("a private key of another form than its block says is told how to be read", () => {
  const der = (bytes: string): string =>
    `\n${encodeBase64(Uint8Array.from(bytes.split(" "), (byte) => Number.parseInt(byte, 16)))}\n`;
  const block = (kind: string, bytes: string): string => `-----BEGIN ${kind}-----${der(bytes)}-----END ${kind}-----\n`;
  const fault = (text: string): string => {
    try {
      hostBuiltins.get("crypto.parse_private_keys")!([text], {
        now: 0n,
        random: () => 0.5,
        cache: new Map(),
        print: () => {},
        ports: {},
      });
      return "none";
    } catch (error) {
      if (error instanceof BuiltinFailure) return error.message;
      throw error;
    }
  };
  const pkcs1 = "30 12 02 01 00 02 01 0f 02 01 01 02 01 01 02 01 03 02 01 05";
  expect(fault(block("PRIVATE KEY", pkcs1))).toBe(
    "x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)",
  );
  expect(fault(block("RSA PRIVATE KEY", "04 00"))).toContain(
    "asn1: structure error: tags don't match (16 vs {class:0 tag:4 length:0 isCompound:false})",
  );
  expect(fault(block("RSA PRIVATE KEY", "1f 02 00"))).toBe("asn1: syntax error: non-minimal tag");
  expect(fault(block("RSA PRIVATE KEY", "30 80"))).toBe("asn1: syntax error: indefinite length found (not DER)");
  expect(fault(block("RSA PRIVATE KEY", "30 82 00 01"))).toBe("asn1: structure error: superfluous leading zeros in length");
  expect(fault(block("RSA PRIVATE KEY", "30 81 01"))).toBe("asn1: structure error: non-minimal length");
  expect(fault(block("RSA PRIVATE KEY", "30 84 ff ff ff ff"))).toBe("asn1: structure error: length too large");
  expect(fault(block("RSA PRIVATE KEY", "30 05 02"))).toBe("asn1: syntax error: data truncated");
  expect(fault(block("RSA PRIVATE KEY", "30"))).toBe("asn1: syntax error: truncated tag or length");
  expect(fault(block("RSA PRIVATE KEY", `${pkcs1} 00`))).toBe("asn1: syntax error: trailing data");
});

test("what is wrong in a certificate is told as by Go", () => {
  const bytes = Uint8Array.from(atob(root), (char) => char.charCodeAt(0));
  const changed = (at: number, byte: number): string => {
    const other = Uint8Array.from(bytes);
    other[at] = byte;
    try {
      const context = { now: 0n, random: () => 0.5, cache: new Map(), print: () => {}, ports: {} };
      hostBuiltins.get("crypto.x509.parse_certificates")!([encodeBase64(other)], context);
      return "none";
    } catch (error) {
      if (error instanceof BuiltinFailure) return error.message;
      throw error;
    }
  };
  // The value of the issuer's country, "GB": as bytes, and with a letter that its type has not.
  const country = String.fromCharCode(...bytes).indexOf("\u0013\u0002GB");
  expect(changed(country, 4)).toBe("x509: invalid RDNSequence: invalid attribute value: unsupported string type: 4");
  expect(changed(country + 2, 0x40)).toBe("x509: invalid RDNSequence: invalid attribute value: invalid PrintableString");
  const point = String.fromCharCode(...bytes).indexOf("\u0003B\u0000\u0004");
  expect(changed(point + 10, 0)).toBe("P256 point not on curve");
  expect(changed(point + 3, 2)).toBe("ecdsa: invalid uncompressed public key");
  expect(changed(4, 0x31)).toBe("x509: malformed tbs certificate");
  expect(changed(8, 0xa1)).toBe("x509: malformed serial number");
});
