// `rw sign`: the signatures file beside a bundle's manifest, which `rw build` and OPA verify; what is missing is said in OPA's words.
import { expect, test } from "vitest";
import { parseArguments } from "../command.ts";
import { heardIo } from "../heard-io.test-helper.ts";
import { sign } from "./sign.ts";

const bundle: Readonly<Record<string, string>> = {
  "bundle/.manifest": '{ "roots": ["a"] }\n',
  "bundle/.signatures.json": "the one before",
  "bundle/a/data.json": '{"x": 1.0}\n',
  "bundle/a/p.rego": "package a.p\n",
  "claims.json": '{"n": 12345678901234567890, "h": "<a>", "10": 1.0, "9": 2}',
  "list.json": "[1]",
  "null.json": "null",
};

async function signed(...args: string[]) {
  const written = new Map<string, string>();
  const names = ["", "a/"].map((at) => [
    `bundle/${at}`.slice(0, -1),
    Object.keys(bundle)
      .filter((path) => path.startsWith(`bundle/${at}`))
      .map((path) => path.slice(`bundle/${at}`.length).split("/")[0]!),
  ]);
  const folders = new Map(names as [string, string[]][]);
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (path in bundle ? "file" : folders.has(path) ? "folder" : undefined),
    realPath: (path) => path,
    readFile: (path) => new TextEncoder().encode(bundle[path]),
    list: (path) => [...new Set(folders.get(path))],
    writeFile: (path, text) => void written.set(path, new TextDecoder().decode(text as Uint8Array)),
  });
  const parsed = parseArguments(sign, args, io);
  if ("error" in parsed) throw new Error(parsed.error);
  const code = await sign.run(parsed.invocation);
  return { code, ...printed(), written };
}

function parts(text: string): readonly unknown[] {
  const { signatures } = JSON.parse(text) as { signatures: [string] };
  const [header = "", payload = ""] = signatures[0].split(".");
  return [header, payload].map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as unknown);
}

test("all files but the signatures, with their paths, under the names of the header's claims", async () => {
  const { code, out, err, written } = await signed(
    "-b",
    "bundle",
    "--signing-alg",
    "HS256",
    "--signing-key",
    "secret",
    "-o",
    "to",
  );
  expect([code, out, err, [...written.keys()]]).toEqual([0, "", "", ["to/.signatures.json"]]);
  const [header, payload] = parts(written.get("to/.signatures.json")!);
  expect(header).toEqual({ alg: "HS256", typ: "JWT" });
  expect((payload as { files: { name: string; algorithm: string }[] }).files.map(({ name }) => name)).toEqual([
    "bundle/.manifest",
    "bundle/a/data.json",
    "bundle/a/p.rego",
  ]);
});

test("a claims file that says null has none", async () => {
  const { code, written } = await signed(
    "-b",
    "bundle",
    "--signing-alg",
    "HS256",
    "--signing-key",
    "k",
    "--claims-file",
    "null.json",
  );
  const [, payload] = parts(written.get("./.signatures.json") ?? written.get(".signatures.json")!);
  expect([code, Object.keys(payload as object)]).toEqual([0, ["files"]]);
});

test("claims of a file are signed as they are written, with the letters of HTML as OPA writes them", async () => {
  const args = ["-b", "bundle", "--signing-alg", "HS256", "--signing-key", "k", "--claims-file", "claims.json"];
  const { signatures } = JSON.parse((await signed(...args)).written.get(".signatures.json")!) as { signatures: [string] };
  const payload = Buffer.from(signatures[0].split(".")[1]!, "base64url").toString();
  expect(payload.replace(/"files":\[.*?\],/u, "")).toBe('{"10":1.0,"9":2,"h":"\\u003ca\\u003e","n":12345678901234567890}');
});

test.each([
  [[], "Error: specify atleast one path containing policy and/or data files"],
  [["bundle"], "Error: specify the secret (HMAC) or path of the PEM file containing the private key (RSA and ECDSA)"],
  [
    ["bundle", "--signing-key", ""],
    "Error: specify the secret (HMAC) or path of the PEM file containing the private key (RSA and ECDSA)",
  ],
  [["bundle", "--signing-key", "k"], "Error: enable bundle mode (ie. --bundle) to sign bundle files or directories"],
])("%j is misuse", async (args, said) => {
  const { code, err } = await signed(...args);
  expect([code, err.split("\n")[0]]).toEqual([1, said]);
});

test.each([
  [["nothing", "--signing-key", "k"], 'error: error reading "nothing": stat nothing: no such file or directory\n'],
  [["bundle", "--signing-key", "k"], "error: failed to parse PEM block containing the key\n"],
  [["bundle", "--signing-key", "bundle/a"], "error: read bundle/a: is a directory\n"],
  [["bundle", "--signing-key", "k", "--signing-alg", "X"], "error: unknown signature algorithm: X\n"],
  [["bundle", "--signing-key", "k", "--claims-file", "list.json"], "error: list.json: claims are an object of JSON\n"],
  [["bundle", "--signing-key", "k", "--claims-file", "c"], "error: open c: no such file or directory\n"],
])("%j cannot be signed", async (args, said) => {
  const { code, out, written } = await signed("-b", ...args);
  expect([code, out, written.size]).toEqual([1, said, 0]);
});
