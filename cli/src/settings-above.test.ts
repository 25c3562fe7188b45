// A `rw.conf` above the working directory counts as the editor counts it, up to the repository.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const policies = {
  "/rw.conf": "roots = [{ path = w, rego-version = 0 }]\n",
  "/w/p.rego": "package p\n\nallow {\n\tinput.x\n}\n",
};

test("it gives policies their dialect", async () => {
  expect(await rw(policies, "check", ".")).toEqual({ code: 0, out: "", err: "" });
});

test("what lies above the repository says nothing", async () => {
  expect((await rw({ ...policies, "/w/.git/HEAD": "" }, "check", ".")).code).toBe(1);
});

test("an input is read with its settings, and it is told", async () => {
  const files = { "/rw.conf": "inputs.base = base.conf\n", "/base.conf": "region = eu\n", "/w/a.conf": "user = ann\n" };
  expect(await rw(files, "eval", "-i", "a.conf", "-f", "raw", "input.region")).toEqual({
    code: 0,
    out: "eu\n",
    err: "note: a.conf is read with the settings of /rw.conf\n",
  });
});

test("of many inputs, once", async () => {
  const files = { "/rw.conf": "inputs.base = base.conf\n", "/base.conf": "a = 1\n", "/w/in/x.conf": "", "/w/in/y.conf": "" };
  const { err } = await rw(
    { ...files, "/w/p.rego": "package p\n\nx := input.a\n" },
    "exec",
    "--decision",
    "p/x",
    "-d",
    "p.rego",
    "in",
  );
  expect(err).toBe("note: in/x.conf is read with the settings of /rw.conf\n");
});
