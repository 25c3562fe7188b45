import { expect, test } from "vitest";
import { writeJson } from "#evaluation/rego-text.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { readPolicyFolder, rootsFault } from "./policy-folder.ts";

const read = (files: Readonly<Record<string, string>>) =>
  readPolicyFolder(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    { version: "v1", show: (path) => path },
  );

test("the manifest gives the dialect, a file's own entry wins", () => {
  const { policies } = read({
    "a.rego": "",
    "old/b.rego": "",
    ".manifest": `{"rego_version": 1, "file_rego_versions": {"/old/*.rego": 0}}`,
  });
  expect(policies.map(({ path, version }) => `${path} ${version}`)).toEqual(["a.rego v1", "old/b.rego v0"]);
});

test("documents are merged at their folders; what clashes is named", () => {
  expect(writeJson(read({ "a/data.json": `{"b": 1.0}`, "data.yaml": "c: 2" }).data)).toBe(`{"a":{"b":1.0},"c":2}`);
  expect(read({ "a/data.json": "1", "data.json": `{"a": 2}` }).fault).toBe("bundle load failed on /data.json: merge error");
});

test("data outside the roots and overlapping roots are no bundle", () => {
  const outside = (files: Readonly<Record<string, string>>, ...policies: readonly string[]) =>
    rootsFault(
      read(files),
      policies.map((text) => parseModule(text, { file: "p.rego" })),
    );
  const files = { "data.json": `{"a": {"b": 1}, "c": 2}`, ".manifest": `{"roots": ["a"]}` };
  expect(outside(files)).toBe("manifest roots [a] do not permit data at path '/c' (hint: check bundle directory structure)");
  expect(outside(files, "package a.b\n", "package b\n")).toBe("manifest roots [a] do not permit 'package b' in module 'p.rego'");
  expect(outside({ ".manifest": `{"roots": ["a", "a/b"]}` })).toBe("manifest has overlapped roots: 'a' and 'a/b'");
});
