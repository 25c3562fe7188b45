// `npm start` with a command line that needs no answer of RMS: nothing is installed or built for it.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

/** What `scripts/start.mjs` says; an npm that installs or builds would not be found. */
function start(...words: readonly string[]): { code: number | null; said: string } {
  const script = join(import.meta.dirname, "start.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], { env: { PATH: "" }, encoding: "utf8" });
  return { code: status, said: `${stdout}${stderr}`.split("\n")[0] ?? "" };
}

test.each([
  [["--help"], 0, "npm start -- [--once] [--listen HOST:PORT] [--data FOLDER]"],
  [["-h"], 0, "npm start -- [--once] [--listen HOST:PORT] [--data FOLDER]"],
  [["--wat"], 1, "rulewright: unknown option --wat"],
  [["--once=yes"], 1, "rulewright: unknown option --once=yes"],
  [["--once", "more"], 1, "rulewright: unknown option more"],
  [["--data"], 1, "rulewright: --data needs a value"],
  [["--listen="], 1, "rulewright: --listen needs a value"],
])("npm start -- %j", (words, code, said) => {
  expect(start(...words)).toEqual({ code, said });
});
