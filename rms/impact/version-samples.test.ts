// Samples that a version holds, as requests.
import { expect, test } from "vitest";
import { joinedRequests, lacking, versionSamples } from "./version-samples.ts";

const files = (texts: Readonly<Record<string, string>>) => Object.entries(texts).map(([path, text]) => ({ path, text }));

test("inputs resolve by the version's own files; policies, data, expectations and what others include are none", () => {
  const found = versionSamples(
    files({
      "policy/a.rego": "package a",
      "data.json": '{"a": 1}',
      "rw.conf": "entrypoints = [a/b]",
      "common/who.conf": "user = ann",
      "inputs/read.conf": 'include "../common/who.conf"\naction = read',
      "inputs/read.expected.json": '{"decisions": {}}',
      "inputs/plain.json": '{"user": "bob"}',
    }),
  );
  expect(found).toEqual([
    { name: "inputs/read.conf", input: { user: "ann", action: "read" } },
    { name: "inputs/plain.json", input: { user: "bob" } },
  ]);
});

test("nothing outside of the version is read, and what does not resolve is no request", () => {
  const texts = {
    "a.conf": 'include file("/etc/passwd")\na = 1',
    "b.conf": 'include url("https://example.com/x.conf")\na = 1',
    "c.conf": 'include required("../../../secret.conf")\na = 1',
    "d.conf": "a = ",
    "e.conf": 'include "e.conf"\na = 1',
  };
  expect(versionSamples(files(texts))).toEqual([]);
});

test("each input once; another one of the same name is told apart", () => {
  const request = (name: string, input: unknown) => ({ name, input });
  const joined = joinedRequests([request("a", 1)], [request("b", 1), request("a", 2)], [request("a", 3)]);
  expect(joined.map(({ name }) => name)).toEqual(["a", "a (2)", "a (3)"]);
});

test("what is held no more: neither by its name, though its input is another one, nor by its input under another name", () => {
  const served = [
    { name: "edited", input: 1 },
    { name: "edited", input: 2 },
    { name: "renamed", input: { user: "ann" } },
    { name: "gone", input: 3 },
    { name: "gone", input: 4 },
  ];
  const held = [
    { name: "edited", input: 5 },
    { name: "new name", input: { user: "ann" } },
  ];
  expect(lacking(served, held)).toEqual(["gone"]);
});
