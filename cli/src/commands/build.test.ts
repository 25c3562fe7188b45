// `rw build`: which entrypoints the manifest names and what the policies become, as `opa build` does.
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readTar, writeTar } from "#bundles/tar.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { bundlePath } from "../bundle-build/manifest.ts";
import { parseArguments } from "../command.ts";
import { heardIo } from "../heard-io.test-helper.ts";
import { build } from "./build.ts";

/** The texts of the bundle that `build` makes of files, by name. */
async function built(
  files: Readonly<Record<string, string | Uint8Array>>,
  ...args: string[]
): Promise<ReadonlyMap<string, string>> {
  let bundle: Uint8Array | undefined;
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (path in files ? "file" : path === "." ? "folder" : undefined),
    realPath: (path) => path,
    readFile: (path) => {
      const file = files[path];
      return file instanceof Uint8Array ? file : new TextEncoder().encode(file);
    },
    list: (path) => (path === "." ? Object.keys(files) : []),
    writeFile: (_path, bytes) => {
      bundle = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    },
  });
  const paths = args.includes("-b") ? ["."] : Object.keys(files);
  const parsed = parseArguments(build, [...args, ...paths], io);
  if ("error" in parsed) throw new Error(parsed.error);
  await build.run(parsed.invocation);
  if (bundle === undefined) throw new Error(printed().err || printed().out);
  const read = readTar(gunzipSync(bundle));
  if ("fault" in read) throw new Error(read.fault);
  return new Map(read.files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]));
}

/** The manifest's `wasm`, a line for each entrypoint with the titles of its annotations. */
async function entrypoints(files: Readonly<Record<string, string>>, ...args: string[]): Promise<readonly string[]> {
  const texts = await built(files, "-t", "wasm", ...args);
  const text = [...texts].find(([name]) => name.endsWith(".manifest"))![1];
  const { wasm } = JSON.parse(text) as { wasm: { entrypoint: string; annotations?: { title: string }[] }[] };
  return wasm.map(({ entrypoint, annotations = [] }) => [entrypoint, ...annotations.map(({ title }) => title)].join(" "));
}

const a = `# METADATA
# title: Package
package a.b

# METADATA
# title: Document
# scope: document
# entrypoint: true

# METADATA
# title: One
allow if input.x == 1

# METADATA
# title: Other
deny if input.x == 2
`;

test("entrypoints carry the annotations of their rules, marked or not", async () => {
  expect(await entrypoints({ "a.rego": a }, "-e", "a/b/deny", "-e", "a/b")).toEqual([
    "a/b/deny Other",
    "a/b",
    "a/b/allow Document One",
  ]);
});

test("rules that need an entrypoint are entrypoints, too", async () => {
  const c = "package c\n\nq := 2 if p\n\np := 1 if data.a.b.allow\n\nr[x].y := 1 if x := data.a.b.allow\n\nother := 3\n";
  expect(await entrypoints({ "a.rego": a, "c.rego": c })).toEqual(["a/b/allow Document One", "c/p", "c/q", "c/r"]);
});

test("what was built before into the folder is not built in again", async () => {
  const files: Record<string, Uint8Array> = { "p/a.rego": new TextEncoder().encode("package a\n\nallow := true\n") };
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (path === "p" ? "folder" : path in files ? "file" : undefined),
    isLink: () => false,
    realPath: (path) => path,
    readFile: (path) => files[path]!,
    list: () => Object.keys(files).map((path) => path.slice(2)),
    writeFile: (path, bytes) => {
      files[path] = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    },
  });
  const parsed = parseArguments(build, ["-o", "p/bundle.tar.gz", "p"], io);
  if ("error" in parsed) throw new Error(parsed.error);
  expect(await build.run(parsed.invocation)).toBe(0);
  const once = files["p/bundle.tar.gz"];
  expect(await build.run(parsed.invocation)).toBe(0);
  expect(files["p/bundle.tar.gz"]).toEqual(once);
  expect(printed().out).toBe("");
});

test("a scope is what the bundle's own signature must have; the new one has what its claims say", async () => {
  const texts = await built(
    { "a.rego": "package a\n" },
    "-b",
    "--signing-alg",
    "HS256",
    "--signing-key",
    "k",
    "--scope",
    "write",
  );
  const { signatures } = JSON.parse(texts.get(".signatures.json")!) as { signatures: [string] };
  const payload = JSON.parse(Buffer.from(signatures[0].split(".")[1]!, "base64url").toString()) as object;
  expect(Object.keys(payload)).toEqual(["files", "keyid"]);
});

test("an empty key, such as that of a variable that is not set, signs nothing", async () => {
  const files = { "a.rego": "package a\n" };
  expect([...(await built(files, "--signing-alg", "HS256", "--signing-key", "")).keys()]).not.toContain(".signatures.json");
});

test("policies are formatted, in the dialects that they were written for", async () => {
  const files = {
    "new.rego": "package a\nallow if  input.x==1",
    "old.rego": "package b\nallow{input.x}",
    "both.rego": "package c\nimport rego.v1\nallow if {input.x}",
  };
  const texts = await built({ "new.rego": files["new.rego"] });
  expect([...texts].find(([name]) => name.endsWith(".rego"))![1]).toBe("package a\n\nallow if input.x == 1\n");
  const { "new.rego": _, ...v0 } = files;
  expect([...(await built(v0, "--v0-compatible"))].filter(([name]) => name.endsWith(".rego")).map(([, text]) => text)).toEqual([
    "package c\n\nimport rego.v1\n\nallow if input.x\n",
    "package b\n\nallow {\n\tinput.x\n}\n",
  ]);
});

test("the library comes along for what asks for its packages, not for data of the user's own below rms", async () => {
  const names = async (body: string): Promise<readonly string[]> => {
    const texts = await built({ "a.rego": `package a\n\nallow if ${body}\n` });
    return [...texts.keys()].filter((name) => name.startsWith("rms/"));
  };
  expect(await names("data.rms.users[input.user]")).toEqual([]);
  expect(await names("data.rms.data.rbac")).toEqual([]);
  expect(await names("data.rmsx.rbac")).toEqual([]);
  expect(await names("data.rms.rbac.fresh")).toContain("rms/rbac.rego");
  expect(await names("data.rms[input.name]")).toContain("rms/rbac.rego");
});

test("a signed archive is not built anew without a key", async () => {
  const archive = (files: Readonly<Record<string, string>>): Uint8Array =>
    gzipSync(writeTar(Object.entries(files).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }))));
  const policy = { "/p.rego": "package p\n\nq := 1\n", "/.manifest": "{}" };
  const signed = archive({ ...policy, "/.signatures.json": '{"signatures": ["x"]}' });
  await expect(built({ "x.tar.gz": signed })).rejects.toThrow("load error: bundle x.tar.gz: verification key not provided");
  expect([...(await built({ "x.tar.gz": archive(policy) })).keys()]).toContain("p.rego");
});

test("policies stand in the order of their paths, not of folders or arguments", async () => {
  const files = { "b/x.rego": "package b.x", "b.rego": "package b", "a-c.rego": "package c", "a/x.rego": "package a" };
  expect([...(await built(files)).keys()]).toEqual(["data.json", "a-c.rego", "a/x.rego", "b.rego", "b/x.rego", ".manifest"]);
});

test.each([
  ["./b.rego", "/./b.rego"],
  ["/b.rego", "/b.rego"],
  ["../../b.rego", "/b.rego"],
  ["a/../b.rego", "/a/../b.rego"],
])("%s lies in the bundle as it was named, but not above it", (file, path) => {
  expect(bundlePath(parseModule("package b", { file }))).toBe(path);
});
