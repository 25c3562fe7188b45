// `--input-set`: values above all others of an input, or an input of their own.
import { expect, test } from "vitest";
import { runsOnDisk } from "./run-on-disk.test-helper.ts";

const rw = runsOnDisk("rw-input-set-");

const files = {
  "a.json": '{"user": {"name": "ann", "role": "clerk"}}',
  "a.conf": 'user { name = ann, role = ${?ROLE} }\nlimit = ${user.role}" limit"\n',
};

test.each([
  [["-i", "<cwd>/a.json", "--input-set", "user.role=boss"], '{"user":{"name":"ann","role":"boss"}}'],
  [["-i", "<cwd>/a.conf", "--input-set", "user.role=boss"], '{"limit":"boss limit","user":{"name":"ann","role":"boss"}}'],
  [["--input-set", "user.role=boss", "--input-set", "tags=[a, b]"], '{"tags":["a","b"],"user":{"role":"boss"}}'],
])("%j", async (flags, input) => {
  expect(await rw(files, ["eval", ...flags, "-f", "raw", "input"])).toMatchObject({ code: 0, out: `${input}\n` });
});

test("what is no assignment says so", async () => {
  const { code, err } = await rw(files, ["eval", "-i", "<cwd>/a.json", "--input-set", "user.role", "input"]);
  expect(code).toBe(2);
  expect(err).toContain("--input-set:1: the key `user.role` has no value");
});
