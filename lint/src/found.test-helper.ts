// Where a rule finds something in a text: for what its page leaves out.
import { parseModule } from "#grammars/rego/parse.ts";
import { lintFile } from "./lint.ts";
import { LintFile } from "./lint-file.ts";
import type { LintRule } from "./rule.ts";

/** `3: input.x`: the row of each finding, and the text that is found. */
export function foundIn(rule: LintRule, text: string): readonly string[] {
  const parsed = parseModule(text, { file: "policy.rego" });
  const file = new LintFile(parsed, { relativePath: "policy.rego", absolutePath: "/project/policy.rego" });
  const active = [{ rule, level: "error" as const, options: { ...rule.options } }];
  return lintFile(file, active).map(({ range }) => `${file.lines.rowCol(range!.start).row}: ${file.textOf(range!)}`);
}
