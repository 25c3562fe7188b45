// Projects as they lie on disk: which folders are checked together, in which dialect, with which builtins.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import type { ProjectSettings } from "./project-settings.ts";
import { Workspace } from "./workspace.ts";

async function open(files: Record<string, string>, settings: ProjectSettings = {}): Promise<Workspace> {
  const workspace = new Workspace(memoryHost(files), settings);
  await workspace.setFolders(["/w"]);
  return workspace;
}

/** What each root finds, as `file: message`. */
function findings(workspace: Workspace): Record<string, readonly string[]> {
  return Object.fromEntries(
    workspace.roots.map((root) => {
      const project = workspace.project(root);
      const syntax = project.policies.flatMap((file) => project.parsed(file).diagnostics);
      const found = [...syntax, ...project.compileDiagnostics, ...project.data.diagnostics, ...project.dataConflicts];
      return [root, found.map(({ file, message }) => `${file}: ${message}`)];
    }),
  );
}

const v0 = "package a\n\np { input.x }\n";

test.each([
  ["a manifest", { "/w/b/.manifest": '{"rego_version": 0}', "/w/b/a.rego": v0 }],
  ["a pattern of a manifest", { "/w/.manifest": '{"file_rego_versions": {"/old/*": 0}}', "/w/old/a.rego": v0 }],
  ["the linter's configuration", { "/w/.regal/config.yaml": "project:\n  rego-version: 0\n", "/w/a.rego": v0 }],
  [
    "a root of the linter's configuration",
    { "/w/.regal.yaml": "project:\n  roots:\n    - main\n    - path: lib/old\n      rego-version: 0\n", "/w/lib/old/a.rego": v0 },
  ],
  ["a root of rw.conf", { "/w/rw.conf": "roots = [{ path = old, rego-version = 0 }]", "/w/old/a.rego": v0 }],
  ["its name", { "/w/a_v0.rego": v0 }],
])("the dialect of a file is told by %s", async (_, files) => {
  expect(Object.values(findings(await open(files as unknown as Record<string, string>))).flat()).toEqual([]);
});

test("bundles that define the same package are apart; one bundle is seen by the tests beside it", async () => {
  const bundle = "package policy\n\ndefault allow := false\n";
  const two = await open({
    "/w/one/.manifest": "{}",
    "/w/one/p.rego": bundle,
    "/w/two/.manifest": "{}",
    "/w/two/p.rego": bundle,
  });
  expect(findings(two)).toEqual({ "/w": [], "/w/one": [], "/w/two": [] });
  const one = await open({
    "/w/one/.manifest": "{}",
    "/w/one/p.rego": "package policy\n\nf(x) := x\n",
    "/w/tests/p_test.rego": "package policy_test\n\nimport data.policy\n\ntest_f if policy.f(1) == 1\n",
  });
  expect(findings(one)).toEqual({ "/w": [] });
});

test("a root of the settings sees what lies beside all roots, and an edit there reaches it", async () => {
  const policy = "package policy\n\nimport data.lib\n\ndefault allow := false\n\nallow if lib.f(1)\n";
  const workspace = await open(
    { "/w/lib/l.rego": "package lib\n\nf(x) := x\n", "/w/a/p.rego": policy, "/w/b/p.rego": policy },
    { roots: ["a", "b"] },
  );
  expect(findings(workspace)).toEqual({ "/w": [], "/w/a": [], "/w/b": [] });
  workspace.setBuffer("/w/lib/l.rego", "package lib\n\nf(x, y) := x + y\n", 1);
  expect(workspace.takeOutdated()).toEqual(["/w/a", "/w/b"]);
  const wrong = "function data.lib.f has arity 2, got 1 argument";
  expect(findings(workspace)).toEqual({ "/w": [], "/w/a": [`/w/a/p.rego: ${wrong}`], "/w/b": [`/w/b/p.rego: ${wrong}`] });
});

test("three folders that contradict each other are meant alone; two may be a mistake", async () => {
  const rule = (name: string) => `package play\n\ndefault name := "${name}"\n`;
  const files = { "/w/a/p.rego": rule("a"), "/w/b/p.rego": rule("b"), "/w/lib/l.rego": "package lib\n\none := 1\n" };
  const two = await open(files);
  expect(two.project("/w").aloneFolders).toEqual([]);
  expect(findings(two)["/w"]).toHaveLength(1);
  const three = await open({
    ...files,
    "/w/c/p.rego": `${rule("c")}\nx := data.lib.one + 1\n`,
    "/w/c/q.rego": "package q\n\ny := nope(1)\n",
  });
  const folders = three.project("/w").aloneFolders;
  expect(folders).toEqual(["/w/a", "/w/b", "/w/c"]);
  three.separate("/w", folders);
  expect(findings(three)).toEqual({ "/w": [], "/w/a": [], "/w/b": [], "/w/c": ["/w/c/q.rego: undefined function nope"] });
});

test("broken and clashing data is the problem of its files; the policies are checked all the same", async () => {
  const workspace = await open({
    "/w/p.rego": "package p\n\nx := 1\n\ny := nope(1)\n",
    "/w/data.json": '{"p": {"x": 2}, "q": 1}',
    "/w/q/data.json": '{"r": 1}',
    "/w/broken/data.yaml": "a: [1\n",
  });
  const found = findings(workspace)["/w"]!;
  expect(found).toContain("/w/p.rego: undefined function nope");
  expect(found.map((one) => one.split(":")[0])).toEqual([
    "/w/p.rego",
    "/w/broken/data.yaml",
    "/w/q/data.json",
    "/w/p.rego",
    "/w/data.json",
  ]);
});

test("a capabilities file brings builtins, and only those", async () => {
  const capabilities = JSON.stringify({
    builtins: [{ name: "acme.lookup", decl: { type: "function", args: [{ type: "string" }], result: { type: "number" } } }],
  });
  const files = { "/w/p.rego": 'package p\n\nx if acme.lookup("a")\n', "/w/caps.json": capabilities };
  expect(findings(await open(files))["/w"]).toEqual(["/w/p.rego: undefined function acme.lookup"]);
  expect(findings(await open(files, { capabilities: "caps.json" }))["/w"]).toEqual([]);
  expect(findings(await open({ ...files, "/w/rw.conf": 'capabilities = "caps.json"' }))["/w"]).toEqual([]);
  const other = await open({ ...files, "/w/p.rego": 'package p\n\nx if count("a")\n' }, { capabilities: "caps.json" });
  expect(findings(other)["/w"]).toEqual(["/w/p.rego: undefined function count"]);
  const missing = await open({ ...files, "/w/rw.conf": 'capabilities = "none.json"' });
  expect(missing.project("/w").configuration.capabilityProblems.map(({ file, message }) => [file, message])).toEqual([
    ["/w/rw.conf", "the capabilities file none.json is not there"],
  ]);
});

const noBuiltins = { "/w/caps.json": JSON.stringify({ builtins: [], features: [] }), "/w/rw.conf": 'capabilities = "caps.json"' };

test.each([
  ["x if data.rms.rbac.fresh", true],
  ['x if data["rms"].rbac.fresh', true],
  ['x if data.rms["rbac"].fresh', true],
  ["x if data.rms[_].fresh", true],
  ["x if data.rms", true],
  ["import data.rms as r\n\nx if r.rbac.fresh", true],
  ["import data.rms.user\n\nx if user.known", true],
  ["x if data.rms.us", true],
  ["x if data.rms.users[input.user]", false],
  ['x if data.rms["users"][input.user]', false],
  ['x if data["rms"].users', false],
  ["x if data.rms.data.rbac", false],
  ["x if data.rmsx.rbac", false],
  ["x if mydata.rms.rbac", false],
  ["x if input.data.rms.rbac", false],
])("the library comes along for what names its packages, or data.rms as a whole: %s", async (text, comes) => {
  const workspace = await open({ "/w/p.rego": `package p\n\n${text}\n`, ...noBuiltins });
  expect(workspace.project("/w").library.length > 0).toBe(comes);
});

test("the library stays away where the root around a project brings packages of its name", async () => {
  const workspace = await open(
    { "/w/lib.rego": "package rms.rbac\n\nfresh := true\n", "/w/q/p.rego": "package p\n\nx if data.rms.rbac.fresh\n" },
    { roots: ["q"] },
  );
  expect(workspace.project("/w/q").library).toEqual([]);
});

test("each folder has settings of its own", async () => {
  const policy = "package p\n\nx if input.usr\n";
  const workspace = new Workspace(memoryHost({ "/a/p.rego": policy, "/b/q/p.rego": policy, "/b/q/in.json": "{}" }));
  await workspace.setFolders(["/a", "/b"]);
  workspace.setSettings({ strict: false }, new Map([["/b", { strict: true, roots: ["q"] }]]));
  expect(workspace.roots).toEqual(["/a", "/b", "/b/q"]);
  expect(workspace.projectOf("/a/p.rego").settings.strict).toBe(false);
  expect(workspace.projectOf("/b/q/p.rego").settings.strict).toBe(true);
  expect(workspace.folderOf("/b/q/p.rego")).toBe("/b");
});

test("an empty file hides nothing that others miss", async () => {
  const found = findings(await open({ "/w/new.rego": "", "/w/p.rego": "package p\n\nx := data.nope.f(1)\n" }))["/w"];
  expect(found).toContain("/w/p.rego: undefined function data.nope.f");
});

test("a configuration that is included from another project holds at once, also right after an edit of a policy", async () => {
  const workspace = await open({
    "/w/a/rw.conf": 'include "../b/common.conf"',
    "/w/a/old/a.rego": "package a\n\np { input.x }\n",
    "/w/b/rw.conf": "",
    "/w/b/common.conf": "roots = [{ path = old, rego-version = 0 }]",
  });
  expect(findings(workspace)["/w/a"]).toEqual([]);
  workspace.setBuffer("/w/a/old/a.rego", "package a\n\nq { input.x }\n", 2);
  workspace.setBuffer("/w/b/common.conf", "roots = []", 2);
  expect(findings(workspace)["/w/a"]).toContain("/w/a/old/a.rego: `if` keyword is required before rule body");
});
