// `rw build --target wasm`: which entrypoints the manifest names, as `opa build` does.
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readTar } from "#bundles/tar.ts";
import { parseArguments } from "../command.ts";
import { heardIo } from "../heard-io.test-helper.ts";
import { build } from "./build.ts";

/** The manifest's `wasm`, a line for each entrypoint with the titles of its annotations. */
async function entrypoints(files: Readonly<Record<string, string>>, ...args: string[]): Promise<readonly string[]> {
  let bundle: Uint8Array | undefined;
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (path in files ? "file" : undefined),
    realPath: (path) => path,
    readFile: (path) => new TextEncoder().encode(files[path]),
    list: () => [],
    writeFile: (_path, bytes) => {
      bundle = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    },
  });
  const parsed = parseArguments(build, ["-t", "wasm", ...args, ...Object.keys(files)], io);
  if ("error" in parsed) throw new Error(parsed.error);
  await build.run(parsed.invocation);
  if (bundle === undefined) throw new Error(printed().err);
  const read = readTar(gunzipSync(bundle));
  if ("fault" in read) throw new Error(read.fault);
  const text = new TextDecoder().decode(read.files.find(({ name }) => name.endsWith(".manifest"))?.bytes);
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
