// The library's own tests under our runner.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { numberTests } from "#evaluation/test-cases.ts";
import { compileTests } from "#evaluation/test-runner.ts";
import { parseModule } from "#grammars/rego/parse.ts";

const folder = new URL("rms/", import.meta.url);
const sources = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith(".rego"))
    .map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const),
);

test("every test of the library passes", () => {
  const checked = checkModules(numberTests([...sources].map(([file, text]) => parseModule(text, { file }))));
  const { tests, run } = compileTests(checked, { data: "{}", now: () => 0n });
  expect(tests.map((one) => run(one)).filter(({ outcome }) => outcome !== "pass")).toEqual([]);
  expect(tests.length).toBeGreaterThan(20);
});

test("every rule and every package has METADATA with a title and a description", () => {
  for (const [file, text] of sources) {
    if (file.endsWith("_test.rego")) continue;
    const { module } = parseModule(text, { file });
    const documented = new Set(
      [...text.matchAll(/# title: (\S+)\n# description: .+(?:\n#.*)*\n(?:default )?(\w+)/g)].map((match) => match[2]),
    );
    const names = new Set(module.rules.map((rule) => /^(?:default )?(\w+)/.exec(text.slice(rule.start))?.[1]));
    expect(
      [...names].filter((name) => !documented.has(name)),
      file,
    ).toEqual([]);
    expect(text).toMatch(/^# METADATA\n# title: .+\n# description: /);
  }
});
