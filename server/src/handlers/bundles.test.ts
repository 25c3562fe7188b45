// Bundles over the wire: what is in an archive, its files one by one, and what two of them decide otherwise for the samples of the project.
import { generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { writeTar } from "#bundles/tar.ts";
import type {
  BundleFileResult,
  BundleResult,
  CompareBundlesResult,
  SignBundleResult,
  VerifyBundleResult,
} from "#protocol/bundles.ts";
import { connect, uri } from "../client.test-helper.ts";
import { evaluator } from "../evaluator.test-helper.ts";

const archive = (files: Readonly<Record<string, string>>): Uint8Array =>
  gzipSync(writeTar(Object.entries(files).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }))));
const policy = (kind: string) => `package loans\n\nallow if input.kind == "${kind}"\n`;
const files = {
  "rw.conf": "entrypoints = [loans/allow]\n",
  "inputs/novel.conf": "kind = novel\n",
  "inputs/atlas.conf": "kind = atlas\n",
  "loans.rego": policy("novel"),
  "old.tar.gz": archive({ "/data.json": '{"a":1}', "/loans.rego": policy("novel") }),
  "new.tar.gz": archive({ "/data.json": '{ "a": 1 }', "/loans.rego": policy("atlas") }),
  "broken.tar.gz": archive({ "/loans.rego": "package loans\n\nallow if missing\n" }),
  "text.tar.gz": "no archive",
  "cut.tar.gz": archive({ "/loans.rego": policy("novel") }).subarray(0, 40),
};

test("what is in an archive, and its files", async () => {
  const client = await connect(files);
  expect(await client.request<BundleResult>("rw/bundle", { uri: uri("old.tar.gz") })).toEqual({
    files: [
      { path: "data.json", size: 7, kind: "data" },
      { path: "loans.rego", size: policy("novel").length, kind: "policy", package: "loans" },
    ],
    roots: [""],
    problems: [],
  });
  const read = async (path: string, indented = false) => {
    const found = await client.request<BundleFileResult>("rw/bundleFile", { uri: uri("old.tar.gz"), path, indented });
    return found === null ? undefined : Buffer.from(found.base64, "base64").toString();
  };
  expect(await read("loans.rego")).toBe(policy("novel"));
  expect(await read("data.json", true)).toBe('{\n  "a": 1\n}\n');
  expect(await read("../loans.rego")).toBeUndefined();
});

test("a file that is no archive says so", async () => {
  const client = await connect(files);
  const problem = async (name: string) => client.request("rw/bundle", { uri: uri(name) });
  expect(await problem("text.tar.gz")).toEqual({ problem: "the file is no bundle: bundles are gzipped tar archives" });
  expect(await problem("none.tar.gz")).toEqual({ problem: "the file is not there, or cannot be read" });
  expect(await problem("cut.tar.gz")).toMatchObject({ problem: expect.stringMatching(/^it cannot be unpacked: /u) });
  expect(await client.request<VerifyBundleResult>("rw/verifyBundle", { uri: uri("old.tar.gz"), key: "" })).toEqual({
    problem: "bundle missing .signatures.json file",
  });
});

test("an archive is signed into a new one, which the other key verifies", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const client = await connect(files);
  const params = { uri: uri("old.tar.gz"), key, keyId: "2026", scope: "" };
  const signed = await client.request<SignBundleResult>("rw/signBundle", params);
  if ("problem" in signed) throw new Error(signed.problem);
  const other = await connect({ "signed.tar.gz": new Uint8Array(Buffer.from(signed.base64, "base64")) });
  const open = publicKey.export({ type: "spki", format: "pem" }).toString();
  expect(await other.request<VerifyBundleResult>("rw/verifyBundle", { uri: uri("signed.tar.gz"), key: open })).toEqual({});
  expect(await client.request("rw/signBundle", { ...params, key: open })).toEqual({
    problem: "a private key is needed, and the file holds a public key",
  });
});

test("two archives: the files that mean something else, and the decisions that change", async () => {
  const client = await connect(files, { evaluator });
  const compare = (before: string, after: string) =>
    client.request<CompareBundlesResult>("rw/compareBundles", {
      before: uri(before),
      after: uri(after),
      project: uri("loans.rego"),
    });
  expect(await compare("old.tar.gz", "new.tar.gz")).toEqual({
    changes: [{ path: "loans.rego", kind: "changed" }],
    decisions: {
      decided: 2,
      diff: [
        { samples: ["atlas.conf"], entrypoint: "loans.allow", group: "true", before: "undefined", after: "true" },
        { samples: ["novel.conf"], entrypoint: "loans.allow", group: "noLongerTrue", before: "true", after: "undefined" },
      ],
    },
  });
  expect(await compare("old.tar.gz", "old.tar.gz")).toEqual({ changes: [] });
  expect(await compare("old.tar.gz", "broken.tar.gz")).toMatchObject({
    decisions: { problem: "broken.tar.gz: loans.rego: rego_unsafe_var_error: var missing is unsafe" },
  });
  expect(await compare("old.tar.gz", "text.tar.gz")).toEqual({
    problem: "text.tar.gz: the file is no bundle: bundles are gzipped tar archives",
  });
});
