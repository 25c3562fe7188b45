// `opa.runtime` shows the process of a command, as OPA's own does.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const files = {
  "/w/p.rego": 'package p\n\nshown := object.remove(opa.runtime(), ["env"])\n\nenv := opa.runtime().env\n',
  "/w/p_test.rego":
    'package p_test\n\nimport data.p\n\ntest_shown if p.shown.version == "1.22.2"\n\ntest_env if is_object(p.env)\n',
  "/w/input.json": "{}",
};
const shown = '{"authorization_enabled":false,"commit":"","skip_known_schema_check":false,"version":"1.22.2"}';

test("eval", async () => {
  expect(await rw(files, "eval", "-d", "p.rego", "-f", "raw", "data.p.shown")).toMatchObject({ code: 0, out: `${shown}\n` });
});

test("test", async () => {
  expect(await rw(files, "test", "p.rego", "p_test.rego")).toMatchObject({ code: 0, out: "PASS: 2/2\n" });
});

test("exec", async () => {
  const { out } = await rw(files, "exec", "-b", ".", "--decision", "p/shown", "input.json");
  expect(JSON.parse(out).result[0]).toMatchObject({ result: JSON.parse(shown) });
});
