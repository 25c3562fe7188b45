// Every lint rule has a page in docs/lint, and finds in its examples what the page says.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lintPage, lintPageText } from "../../scripts/lint-page.ts";
import { lintSchemaFile, lintSchemaText } from "../../scripts/lint-schema.ts";
import { examplesOf, findingsIn, fixedText } from "./pages.test-helper.ts";
import type { LintRule } from "./rule.ts";
import { lintRules } from "./rules.generated.ts";

const folder = "docs/lint";

/** The line below a page's heading: what is known of the rule. */
function facts({ category, level = "error", options = {} }: LintRule, hasFix: boolean): string {
  return [
    `\`${category}\``,
    `\`${level}\``,
    ...(hasFix ? ["has a fix"] : []),
    ...Object.keys(options).map((name) => `\`${name}\``),
  ].join(" · ");
}

test("every rule has a page and every page a rule", () => {
  const pages = readdirSync(folder).filter((name) => name !== "README.md");
  expect(pages.sort()).toEqual(lintRules.map(({ name }) => `${name}.md`).sort());
});

test("the list of pages and the schema of the configuration are current: npm run l10n writes them", () => {
  expect(readFileSync(lintPage, "utf8")).toBe(lintPageText());
  expect(readFileSync(lintSchemaFile, "utf8")).toBe(lintSchemaText());
});

for (const rule of lintRules) {
  describe(rule.name, () => {
    const page = readFileSync(`${folder}/${rule.name}.md`, "utf8");
    const examples = examplesOf(page);

    test("the page says what is known of it", () => {
      const hasFix = examples.some(({ fixed }) => fixed !== undefined);
      expect(page.split("\n").slice(0, 3)).toEqual([`# ${rule.name}`, "", facts(rule, hasFix)]);
      expect(examples.some(({ findings }) => findings !== "")).toBe(true);
      expect(examples.some(({ findings }) => findings === "")).toBe(true);
    });

    for (const example of examples) {
      test(`line ${example.line}`, async () => {
        expect(await findingsIn(rule, example)).toBe(example.findings);
        if (example.fixed !== undefined) expect(await fixedText(rule, example)).toBe(example.fixed);
      });
    }
  });
}
