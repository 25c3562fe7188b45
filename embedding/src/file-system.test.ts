// Files in memory: addresses as the server writes them, folders, changes, and nothing beside the root.
import { expect, test } from "vitest";
import { type FileChange, memoryFiles } from "./file-system.ts";

const texts = { "a/b/p.rego": "package p", "a/data.json": "{}", "x y'.conf": "n = 1" };

test("folders hold what the paths say", () => {
  const files = memoryFiles(texts);
  expect(files.readFolder("memory:/project")).toEqual([
    { name: "a", kind: "folder" },
    { name: "x y'.conf", kind: "file" },
  ]);
  expect(files.readFolder("memory:/project/a")).toEqual([
    { name: "b", kind: "folder" },
    { name: "data.json", kind: "file" },
  ]);
  expect(files.readFolder("memory:/elsewhere")).toBe(undefined);
});

test("addresses and paths lead to each other", async () => {
  const files = memoryFiles(texts);
  expect(files.uri("x y'.conf")).toBe("memory:/project/x%20y%27.conf");
  expect(files.path(files.uri("x y'.conf"))).toBe("x y'.conf");
  expect(new TextDecoder().decode(await files.readFile("memory:/project/x%20y%27.conf"))).toBe("n = 1");
});

test.each(["memory:/project/%", "memory:/other", "file:///etc/passwd", "memory:/project/../p", "memory:/project/__proto__"])(
  "%s is no file",
  (uri) => {
    expect(memoryFiles(texts).readFile(uri)).toBe(undefined);
  },
);

test("changes are told, and no path leaves the root", () => {
  const files = memoryFiles(texts);
  const seen: FileChange[] = [];
  const end = files.onChange((changes) => seen.push(...changes));
  files.write("../../new.rego", "package n");
  files.write("new.rego", "package m");
  files.remove("new.rego");
  files.remove("new.rego");
  end();
  files.write("later.rego", "package l");
  expect(seen).toEqual([
    { uri: "memory:/project/new.rego", kind: "created" },
    { uri: "memory:/project/new.rego", kind: "changed" },
    { uri: "memory:/project/new.rego", kind: "deleted" },
  ]);
  expect(files.paths).toContain("later.rego");
});
