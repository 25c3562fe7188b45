import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { RegoObject } from "#evaluation/value.ts";
import { signatureFile } from "./bundle-sign.ts";
import { verificationFault } from "./bundle-verify.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const files = { "data.json": '{"b": 1, "a": [1.0]}', "plan.json": '{"b": 1, "a": 2}', "p.rego": "package p\n" };

function verified(
  changed: Readonly<Record<string, string>>,
  { algorithm = "HS256", sign = "secret", key = "secret", scope = "", exclude = [] as string[] } = {},
): string | undefined {
  const archive = Object.entries(files).map(([name, text]) => ({ name: `/${name}`, bytes: bytes(text) }));
  const signed = signatureFile(archive, { key: sign, algorithm, claims: new Map() });
  if ("fault" in signed) return signed.fault;
  const found = Object.entries({ ...files, ...changed }).map(([path, text]) => ({ path, bytes: bytes(text) }));
  found.push({ path: ".signatures.json", bytes: signed.file.bytes });
  const bundle = {
    name: "b",
    modules: [],
    dialects: new Map(),
    data: RegoObject.of([]),
    roots: [""],
    manifest: undefined,
    fault: undefined,
  };
  return verificationFault({ ...bundle, files: found, show: (path) => path }, { key, algorithm, scope, exclude });
}

test("an empty key verifies nothing, not even what was signed with the empty secret", () => {
  expect(verified({}, { sign: "", key: "" })).toBe("verification key not provided");
});

test("a bundle that is as it was signed is verified, with keys of each kind", () => {
  expect(verified({})).toBeUndefined();
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  for (const [algorithm, { privateKey, publicKey }] of [
    ["RS256", rsa],
    ["PS384", rsa],
    ["ES256", ec],
  ] as const) {
    const sign = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const key = publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(verified({}, { algorithm, sign, key })).toBeUndefined();
    expect(verified({}, { algorithm, sign, key: "-----BEGIN PUBLIC KEY-----" })).toBe(
      "failed to parse PEM block containing the key",
    );
  }
});

test("documents may be laid out anew, all else stays byte for byte", () => {
  expect(verified({ "data.json": '{"a":[1.0],"b":1}' })).toBeUndefined();
  expect(verified({ "data.json": '{"a":[2],"b":1}' })).toMatch(/^data\.json: digest mismatch/u);
  expect(verified({ "plan.json": '{"a":2,"b":1}' })).toMatch(/^plan\.json: digest mismatch/u);
  expect(verified({ "p.rego": "package q\n" }, { exclude: ["*.rego"] })).toBeUndefined();
  expect(verified({ "q.rego": "package q\n" })).toBe("file q.rego not included in bundle signature");
});

test("the key and the scope must be those of the signature", () => {
  expect(verified({}, { key: "other" })).toBe("failed to verify JWT signature: invalid HMAC signature");
  expect(verified({}, { scope: "x" })).toBe("scope mismatch");
});
