// `rw hocon` over files in memory: what it prints and the exit codes.
import { expect, test } from "vitest";
import { parseArguments } from "../command.ts";
import { heardIo } from "../heard-io.test-helper.ts";
import { hocon } from "./hocon.ts";

const FILES: Readonly<Record<string, string>> = {
  "/w/main.conf": 'include "limits"\nbase { x = 1 }\nlimits.burst = 7s\ncopy = ${base}\nregion = ${?REGION}\n',
  "/w/limits.conf": "limits { burst = 5s }\n",
  "/w/bad.conf": 'a = ${x}\nb = "abc\n',
  "/w/ugly.conf": "a{\nb=1\n}\n",
  "/w/outside.conf": 'include "/etc/secret.conf"\n',
  "/w/project/rw.conf": "inputs.base = service.conf\n",
  "/w/project/service.conf": "name = s\n",
  "/w/project/in/sample.conf": "who = ${name}\n",
  "/w/link.conf": 'include "linked"\n',
  "/w/linked.conf": "secret = 1\n",
  "/etc/secret.conf": "secret = 1\n",
};

const LINKS: Readonly<Record<string, string>> = { "/w/linked.conf": "/etc/secret.conf" };

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const at = (path: string) => (path.startsWith("/") ? path : `/w/${path}`);
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (at(path) in FILES ? "file" : undefined),
    realPath: (path) => LINKS[at(path)] ?? at(path),
    readFile: (path) => new TextEncoder().encode(FILES[at(path)]),
    list: () => [],
  });
  const parsed = parseArguments(hocon, args, io);
  if ("error" in parsed) return { code: 2, ...printed(), err: parsed.error };
  const code = await hocon.run(parsed.invocation);
  return { code, ...printed() };
}

test("resolve prints JSON with includes and a given environment", async () => {
  const { code, out } = await run("resolve", "main.conf", "--compact", "-e", "REGION=eu");
  expect([code, out]).toEqual([0, '{"base":{"x":1},"copy":{"x":1},"limits":{"burst":"7s"},"region":"eu"}\n']);
});

test("resolve writes YAML and HOCON", async () => {
  expect((await run("resolve", "limits.conf", "--to", "yaml")).out).toBe('limits:\n  burst: "5s"\n');
  expect((await run("resolve", "limits.conf", "--to=hocon")).out).toBe('limits {\n  burst = "5s"\n}\n');
});

test("origins tells line, overridden lines and substitutions", async () => {
  const { out } = await run("origins", "main.conf");
  expect(out.split("\n")).toEqual([
    'limits.burst = "7s"  # main.conf:3, over limits.conf:1',
    "base.x = 1  # main.conf:2",
    "copy.x = 1  # main.conf:2, through main.conf:4",
    "",
  ]);
});

test("every error names its file and line", async () => {
  const { code, err } = await run("check", "bad.conf");
  expect(code).toBe(1);
  expect(err).toContain("error: bad.conf:2: this string is not closed on this line [hocon_open_string]");
  expect(err).toContain("error: bad.conf:1: no value for `x`");
});

test("fmt formats, and fails on request", async () => {
  expect((await run("fmt", "ugly.conf")).out).toBe("a {\n  b = 1\n}\n");
  expect((await run("fmt", "-l", "--fail", "ugly.conf", "limits.conf")).code).toBe(1);
});

test("includes do not leave the folder", async () => {
  const { code, err } = await run("resolve", "outside.conf");
  expect(code).toBe(1);
  expect(err).toContain("outside the folders that includes may read");
  expect((await run("resolve", "link.conf")).err).toContain("outside the folders that includes may read");
});

test("wrong arguments exit with 2", async () => {
  expect((await run("explode", "main.conf")).code).toBe(2);
  expect((await run("resolve")).code).toBe(2);
  expect((await run("resolve", "nope.conf")).code).toBe(1);
});

test("a sample that leaves something to the service's own document is told how to add it", async () => {
  const sample = "project/in/sample.conf";
  expect((await run("check", sample)).err).toBe(
    `error: ${sample}:1: no value for \`name\` in this file, its includes, the profile or the environment [hocon_unresolved]\nnote: as a sample, ${sample} lies on project/service.conf (\`inputs.base\` of rw.conf), and here with --fallback project/service.conf\n`,
  );
  expect(await run("resolve", "--compact", "--fallback", "project/service.conf", sample)).toEqual({
    code: 0,
    out: '{"name":"s","who":"s"}\n',
    err: "",
  });
});
