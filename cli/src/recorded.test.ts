// Every command line of test-fixtures/cli/cases prints what a real OPA printed. `node scripts/record-cli.ts` records them anew.
import { describe, expect, test } from "vitest";
import { caseFiles, comparable, readCases, runHere, wordsOf } from "./recorded.test-helper.ts";

describe.each(caseFiles())("%s", (name) => {
  test.each(readCases(name).map((one) => [one.line, one] as const))("%s", async (line, recorded) => {
    expect(comparable(await runHere(wordsOf(line)))).toEqual(comparable(recorded));
  });
});

test("what eval is to fail on is one thing", async () => {
  const told = await runHere(["eval", "--fail", "--fail-defined", "true"]);
  expect(told).toMatchObject({ code: 1, out: "" });
  expect(told.err).toContain("specify --fail or --fail-defined but not both");
});

test("version asks no server, and says so", async () => {
  expect(await runHere(["version"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Rulewright: .*\nRego: OPA /u),
    err: "",
  });
  expect(await runHere(["version", "--check"])).toMatchObject({ code: 1, err: expect.stringContaining("asks no server") });
});
