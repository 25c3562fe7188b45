// The built `rw` and a real OPA side by side on the command lines of test-fixtures/cli/cases.
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { caseFiles, comparable, fixtures, type Printed, readCases, wordsOf } from "../../cli/src/recorded.test-helper.ts";
import { run } from "../programs/run.ts";

function opa(words: readonly string[]): Printed {
  const { status, stdout, stderr } = spawnSync(process.env["OPA"] ?? "opa", words, {
    cwd: fixtures,
    encoding: "utf8",
    input: "",
  });
  return { code: status, out: stdout, err: stderr };
}

describe.each(caseFiles())("%s", (name) => {
  test.each(readCases(name).map(({ line }) => line))("%s", async (line) => {
    const words = wordsOf(line);
    expect(comparable(await run("rw", words, { cwd: fixtures, stdin: "" }))).toEqual(comparable(opa(words)));
  });
});
