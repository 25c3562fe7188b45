// The runner itself: a right file passes, one corrupted expectation of any format fails the run, strangers are failures.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const kits = "test-fixtures/conformance";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(path: string): { readonly code: number | null; readonly last: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/conformance/main.ts", path], { encoding: "utf8" });
  return { code: status, last: stdout.trim().split("\n").at(-1) ?? "", err: stderr };
}

/** Copies a file of a kit, changed by `edit`, out of the repository. */
function changed(name: string, edit: (text: string) => string): string {
  const path = join(folder, `${name.replaceAll("/", "-")}`);
  const before = readFileSync(join(kits, name), "utf8");
  const after = edit(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return path;
}

test.each([
  [
    "evaluation cases",
    "rego/cases/v1/every.json",
    (text: string) => text.replace('"want_result":[{"x":true}]', '"want_result":[{"x":false}]'),
  ],
  [
    "builtin probes",
    "rego/builtins/abs.json",
    (text: string) =>
      text.replace(/"kind": "value", "json": ([0-9]+), "rego": "\1"/, '"kind": "value", "json": 999, "rego": "999"'),
  ],
  ["diagnostics", "rego/diagnostics/recursion.json", (text: string) => text.replace(/rego_recursion_error/, "rego_other_error")],
  [
    "formatter",
    "rego/fmt/rules.json",
    (text: string) => text.replace('"output": "package kit.fmt', '"output": "package other.fmt'),
  ],
  [
    "trees",
    "rego/fmt/_ast.json",
    (text: string) => text.replace('{"type": "string", "value": "kit"}', '{"type": "string", "value": "other"}'),
  ],
  ["HOCON", "hocon/cases/num.jsonl", (text: string) => text.replace(/"json":"\{\\"a\\":/, '"json":"{\\"b\\":')],
])("%s: one wrong expectation fails the run", (_format, name, edit) => {
  const path = changed(name, edit);
  const outcome = run(path);
  expect(outcome.code).toBe(1);
  expect(outcome.last).toMatch(/^\d+ passed, [1-9]\d* failed$/);
});

test("a right file outside the repository passes without exclusions", () => {
  const path = join(folder, "every.json");
  cpSync(join(kits, "rego/cases/v1/every.json"), path);
  expect(run(path)).toMatchObject({ code: 0, last: expect.stringMatching(/^[1-9]\d* passed, 0 failed$/) });
});

test.each([
  ["no such path", () => join(folder, "nowhere")],
  [
    "a file of no known format",
    () => {
      writeFileSync(join(folder, "strange.json"), '{"cases": [{"id": "x"}]}');
      return join(folder, "strange.json");
    },
  ],
  [
    "a file that is no JSON",
    () => {
      writeFileSync(join(folder, "broken.json"), "{");
      return join(folder, "broken.json");
    },
  ],
  [
    "an empty set",
    () => {
      writeFileSync(join(folder, "empty.json"), '{"builtin": "abs", "probes": []}');
      return join(folder, "empty.json");
    },
  ],
])("%s is a failure", (_what, path) => {
  expect(run(path())).toMatchObject({ code: 1, last: "0 passed, 1 failed" });
});
