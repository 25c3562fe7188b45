// Bundles: what is in one, what makes it none, how it was signed, and what another one holds otherwise.
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { bundleChanges, decidingBundle } from "./compare.ts";
import { contentsOf } from "./contents.ts";
import { indented } from "./indented.ts";
import { signedBundle } from "./sign.ts";
import { verificationFault } from "./signature.ts";

const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const manifest = file(".manifest", '{"revision":"1.4.2","roots":["loans"],"rego_version":1}\n');
const policy = file("loans/policy.rego", "package loans\n\nallow if input.kind in data.loans.kinds\n");
const data = file("data.json", '{"loans":{"kinds":["novel"]}}\n');
const bundle = [manifest, data, policy];

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicText = publicKey.export({ type: "spki", format: "pem" }).toString();

function signed(files: readonly { readonly name: string; readonly bytes: Uint8Array }[], listed: readonly object[]) {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "RS256", kid: "2026" })}.${part({ files: listed, scope: "rms:loans" })}`;
  const signature = createSign("sha256").update(input).sign(privateKey).toString("base64url");
  return [...files, file(".signatures.json", JSON.stringify({ signatures: [`${input}.${signature}`] }))];
}

const listed = (policyHash: string) =>
  Object.entries({
    // As `opa build --signing-key` writes them for these files.
    "loans/policy.rego": policyHash,
    "data.json": "11771ea74fe501bf12b1e341a293f0cbfc39f6612fa18683b6b4bebffd0dfecf",
    ".manifest": "79b976a8eacaf7094329f99dc765c0ca4e331e4d4c1dbbd36dbd2bd5e7c03ea6",
  }).map(([name, hash]) => ({ name, hash, algorithm: "SHA-256" }));
const policyHash = "ed25a3a03fa3b4970fe992c056a595cd36069db50b8c2dd7232b7d5297c8e39e";

test("files by kind, with the packages of policies and what the manifest says", () => {
  const found = contentsOf(bundle);
  expect(found.files.map(({ path, kind, package: owner }) => `${kind} ${path}${owner === undefined ? "" : ` ${owner}`}`)).toEqual(
    ["manifest .manifest", "data data.json", "policy loans/policy.rego loans"],
  );
  expect(found).toMatchObject({ revision: "1.4.2", roots: ["loans"], problems: [], signature: undefined });
});

test("what OPA would refuse it for is told in its words", () => {
  const outside = file("other.rego", "package other\n");
  expect(contentsOf([...bundle, outside]).problems).toEqual([
    { text: "manifest roots [loans] do not permit 'package other' in module 'other.rego'" },
  ]);
  expect(contentsOf([manifest, file("loans/a.rego", "package loans\n\nallow if )\n")]).problems).toMatchObject([
    { path: "loans/a.rego", row: 3 },
  ]);
});

test("what two hold otherwise: by what documents mean, not how they are written", () => {
  const after = [
    manifest,
    file("data.json", '{ "loans": { "kinds": [ "novel" ] } }'),
    file("loans/policy.rego", "package loans\n\nallow if input.kind\n"),
    file("loans/more.rego", "package loans\n"),
  ];
  expect(bundleChanges(bundle, after)).toEqual([
    { path: "loans/more.rego", kind: "added" },
    { path: "loans/policy.rego", kind: "changed" },
  ]);
  expect(bundleChanges(after, bundle)).toContainEqual({ path: "loans/more.rego", kind: "removed" });
});

test("a bundle decides, and one that cannot says why", () => {
  expect(decidingBundle(bundle, ["loans/allow"])).toHaveProperty("module");
  expect(decidingBundle([file("a.rego", "package a\n\nallow if missing\n")], ["a/allow"])).toEqual({
    problem: "a.rego: rego_unsafe_var_error: var missing is unsafe",
  });
});

test("documents are shown with a line for each value, numbers as they are written", () => {
  const shown = indented("data.json", new TextEncoder().encode('{"b":12345678901234567890.10,"a":[1,{}]}'));
  expect(new TextDecoder().decode(shown)).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": 12345678901234567890.10\n}\n');
});

test("a signature says who signed which files, and the key that belongs to it verifies it", () => {
  const whole = signed(bundle, listed(policyHash));
  expect(contentsOf(whole).signature).toEqual({ algorithm: "RS256", keyId: "2026", scope: "rms:loans", files: 3, faults: [] });
  expect(verificationFault(whole, publicText)).toBeUndefined();
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }).toString();
  expect(verificationFault(whole, other)).toBe("the signature was not made with the key that belongs to this one");
  expect(verificationFault(whole, "no key")).toMatch(/^the file holds no key in PEM/u);
  const secret = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(verificationFault(whole, secret)).toBe("a public key or a certificate is needed, and the file holds a private key");
  expect(verificationFault(bundle, publicText)).toBe("bundle missing .signatures.json file");
});

test("files that are not as they were signed are named", () => {
  const added = file("loans/new.rego", "package loans\n");
  const changed = signed([manifest, file("loans/policy.rego", "package loans\n"), added], listed(policyHash));
  expect(contentsOf(changed).problems.map(({ text }) => text)).toEqual([
    "loans/policy.rego is not as it was signed",
    "file loans/new.rego not included in bundle signature",
    "file data.json is in the signature and not in the bundle",
  ]);
  expect(verificationFault(changed, publicText)).toBe("loans/policy.rego is not as it was signed");
});

test("a signature by a shared secret is none of a key pair: anybody has the text of the public key", () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const forged = (secret: string | Buffer) => {
    const input = `${part({ alg: "HS256" })}.${part({ files: listed(policyHash) })}`;
    const mark = createHmac("sha256", secret).update(input).digest("base64url");
    return [...bundle, file(".signatures.json", JSON.stringify({ signatures: [`${input}.${mark}`] }))];
  };
  const why =
    "the signature says HS256, which is made with a shared secret, and the file holds a key of a pair: whoever has that could have signed";
  expect(verificationFault(forged(publicText.trimEnd()), publicText)).toBe(why);
  const der = publicKey.export({ type: "spki", format: "der" });
  expect(verificationFault(forged(der), new TextDecoder().decode(der))).toBe(why);
  expect(verificationFault(forged("our secret"), "our secret\n")).toBeUndefined();
  expect(verificationFault(forged("our secret"), "another")).toBe(
    "the signature was not made with the key that belongs to this one",
  );
});

test("files whose hashes are not looked at are not verified", () => {
  const [first, ...others] = listed(policyHash);
  const odd = signed(bundle, [{ ...first, algorithm: "SHA-512", hash: "00" }, ...others]);
  expect(verificationFault(odd, publicText)).toBe(
    "loans/policy.rego has a hash by SHA-512, which is not looked at here: `rw build --bundle --verification-key` does",
  );
});

test.each([
  ["RS256", generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ["ES384", generateKeyPairSync("ec", { namedCurve: "P-384" })],
])("%s: what was signed is verified by the other key", (algorithm, keys) => {
  const key = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const made = signedBundle(signed(bundle, listed(policyHash)), { key, keyId: "2026", scope: "rms:loans" });
  if ("problem" in made) throw new Error(made.problem);
  expect(made.algorithm).toBe(algorithm);
  expect(contentsOf(made.files).signature).toEqual({ algorithm, keyId: "2026", scope: "rms:loans", files: 3, faults: [] });
  expect(verificationFault(made.files, keys.publicKey.export({ type: "spki", format: "pem" }).toString())).toBeUndefined();
});

test("what is no private key says so, without telling of it", () => {
  const problem = (key: string) => signedBundle(bundle, { key, keyId: "a", scope: "" });
  expect(problem(publicText)).toEqual({ problem: "a private key is needed, and the file holds a public key" });
  expect(problem("secret")).toEqual({ problem: "the file holds no key in PEM: a private key is needed" });
  const wrong = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
  expect(problem(wrong)).toEqual({ problem: "the private key cannot be read" });
  const edwards = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(problem(edwards)).toEqual({ problem: "OPA verifies no signature of such a key: use RSA or ECDSA" });
});

test("what unfolds to more than is looked into is listed, and neither verified, signed nor laid out", () => {
  const policies = file("loans/long.rego", "package loans\n".padEnd(17 * 1024 * 1024, "p if 1\n"));
  const documents = file("data.json", `[${"0,".repeat(17 * 1024 * 1024)}0]`);
  const why = (what: string, most: number): string =>
    `its ${what} are larger than ${most} MB together, so they are not looked into here: \`opa inspect\` tells more`;
  expect(contentsOf([manifest, policies])).toMatchObject({
    files: [{ path: ".manifest" }, { path: "loans/long.rego", size: policies.bytes.length, kind: "policy" }],
    problems: [{ text: why("policies", 16) }],
  });
  const large = signed([manifest, documents], []);
  expect(verificationFault(large, publicText)).toBe(why("documents", 32));
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(signedBundle(large, { key, keyId: "", scope: "" })).toEqual({ problem: why("documents", 32) });
  expect(indented("data.json", documents.bytes)).toBe(documents.bytes);
});
