// Data files become one document, which stays the same object while they do not change.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import { bufferFile } from "./source-file.ts";
import { openProject } from "./workspace.ts";

const open = (files: Readonly<Record<string, string>>) => openProject(memoryHost(files), "/p");

test("each file stands at the path of its folder; numbers keep their digits", async () => {
  const project = await open({
    "/p/data.json": '{"a": {"x": 1.10}, "b": []}',
    "/p/a/data.yaml": "y: 2",
    "/p/a/deep/er/data.json": "[3]",
  });
  expect(project.data.json).toBe('{"a":{"deep":{"er":[3]},"x":1.10,"y":2},"b":[]}');
  expect(project.data.diagnostics).toEqual([]);
});

test("a file that clashes with those before it is left out as a whole, and told", async () => {
  const project = await open({ "/p/a/data.json": '{"x": 1}', "/p/data.json": '{"a": {"w": 0, "x": 2}, "b": 3}' });
  expect(project.data.json).toBe('{"a":{"x":1}}');
  expect(project.data.diagnostics.map(({ file, message }) => `${file}: ${message}`)).toEqual([
    "/p/data.json: data.a.x is given by another file too",
  ]);
});

test("an edit of a policy leaves the document as it is, one of a data file makes another", async () => {
  const project = await open({ "/p/p.rego": "package p\n", "/p/data.json": '{"a": 1}' });
  const typed = project.withFile("/p/p.rego", bufferFile("/p/p.rego", "package p\n\nr := 1\n", 2));
  expect(typed.data).toBe(project.data);
  const changed = typed.withFile("/p/data.json", bufferFile("/p/data.json", '{"a": 2}', 3));
  expect(changed.data.json).toBe('{"a":2}');
  expect(changed.data.key).not.toBe(project.data.key);
});
