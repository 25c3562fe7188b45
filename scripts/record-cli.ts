// Records what a real OPA prints for the command lines of test-fixtures/cli/cases: `OPA=/path/to/opa node scripts/record-cli.ts`.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { caseFiles, fixtures, readCases, wordsOf, writeCases } from "../cli/src/recorded.test-helper.ts";

for (const name of caseFiles()) {
  const cases = readCases(name).map(({ line }) => {
    const { status, stdout, stderr } = spawnSync(process.env["OPA"] ?? "opa", wordsOf(line), {
      cwd: fixtures,
      encoding: "utf8",
      input: "",
    });
    return { line, code: status ?? 1, out: stdout, err: stderr };
  });
  writeFileSync(join(fixtures, "cases", name), writeCases(cases));
}
