// Tokens made and verified, with the key of RFC 7515, appendix A.3.
import { describe, expect, test } from "vitest";
import { readRegoText, writeRegoText } from "../rego-text.ts";
import { BuiltinFailure } from "./builtin.ts";
import { hostBuiltins } from "./index.ts";

const point = `"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"`;
const publicKey = JSON.stringify(`{${point}}`);
const privateKey = `{${point}, "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`;
const context = { now: 1_300_819_000n * 1_000_000_000n, random: () => 0.5, cache: new Map(), print: () => {}, ports: {} };

function call(name: string, ...args: readonly string[]): string {
  try {
    const value = hostBuiltins.get(name)!(args.map(readRegoText), context);
    return value === undefined ? "undefined" : writeRegoText(value);
  } catch (error) {
    if (error instanceof BuiltinFailure) return `error: ${error.message}`;
    throw error;
  }
}

const claims = `{"iss": "joe", "exp": 1300819380}`;
const token = call("io.jwt.encode_sign", `{"alg": "ES256", "typ": "JWT"}`, claims, privateKey);

describe("a token", () => {
  test("that was signed here is verified by its key and by no other algorithm", () => {
    expect(call("io.jwt.verify_es256", token, publicKey)).toBe("true");
    expect(call("io.jwt.verify_rs256", token, publicKey)).toBe("false");
    expect(call("io.jwt.verify_es256", token.replace(".eyJ", ".eyK"), publicKey)).toBe("false");
  });

  test("is checked against constraints and the clock", () => {
    expect(call("io.jwt.decode_verify", token, `{"cert": ${publicKey}, "iss": "joe"}`)).toBe(
      `[true, {"alg": "ES256", "typ": "JWT"}, {"exp": 1300819380, "iss": "joe"}]`,
    );
    for (const more of [`"iss": "jim"`, `"aud": "x"`, `"alg": "ES384"`, `"time": 1300819380000000000`])
      expect(call("io.jwt.decode_verify", token, `{"cert": ${publicKey}, ${more}}`)).toBe("[false, {}, {}]");
  });

  test("with constraints that OPA does not take is an error", () => {
    expect(call("io.jwt.decode_verify", token, "{}")).toBe("error: no key constraint");
    expect(call("io.jwt.decode_verify", token, `{"secret": "s", "nope": 1}`)).toBe(
      "error: unknown token validation constraint: nope",
    );
  });

  test("of nothing but points is refused without much work", () => {
    expect(call("io.jwt.verify_es256", JSON.stringify(".".repeat(100_000)), publicKey)).toBe(
      "error: encoded JWT must have 3 sections, found 100001",
    );
  });
});

test("a key that does not fit the algorithm is named", () => {
  expect(call("io.jwt.encode_sign", `{"alg": "HS256"}`, "{}", privateKey)).toBe(
    "error: jwsbb.Sign: invalid key type *jwk.ecdsaPrivateKey. []byte is required: keyconv: failed to produce []byte from *jwk.ecdsaPrivateKey: jwk.Export: no suitable exporter found for key type '*jwk.ecdsaPrivateKey'",
  );
});

describe("a key of OPA's library", () => {
  const ed = `"kty": "OKP", "crv": "Ed25519", "x": "IEbwiVj2JaqnUsOw37M2QApsY3tQV4cVTdts_JCbjxc", "d": "Gm0JKIcAh7v90Vb5SKjIt5ImFK6l9NaCGzCtv5O12FY"`;
  const sign = (key: string, alg = "HS256"): string => call("io.jwt.encode_sign", `{"alg": "${alg}"}`, "{}", `{${key}}`);

  test("of Ed25519 is bytes, which HMAC takes for a secret", () => {
    expect(sign(ed)).toBe('"eyJhbGciOiJIUzI1NiJ9.e30.4RJAeKH37881CUT8li5qnjUoe611BAYT-6998UINvHg"');
    expect(sign(ed.replace(/, "d".*/u, ""))).toBe('"eyJhbGciOiJIUzI1NiJ9.e30.II3xCXlL4XvyX8lpSrJlPjAsgFBNl4M1dCSzHjhHwow"');
    expect(sign(ed, "RS256")).toContain("compatible with ed25519.PrivateKey (was *rsa.PrivateKey)");
  });

  test.each([
    [
      `"kty": "oct", "k": 1`,
      "failed to decode value for key k: error reading next value: json: cannot unmarshal number into Go value",
    ],
    [
      `"kty": "oct", "k": "YQ", "key_ops": [1]`,
      "for key key_ops: json: cannot unmarshal number into Go value of type jwk.KeyOperation",
    ],
    [`"kty": "OKP", "x": "YQ"`, "required field crv is missing"],
    [`"kty": "OKP", "x": "YQ", "crv": "X"`, `failed to decode value for key crv: unknown EllipticCurveAlgorithm: "X"`],
    [`"kty": "OKP", "x": "YQ", "d": "YQ", "crv": "Ed448"`, "failed to build private key: invalid curve algorithm Ed448"],
    [`"kty": "RSA", "n": "AQ", "e": "Ag"`, "jwk.RSAPublicKey: invalid rsa public exponent: must be a positive odd integer"],
    [
      `"kty": "EC", "crv": "X448", "x": "YQ", "y": "YQ"`,
      `invalid curve algorithm "X448": unknown elliptic curve algorithm: "X448"`,
    ],
  ])("%s is refused with its words", (key, fault) => {
    expect(sign(key)).toContain(fault);
  });

  test.each([
    [`"n": "AQ", "e": "AQAB", "d": "AQ"`, `jwk.Export: failed to export jwk.Key to raw format: missing "q" value`],
    [`"n": "AQ", "e": "AQAB", "d": "AQ", "p": "AQ", "q": "AQ"`, "crypto/rsa: 1-bit keys are insecure"],
  ])("RSA with %s does not sign", (parts, fault) => {
    expect(sign(`"kty": "RSA", ${parts}`, "RS256")).toContain(fault);
  });
});

test("an algorithm that is no text is told when a token is verified", () => {
  const header = "eyJhbGciOm51bGx9";
  expect(call("io.jwt.decode_verify", JSON.stringify(`${header}.e30.`), `{"secret": "s"}`)).toBe("error: alg: must be a string");
});
