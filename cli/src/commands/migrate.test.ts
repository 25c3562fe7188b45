// `rw migrate` over real folders.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runsOnDisk } from "../run-on-disk.test-helper.ts";

const rw = runsOnDisk("rw migrate-");

const files = {
  "rw.conf": "entrypoints = [a/allow]\n",
  "a.rego": 'package a\n\ndeny[msg] { input.x; msg := "no" }\n\nallow { not deny["no"] }\n',
  "a_test.rego": "package a_test\n\nimport data.a\n\ntest_allow { a.allow with input as {} }\n",
  "b.rego": "package b\n\nok if input.x\n",
  "inputs/x.json": '{"x": true}',
};
const written = 'package a\n\nimport rego.v1\n\ndeny contains msg if {\n\tinput.x\n\tmsg := "no"\n}\n\nallow if not deny.no\n';

test("shows what changes and writes nothing", async () => {
  const { cwd, code, out, err } = await rw(files, ["migrate", "<cwd>"]);
  expect(code).toBe(0);
  expect(out).toContain("-allow { not deny");
  expect(out).toContain("+allow if not deny.no");
  expect(out).not.toContain("b.rego");
  expect(err).toBe("2 policies to write; 2 decisions stay. --write writes them.\n");
  expect(readFileSync(join(cwd, "a.rego"), "utf8")).toBe(files["a.rego"]);
});

test("writes policies and tests, and has nothing to do then", async () => {
  const { cwd, code, out } = await rw(files, ["migrate", "<cwd>", "-w"]);
  expect([code, out]).toEqual([0, "Wrote 2 policies; 2 decisions stay.\n"]);
  expect(readFileSync(join(cwd, "a.rego"), "utf8")).toBe(written);
  expect((await rw({}, ["migrate", cwd])).out).toBe("Every policy is written for Rego v1.\n");
});

test("lists the policies", async () => {
  expect((await rw(files, ["migrate", "<cwd>", "--list"])).out).toBe("a.rego\na_test.rego\n");
});

test("what v1 has no place for is left, with the reason, and the exit code tells", async () => {
  const { cwd, code, err } = await rw({ "a.rego": "package a\n\ninput := 1\n\nallow { input == 1 }\n" }, [
    "migrate",
    "<cwd>",
    "-w",
  ]);
  expect(code).toBe(1);
  expect(err).toMatch(/^left as it is: a\.rego:3: .*input/u);
  expect(existsSync(join(cwd, "a.rego"))).toBe(true);
});

test("what cannot be decided is written only when that is forced", async () => {
  const broken = { ...files, "c.rego": "package a\n\nlost { unknown_function(1) }\n" };
  const { cwd, code, out, err } = await rw(broken, ["migrate", "<cwd>", "-w"]);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain(
    "decisions cannot be compared: the policies have errors: c.rego:3: undefined function unknown_function\n",
  );
  expect(err).toContain("Nothing was written. --force writes without that proof.\n");
  expect(readFileSync(join(cwd, "a.rego"), "utf8")).toBe(files["a.rego"]);
  const forced = await rw({}, ["migrate", cwd, "-w", "--force"]);
  expect([forced.code, forced.out]).toEqual([0, "Wrote 3 policies; decisions are not compared.\n"]);
});

test("data and samples that cannot be read are told", async () => {
  const { code, err } = await rw({ ...files, "data.json": "{" }, ["migrate", "<cwd>"]);
  expect([code, err]).toEqual([1, expect.stringMatching(/decisions cannot be compared: data\.json:\d+: not JSON/u)]);
  const sample = await rw({ ...files, "inputs/y.json": "{" }, ["migrate", "<cwd>"]);
  expect([sample.code, sample.err]).toEqual([0, expect.stringMatching(/^note: not decided: inputs\/y\.json/u)]);
});

test("one decision is one", async () => {
  const { "a_test.rego": _test, ...fewer } = files;
  expect((await rw(fewer, ["migrate", "<cwd>"])).err).toBe("1 policy to write; 1 decision stays. --write writes them.\n");
});
