// `rw completion`: the scripts, and Bash's as it runs.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { rw } from "../run-in-memory.test-helper.ts";

test.each(["bash", "zsh", "fish", "powershell"])("%s asks rw for what can stand at the cursor", async (shell) => {
  const { code, out, err } = await rw({}, "completion", shell);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("__complete");
});

test("another shell is refused, with those that there are", async () => {
  const { code, err } = await rw({}, "completion", "tcsh");
  expect(code).toBe(1);
  expect(err).toMatch(/^Error: name one shell: bash, zsh, fish, powershell\n/u);
  expect((await rw({}, "completion")).code).toBe(1);
});

test("a candidate is a line, with what it is about behind a tab; the overview does not name the question", async () => {
  expect((await rw({}, "__complete", "--", "cap")).out).toBe("capabilities\tShow capabilities for OPA.\n");
  expect((await rw({}, "__complete", "--", "check", "")).out).toBe(":files\n");
  expect((await rw({}, "__complete", "--next", "check", "--format")).out).toContain("sarif\t\n");
  expect((await rw({}, "__complete", "--", "check", "--help")).out).toBe("--help\tshow the help text\n");
  expect((await rw({}, "help")).out).not.toContain("__complete");
});

test.skipIf(process.platform === "win32").each([
  [["rw", "chec"], "check"],
  [["rw", "check", "--format", "=", "js"], "json"],
  [["rw", "check", "--format", "="], "pretty json sarif github junit"],
  [["rw", "check", "--format", "gi"], "github"],
  [["rw", "check", "pol"], ""],
])("bash completes %s by %s", async (words, expected) => {
  const { out: script } = await rw({}, "completion", "bash");
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const ask = `rw() { "$NODE" "$MAIN" "$@"; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rw; echo "\${COMPREPLY[*]}"`;
  const run = spawnSync("bash", ["-c", `${script}\n${ask}`, "bash", ...words], {
    encoding: "utf8",
    env: { ...process.env, NODE: process.execPath, MAIN: main },
  });
  expect(run.stderr).toBe("");
  expect(run.stdout.trim()).toBe(expected);
});
