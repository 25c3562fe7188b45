// Policies below a root of `rw.conf` with a dialect are read in it by every command, as in the editor.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const files = {
  "/w/rw.conf": "roots = [policy, { path = legacy, rego-version = 0 }, { path = legacy/new, rego-version = 1 }]\n",
  "/w/policy/p.rego": "package p\n\nallow if data.old.allow\n",
  "/w/legacy/old.rego": "package old\n\nallow {\n\tinput.x\n}\n",
  "/w/legacy/old_test.rego": 'package old\n\ntest_allow {\n\tallow with input as {"x": true}\n}\n',
  "/w/legacy/new/n.rego": "package n\n\nallow if input.x\n",
};

test.each([
  ["check ."],
  ["check legacy/old.rego"],
  ["check -S legacy/new policy legacy/old.rego"],
  ["fmt -l legacy policy"],
  ["fmt --fail -d legacy/old.rego"],
])("%s", async (words) => {
  expect(await rw(files, ...words.split(" "))).toEqual({ code: 0, out: "", err: "" });
});

test("fmt that changes the dialect does so", async () => {
  const { code, out } = await rw(files, "fmt", "--v0-v1", "legacy/old.rego");
  expect([code, out]).toEqual([0, "package old\n\nimport rego.v1\n\nallow if {\n\tinput.x\n}\n"]);
});

test("decisions, tests and trees", async () => {
  expect((await rw(files, "eval", "-d", ".", "-f", "raw", 'data.p.allow with input as {"x": 1}')).out).toBe("true\n");
  expect((await rw(files, "test", ".")).out).toBe("PASS: 1/1\n");
  expect((await rw(files, "parse", "legacy/old.rego")).code).toBe(0);
});

test("what no root says is v1, and the nearest rw.conf says it alone", async () => {
  const { code, err } = await rw(
    { ...files, "/rw.conf": "roots = [{ path = w, rego-version = 0 }]\n", "/w/q.rego": "package q\n\na { true }\n" },
    "check",
    "q.rego",
  );
  expect([code, err]).toEqual([
    1,
    expect.stringContaining("q.rego:3: rego_parse_error: `if` keyword is required before rule body"),
  ]);
});
