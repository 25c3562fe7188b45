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
