// The rms.* library under a real OPA and under our runner; and each condition of it taken out in turn, which a test must notice.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { numberTests } from "#evaluation/test-cases.ts";
import { compileTests } from "#evaluation/test-runner.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { finish, root, run } from "../programs/run.ts";

const folder = join(root, "rms/policies/rms");
const sources = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith(".rego"))
    .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const),
);

/** Names of the tests that fail; `undefined` when the modules do not compile. */
function failing(texts: ReadonlyMap<string, string>): readonly string[] | undefined {
  const modules = numberTests([...texts].map(([file, text]) => parseModule(text, { file })));
  const checked = checkModules(modules);
  if (modules.some((module) => module.diagnostics.length > 0) || checked.diagnostics.length > 0) return undefined;
  const { tests, run } = compileTests(checked, { data: "{}", now: () => 0n });
  return tests.map((one) => run(one)).flatMap(({ name, outcome }) => (outcome === "pass" ? [] : [name]));
}

test("OPA and our runner pass the same tests", async () => {
  const theirs = await finish(spawn(process.env["OPA"] ?? "opa", ["test", folder]), 60_000);
  const ours = await run("rw", ["test", folder]);
  expect(theirs.out).toMatch(/^PASS: (\d+)\/\1\n$/);
  expect(ours.out).toBe(theirs.out);
});

test("OPA's strict mode has nothing to say", async () => {
  expect(await finish(spawn(process.env["OPA"] ?? "opa", ["check", "--strict", folder]), 60_000)).toEqual({
    code: 0,
    out: "",
    err: "",
  });
});

test("every condition is there for a reason that a test knows", { timeout: 120_000 }, () => {
  const unnoticed: string[] = [];
  let tried = 0;
  for (const [file, text] of sources) {
    if (file.endsWith("_test.rego")) continue;
    const lines = text.split("\n");
    for (const [index, line] of lines.entries()) {
      if (!line.startsWith("\t") || /^\t+\}/.test(line) || line.endsWith("{")) continue;
      const without = lines.filter((_, other) => other !== index).join("\n");
      const failed = failing(new Map([...sources, [file, without]]));
      if (failed === undefined) continue;
      tried++;
      if (failed.length === 0) unnoticed.push(`${file}:${index + 1}: ${line.trim()}`);
    }
  }
  expect(unnoticed).toEqual([]);
  expect(tried).toBeGreaterThan(30);
});
