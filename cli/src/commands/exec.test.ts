// `rw exec` over files in memory: results in the form of `opa exec`, and its exit codes.
import { expect, test } from "vitest";
import { parseArguments } from "../command.ts";
import { heardIo } from "../heard-io.test-helper.ts";
import { exec } from "./exec.ts";

const FILES: Readonly<Record<string, string>> = {
  "p.rego":
    'package p\n\ndefault allow := false\n\nallow if input.user == "a"\n\nroles contains role if some role in input.roles\n\nnone if input.nope\n\nbad if f(1) == 3\n\nf(_) := 1\n\nf(_) := 2\n\nlist := ["x", "y"]\n',
  "in/a.json": '{"user": "a", "roles": ["r"]}',
  "in/b.conf": "user = b, roles = []",
  "in/broken.json": "{",
  "in/notes.txt": "no input",
  "comma.json": '{"user": "a",}',
  "empty.json": "",
  "several.yaml": "user: a\n---\nuser: b\n",
  "config.yaml": "default_decision: p/allow\n",
  "services.yaml": "services:\n  s:\n    url: https://example.org\nbundles:\n  b:\n    service: s\n",
};

async function run(...args: string[]): Promise<{ code: number; result: unknown; err: string }> {
  const folders = ["in"];
  const { io, printed } = heardIo({
    cwd: "/w",
    readStdin: async () => '{"user": "a"}',
    kind: (path) => (folders.includes(path) ? "folder" : path in FILES ? "file" : undefined),
    realPath: (path) => path,
    readFile: (path) => new TextEncoder().encode(FILES[path]),
    list: (path) => Object.keys(FILES).flatMap((name) => (name.startsWith(`${path}/`) ? [name.slice(path.length + 1)] : [])),
  });
  const parsed = parseArguments(exec, ["-d", "p.rego", ...args], io);
  if ("error" in parsed) return { code: 2, result: undefined, err: parsed.error };
  const code = await exec.run(parsed.invocation);
  const { out, err } = printed();
  const { result } = (out === "" ? {} : JSON.parse(out)) as { result?: readonly Record<string, unknown>[] };
  return { code, result: result?.map(({ decision_id: _, ...rest }) => rest), err: told(err) };
}

/** The errors of log entries, a line each. */
function told(log: string): string {
  return log.replace(/^\{.*\}$/gmu, (entry) => (JSON.parse(entry) as { readonly err: string }).err);
}

test("each input below the paths has its decision; what is no input is left out, what cannot be read is told", async () => {
  expect(await run("--decision", "p/allow", "in")).toEqual({
    code: 0,
    result: [
      { path: "in/a.json", result: true },
      { path: "in/b.conf", result: false },
      { path: "in/broken.json", error: { message: expect.stringContaining("in/broken.json") } },
    ],
    err: "",
  });
});

test("any input is YAML, whatever its name is", async () => {
  expect(await run("--decision", "p/allow", "comma.json", "empty.json", "several.yaml")).toEqual({
    code: 0,
    result: [
      { path: "comma.json", result: true },
      { path: "empty.json", result: false },
      { path: "several.yaml", result: true },
    ],
    err: "",
  });
});

test("numbers of a path are indexes, and what can never be there is an error of each input", async () => {
  expect(await run("--decision", "p/list/1", "in/a.json")).toMatchObject({ result: [{ result: "y" }] });
  expect(await run("--decision", "p/allow/x", "--fail-defined", "in/a.json")).toEqual({
    code: 1,
    result: [
      {
        path: "in/a.json",
        error: [
          {
            code: "rego_type_error",
            message: "undefined ref: data.p.allow.x",
            location: { file: "", row: 1, col: 1 },
            details: expect.objectContaining({ pos: 2, have: { type: "boolean" } }),
          },
        ],
      },
    ],
    err: "exec error: there were 0 failures and 1 errors counted in the results list, and --fail-defined is set\n",
  });
});

test("the input of standard input", async () => {
  expect(await run("--decision", "/p/allow", "-I")).toMatchObject({ result: [{ path: "--stdin-input", result: true }] });
  expect(await run("--decision", "/p/allow", "-I", "in/b.conf")).toMatchObject({
    result: [
      { path: "--stdin-input", result: true },
      { path: "in/b.conf", result: false },
    ],
  });
});

test("undefined decisions and errors of evaluation stand in the results", async () => {
  expect(await run("--decision", "p/none", "in/a.json")).toMatchObject({
    code: 0,
    result: [{ error: { code: "opa_undefined_error", message: "p/none decision was undefined" } }],
  });
  expect(await run("in/a.json")).toMatchObject({ result: [{ error: { message: "/system/main decision was undefined" } }] });
  expect(await run("--decision", "", "in/a.json")).toMatchObject({
    result: [{ error: { message: "/system/main decision was undefined" } }],
  });
  expect(await run("--decision", "p/bad", "in/a.json")).toMatchObject({
    result: [{ error: { code: "eval_conflict_error", location: { file: "p.rego", row: 15 } } }],
  });
});

test.each([
  ["p/none", "--fail", "0 failures and 1 errors"],
  ["p/allow", "--fail", undefined],
  ["p/bad", "--fail", undefined],
  ["p/allow", "--fail-defined", "1 failures and 0 errors"],
  ["p/none", "--fail-defined", undefined],
  ["p/bad", "--fail-defined", "0 failures and 1 errors"],
  ["p/roles", "--fail-non-empty", "1 failures and 0 errors"],
])("%s with %s", async (decision, flag, counted) => {
  const { code, err } = await run("--decision", decision, flag, "in/a.json");
  expect([code, err]).toEqual(
    counted === undefined ? [0, ""] : [1, `exec error: there were ${counted} counted in the results list, and ${flag} is set\n`],
  );
});

test("wrong arguments", async () => {
  expect(await run()).toMatchObject({
    code: 1,
    err: expect.stringContaining("requires at least 1 path arg, or the --stdin-input flag"),
  });
  expect(await run("none.json")).toMatchObject({ code: 1, err: "exec error: lstat none.json: no such file or directory\n" });
  expect(await run("--fail", "--fail-defined", "in")).toMatchObject({
    err: "exec error: specify --fail or --fail-defined but not both\n",
  });
});

test("a configuration may name the decision, and nothing is fetched", async () => {
  const allowed = { code: 0, result: [{ path: "in/a.json", result: true }], err: "" };
  expect(await run("-c", "config.yaml", "in/a.json")).toEqual(allowed);
  expect(await run("--set", "default_decision=p/allow", "--log-level", "info", "--log-format", "text", "in/a.json")).toEqual(
    allowed,
  );
  const fault = async (...args: string[]): Promise<string> => (await run(...args, "in/a.json")).err;
  expect(await fault("-c", "nope.yaml")).toBe("config error: open nope.yaml: no such file or directory\n");
  expect(await fault("-c", "services.yaml")).toBe("config error: bundles: nothing is fetched here, name bundles with --bundle\n");
  expect(await fault("--set", "x")).toBe('config error: failed parsing --set data: key "x" has no value\n');
});

test("what ends the command is a log entry in the format that is asked for; what policies print is one from the level info on", async () => {
  const log = async (...args: string[]): Promise<string> => {
    const { io, printed } = heardIo({
      cwd: "/w",
      kind: (path) =>
        /^(?:\.\/)?b\/?$/u.test(path) ? "folder" : path.startsWith("b/") || path === "in.json" ? "file" : undefined,
      realPath: (path) => path,
      readFile: (path) => new TextEncoder().encode(path === "in.json" ? "{}" : 'package p\n\nq if print("<", 1)\n'),
      list: () => ["a.rego"],
    });
    const bundle = args.includes("-b") ? [] : ["-b", "b"];
    const parsed = parseArguments(exec, [...bundle, "--decision", "p/q", "in.json", "--log-timestamp-format", "T", ...args], io);
    if ("error" in parsed) return parsed.error;
    await exec.run(parsed.invocation);
    return printed().err;
  };
  expect(await log()).toBe("");
  expect(await log("-l", "info")).toBe('{"level":"info","line":"/a.rego:3","msg":"\\u003c 1","time":"T"}\n');
  expect(await log("-l", "info", "-b", "./b/")).toBe('{"level":"info","line":"/a.rego:3","msg":"\\u003c 1","time":"T"}\n');
  const sentence = "exec error: there were 1 failures and 0 errors counted in the results list, and --fail-defined is set";
  expect(await log("--fail-defined")).toBe(`{"err":"${sentence}","level":"error","msg":"Unexpected error.","time":"T"}\n`);
  expect(await log("--fail-defined", "--log-format", "json-pretty")).toBe(
    `{\n  "err": "${sentence}",\n  "level": "error",\n  "msg": "Unexpected error.",\n  "time": "T"\n}\n`,
  );
  expect(await log("--fail-defined", "--log-format", "text")).toBe("[ERROR] Unexpected error.\n  err = {}\n\n");
});

test("a bundle that is none is told by its number and its files by their paths inside, as a running OPA tells them", async () => {
  const files: Readonly<Record<string, string>> = {
    "a/p.rego": "package p\n\nq := 1 == \n",
    "b/p.rego": "package p\n\nq := 1\n",
    "c/p.rego": "package p\n\nq := none(1)\n",
    "d/data.json": "{",
    "in.json": "{}",
  };
  const log = async (...bundles: string[]): Promise<readonly string[]> => {
    const { io, printed } = heardIo({
      cwd: "/w",
      kind: (path) => (path in files ? "file" : /^[abcd]$/u.test(path) ? "folder" : undefined),
      realPath: (path) => path,
      readFile: (path) => new TextEncoder().encode(files[path]),
      list: (folder) => Object.keys(files).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(2)] : [])),
    });
    const parsed = parseArguments(exec, [...bundles.flatMap((name) => ["-b", name]), "--decision", "p/q", "in.json"], io);
    if ("error" in parsed) return [parsed.error];
    await exec.run(parsed.invocation);
    const entries = printed().err.trim().split("\n");
    return entries.map((entry) => String(JSON.parse(entry).err ?? `${JSON.parse(entry).name} ${JSON.parse(entry).msg}`));
  };
  const broken = "1 error occurred: /p.rego:4: rego_parse_error: unexpected eof token\n\tq := 1 == \n\t        ^";
  const ended = (name: string, why: string) =>
    `runtime error: Bundle name: ${name}, Code: bundle_error, HTTPCode: -1, Message: ${why}`;
  expect(await log("b", "a")).toEqual([`~1 Bundle load failed: ${broken}`, ended("~1", broken)]);
  const unknown = "1 error occurred: /p.rego:3: rego_type_error: undefined function none";
  expect(await log("c")).toEqual([`~0 Bundle activation failed: ${unknown}`, ended("~0", unknown)]);
  const cut = "bundle load failed on /data.json: unexpected EOF";
  expect(await log("d")).toEqual([`~0 Bundle load failed: ${cut}`, ended("~0", cut)]);
  const missing = "stat /w/none: no such file or directory";
  expect(await log("none")).toEqual([`~0 Bundle load failed: ${missing}`, ended("~0", missing)]);
  const twice =
    "bundles [~0, ~1] have overlapping roots and cannot be activated simultaneously because bundle(s) [~0, ~1] specify empty root paths ('') which overlap with any other bundle root";
  expect(await log("b", "b")).toEqual([`~0 Bundle activation failed: ${twice}`, ended("~0", twice)]);
});
