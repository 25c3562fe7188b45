// Lists the lint rules from their files: a new rule is a file of its own, and no list has to be kept.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = "lint/src/rules";
const target = "lint/src/rules.generated.ts";

/** Writes the list when a file came or went. */
export function listLintRules(): void {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name.includes("/"))
    .sort();
  const names = files.map((file) => exportName(file.slice(file.indexOf("/") + 1, -".ts".length)));
  const source = [
    `// Every lint rule, in the order of the folders; made by scripts/list-lint-rules.ts from ${folder}.`,
    `import type { LintRule } from "./rule.ts";`,
    ...files.map((file, at) => `import { ${names[at]} } from "./rules/${file}";`),
    "",
    `export const lintRules: readonly LintRule[] = [${names.join(", ")}];`,
    "",
  ].join("\n");
  if (!existsSync(target) || readFileSync(target, "utf8") !== source) writeFileSync(target, source);
}

/** `no-whitespace-comment` exports `noWhitespaceComment`. */
function exportName(file: string): string {
  return file.replace(/-(.)/gu, (_, letter: string) => letter.toUpperCase());
}
