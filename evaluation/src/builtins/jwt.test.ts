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
