import { expect, test } from "vitest";
import { writeJson } from "#evaluation/rego-text.ts";
import { readPolicyFolder } from "./policy-folder.ts";

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
  expect(read({ "data.json": `{"a": {"b": 1}, "c": 2}`, ".manifest": `{"roots": ["a"]}` }).fault).toBe(
    "manifest roots [a] do not permit data at path '/c' (hint: check bundle directory structure)",
  );
  expect(read({ ".manifest": `{"roots": ["a", "a/b"]}` }).fault).toBe("manifest has overlapped roots: 'a' and 'a/b'");
});
