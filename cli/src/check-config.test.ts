// `rw check` over folders with a `rw.conf`: its faults beside those of the policies.
import { expect, test } from "vitest";
import { heardIo } from "./heard-io.test-helper.ts";
import { main } from "./main.ts";
import { rw } from "./run-in-memory.test-helper.ts";

const good = { "/w/p.rego": "package p\n\nallow := true\n" };

test.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
  [
    "a value of the wrong shape",
    { ...good, "/w/rw.conf": "entrypoints = [p/allow]\nroots = 17\n" },
    ["."],
    "1 error occurred: rw.conf:2: rw_config_error: `roots` must be a list of folders\n",
  ],
  [
    "a root that is not there, beside a fault of a policy",
    { "/w/a/p.rego": "package p\n\nallow := x\n", "/w/a/rw.conf": "roots = [lib]\n" },
    ["a"],
    "2 errors occurred:\na/rw.conf:1: rw_config_error: the folder lib (`roots`) is not there, or is empty\na/p.rego:3: rego_unsafe_var_error: var x is unsafe\n",
  ],
  [
    "as a bundle",
    { ...good, "/w/rw.conf": "roles = who.conf\n" },
    ["-b", "."],
    "1 error occurred: rw.conf:1: rw_config_error: the roles file who.conf is not there\n",
  ],
  [
    "capabilities that are none",
    { ...good, "/w/rw.conf": "capabilities = c.json\n", "/w/c.json": "[]" },
    ["."],
    "1 error occurred: rw.conf:1: rw_config_error: c.json is no capabilities file: `opa capabilities` writes one\n",
  ],
  ["a file alone is no project", { ...good, "/w/rw.conf": "roots = 17\n" }, ["p.rego"], ""],
])("check tells %s", async (_, files, words, err) => {
  expect(await rw(files, "check", ...words)).toEqual({ code: err === "" ? 0 : 1, out: "", err });
});

test("a key that nothing reads is a warning", async () => {
  const files = { ...good, "/w/rw.conf": "\nentrypoint = [p/allow]\n" };
  expect(await rw(files, "check", ".")).toEqual({
    code: 0,
    out: "",
    err: "warning: rw.conf:2: rw.conf has no key `entrypoint`: did you mean `entrypoints`?\n",
  });
  expect(await rw(files, "check", "-f", "json", ".")).toEqual({ code: 0, out: "", err: "" });
});

test("eval does not go on with an input of settings that cannot be read", async () => {
  const files = { ...good, "/w/rw.conf": "roots = [lib]\n", "/w/in.conf": "a = 1\n" };
  const { code, err } = await rw(files, "eval", "-d", "p.rego", "-i", "in.conf", "data.p.allow");
  expect([code, err]).toEqual([2, expect.stringContaining("/w/rw.conf:1: the folder lib (`roots`) is not there, or is empty")]);
});

test("each rw.conf is read once", async () => {
  const files = new Map([
    ["rw.conf", "roots = [.]\n"],
    ["p.rego", "package p\n"],
  ]);
  const reads: string[] = [];
  const name = (path: string): string => path.replace(/^\/w\//u, "");
  const { io } = heardIo({
    cwd: "/w",
    kind: (path) => (files.has(name(path)) ? "file" : /^(?:\.|\/w)$/u.test(path) ? "folder" : undefined),
    realPath: (path) => path,
    readFile: (path) => {
      reads.push(name(path));
      return new TextEncoder().encode(files.get(name(path)));
    },
    list: () => [...files.keys()],
  });
  expect([await main(["check", "."], io), reads.sort()]).toEqual([0, ["p.rego", "rw.conf"]]);
});
