import { expect, test } from "vitest";
import { writeJson } from "#evaluation/rego-text.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { manifestFault, readPolicyFolder } from "./policy-folder.ts";

const read = (files: Readonly<Record<string, string>>) =>
  readPolicyFolder(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    { version: "v1", show: (path) => path },
  );

test("the manifest gives the dialect, a pattern for its files before that for all", () => {
  const { policies } = read({
    "a.rego": "",
    "old/b.rego": "",
    ".manifest": `{"rego_version": 1, "file_rego_versions": {"/old/*.rego": 0}}`,
  });
  expect(policies.map(({ path, version }) => `${path} ${version}`)).toEqual(["a.rego v1", "old/b.rego v0"]);
});

test.each([
  ["/old/*", "v0"],
  ["*.rego", "v0"],
  ["/*/?/b.rego", "v0"],
  ["/old/[a-c]/*", "v0"],
  ["/old/[!a-c]/*", "v1"],
  ["/{new,old}/a/b\\\\.rego", "v0"],
  ["old/*", "v1"],
])("globs of a manifest have no separators: %s", (pattern, expected) => {
  const manifest = `{"rego_version": 1, "file_rego_versions": {"${pattern}": 0, "/old/a/b.rego": 1}}`;
  // The first pattern that fits says it, not the path itself.
  const first = pattern < "/old/a/b.rego" ? expected : "v1";
  expect(read({ "old/a/b.rego": "", ".manifest": manifest }).policies[0]?.version).toBe(first);
});

test.each([
  ["[", "1: unexpected end of input"],
  ["/a/[a-", "6: unexpected end of input"],
  ["/a/[b-a]", "8: range hi character is less than lo"],
  ["/a/[a-bc]", "8: expected close range character"],
  ["/a/[]", "5: could not parse range"],
  ["/é/{p,", "7: unclosed `{`"],
  ["/a/p\\\\", "5: trailing backslash"],
])("a pattern of a manifest that is no glob breaks the bundle: %s", (pattern, fault) => {
  const manifest = `{"file_rego_versions": {"${pattern}": 0}}`;
  const { fault: told } = read({ "a/p.rego": "", ".manifest": manifest });
  expect(told).toBe(`failed to compile glob pattern ${JSON.parse(`"${pattern}"`)}: glob: syntax error at ${fault}`);
});

test("a version that is `null` is 0 for a pattern, and none for all files", () => {
  const version = (manifest: string): unknown => read({ "a/p.rego": "", ".manifest": manifest }).policies[0]?.version;
  expect(version(`{"rego_version": 1, "file_rego_versions": {"/a/*": null}}`)).toBe("v0");
  expect(version(`{"rego_version": null}`)).toBe("v1");
});

test("documents are merged at their folders; what clashes is named", () => {
  expect(writeJson(read({ "a/data.json": `{"b": 1.0}`, "data.yaml": "c: 2" }).data)).toBe(`{"a":{"b":1.0},"c":2}`);
  expect(read({ "a/data.json": "1", "data.json": `{"a": 2}` }).fault).toBe(
    "bundle load failed on /data.json: failed to insert data file from path ",
  );
  expect(read({ "data.json": `{"a": 2}`, "a/data.yaml": "- 1" }).fault).toBe(
    "bundle load failed on /a/data.yaml: failed to insert data file from path a",
  );
});

test("data outside the roots and overlapping roots are no bundle", () => {
  const outside = (files: Readonly<Record<string, string>>, ...policies: readonly string[]) =>
    manifestFault(
      read(files),
      policies.map((text) => parseModule(text, { file: "p.rego" })),
      Object.keys(files),
    );
  const files = { "data.json": `{"a": {"b": 1}, "c": 2}`, ".manifest": `{"roots": ["a"]}` };
  expect(outside(files)).toBe("manifest roots [a] do not permit data at path '/c' (hint: check bundle directory structure)");
  expect(outside(files, "package a.b\n", "package b\n")).toBe("manifest roots [a] do not permit 'package b' in module 'p.rego'");
  expect(outside(files, 'package b["x-y"].if.c\n')).toBe(
    `manifest roots [a] do not permit 'package b["x-y"]["if"].c' in module 'p.rego'`,
  );
  expect(outside({ ".manifest": `{"roots": ["a", "a/b"]}` })).toBe("manifest has overlapped roots: 'a' and 'a/b'");
});

test("a manifest names Wasm modules that are there, each for an entrypoint of its own", () => {
  const wasm = (entries: readonly object[], ...names: readonly string[]) => {
    const files = { ".manifest": JSON.stringify({ roots: ["a"], wasm: entries }) };
    return manifestFault(read(files), [], names);
  };
  const one = { entrypoint: "a/p", module: "/policy.wasm" };
  expect(wasm([one], "policy.wasm")).toBeUndefined();
  expect(wasm([one], "other.wasm")).toBe("manifest references wasm module '/policy.wasm' but the module file does not exist");
  expect(wasm([{ ...one, entrypoint: "b/p" }], "policy.wasm")).toBe(
    "manifest roots [a] do not permit 'b/p' entrypoint for wasm module '/policy.wasm'",
  );
  expect(wasm([one, { ...one, module: "/a/policy.wasm" }], "policy.wasm", "a/policy.wasm")).toBe(
    "entrypoint 'a/p' cannot be used by more than one wasm module",
  );
});

test("of a manifest the first value counts, whatever stands behind it", () => {
  const manifest = (text: string) => {
    const { fault, roots } = read({ ".manifest": text });
    return fault?.replace("bundle load failed on manifest decode: ", "") ?? roots;
  };
  for (const behind of [" trailing", "}", `{"roots": ["b"]}`, `"`, "\n{"])
    expect(manifest(`{"roots": ["a"]}${behind}`)).toEqual(["a"]);
  expect(manifest("nullx")).toEqual([""]);
  expect(manifest("12x")).toBe("json: cannot unmarshal number into Go value of type bundle.Manifest");
  expect(manifest(`{"roots": ["a",]}x`)).toBe("invalid character ']' looking for beginning of value");
  expect(manifest(`{"roots": ["a"]`)).toBe("unexpected EOF");
  expect(manifest(" ")).toBe("EOF");
});

test("a manifest whose members are of other types is none, and their names are read in any case", () => {
  const manifest = (text: string) => {
    const { fault, roots } = read({ ".manifest": text });
    return fault?.replace("bundle load failed on manifest decode: json: cannot unmarshal ", "") ?? roots;
  };
  expect(manifest(`{"roots": "a"}`)).toBe("string into Go struct field Manifest.roots of type []string");
  expect(manifest(`{"roots": ["a", 5, {}], "revision": 5}`)).toBe("number into Go struct field Manifest.roots of type string");
  expect(manifest(`{"metadata": []}`)).toBe("array into Go struct field Manifest.metadata of type map[string]interface {}");
  expect(manifest(`{"rego_version": 1.5}`)).toBe("number 1.5 into Go struct field Manifest.rego_version of type int");
  expect(manifest(`{"file_rego_versions": {"/a.rego": true}}`)).toBe(
    "bool into Go struct field Manifest.file_rego_versions of type int",
  );
  expect(manifest(`{"wasm": [{"module": 5}]}`)).toBe("number into Go struct field WasmResolver.wasm.module of type string");
  expect(manifest(`{"wasm": [{"annotations": [5]}]}`)).toBe(
    "number into Go struct field WasmResolver.wasm.annotations of type ast.Annotations",
  );
  expect(manifest("[]")).toBe("array into Go value of type bundle.Manifest");
  expect(manifest(`{"Roots": ["/a/"], "revision": null, "more": 5}`)).toEqual(["a"]);
  expect(manifest(`{"roots": [null]}`)).toEqual([""]);
  expect(manifest("null")).toEqual([""]);
});

test("folders are keys without the dots that the path begins with", () => {
  const { data } = read({ ".a/.b/data.json": "1", "..c/data.json": "2", "d/.e/data.json": "3" });
  expect(writeJson(data)).toBe('{"a":{".b":1},"c":2,"d":{".e":3}}');
});
