// The folder `.` as a bundle.
import { expect, test } from "vitest";
import { readBundle } from "./bundle-load.ts";
import { heardIo } from "./heard-io.test-helper.ts";
import { rw } from "./run-in-memory.test-helper.ts";

test("below `.` the dot before a name belongs to the folder, but not before a manifest", () => {
  const files: Readonly<Record<string, string>> = {
    ".manifest": '{"revision": "7"}',
    ".lint/rule.rego": "package lint",
    "shop/.data.json": "{}",
    "shop/policy.rego": "package shop",
  };
  const below = (folder: string): readonly string[] =>
    Object.keys(files).flatMap((path) =>
      folder === "." ? [path.split("/")[0]!] : path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
    );
  const plain = (path: string): string => path.replace(/^\.\/(?=.)/u, "");
  const { io } = heardIo({
    cwd: "/here",
    kind: (path) => (files[plain(path)] !== undefined ? "file" : below(plain(path)).length > 0 ? "folder" : undefined),
    realPath: (path) => path,
    readFile: (path) => new TextEncoder().encode(files[plain(path)]),
    list: (path) => [...new Set(below(plain(path)))].sort(),
  });
  const bundle = readBundle(".", { ignore: [], version: "v1" }, io);
  expect(bundle.files.map(({ path }) => path).sort()).toEqual([
    ".manifest",
    "lint/rule.rego",
    "shop/.data.json",
    "shop/policy.rego",
  ]);
  expect(bundle.modules.map(({ file }) => file)).toEqual(["lint/rule.rego", "shop/policy.rego"]);
  expect(bundle.manifest).toEqual({ revision: "7" });
});

test("a link that is named as a bundle is not followed, unless a slash stands behind it", () => {
  const { io } = heardIo({
    cwd: "/here",
    kind: (path) => (/^link\/?$/u.test(path) ? "folder" : path === "link/a.rego" ? "file" : undefined),
    isLink: (path) => path.replace(/\/$/u, "") === "link",
    realPath: (path) => path,
    readFile: () => new TextEncoder().encode("package a"),
    list: () => ["a.rego"],
  });
  const filesOf = (path: string) => readBundle(path, { ignore: [], version: "v1" }, io).files.map((file) => file.path);
  expect(filesOf("link")).toEqual([]);
  expect(filesOf("link/")).toEqual(["a.rego"]);
});

test("rules of a bundle conflict with the loose data that it takes the place of", async () => {
  const files = { "/w/d.json": '{"a": {"allow": 2}, "q": 1}', "/w/b/a.rego": "package a\n\nallow := 1\n" };
  const { code, out } = await rw(files, "eval", "-d", "d.json", "-b", "b", "data");
  expect([code, JSON.parse(out).errors[0].message]).toEqual([2, "conflicting rule for data path a/allow found"]);
  const other = { ...files, "/w/d.json": '{"a": {"other": 2}, "q": 1}' };
  expect(await rw(other, "eval", "-d", "d.json", "-b", "b", "-f", "raw", "data")).toMatchObject({ out: '{"a":{"allow":1}}\n' });
});
