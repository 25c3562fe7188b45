// Rules of more lines than `max-rule-length`, tests of more than `max-test-rule-length`.
import { headName } from "#analysis/rego/tree/refs.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { fileRule } from "../../rule.ts";
import { headRange, ruleRange } from "../../rule-places.ts";

export const ruleLength = fileRule({
  name: "rule-length",
  category: "style",
  description: "Max rule length exceeded",
  options: { "max-rule-length": 30, "max-test-rule-length": 60, "count-comments": false, "except-empty-body": true },
  check(file, options) {
    return file.module.rules
      .filter((rule) => {
        const most = options[headName(rule.head).startsWith("test_") ? "max-test-rule-length" : "max-rule-length"];
        const { start, end } = ruleRange(rule);
        const count = file.lines.lineOf(end) - file.lines.lineOf(start) + 1;
        if (count <= most || (options["except-empty-body"] && rule.body === undefined)) return false;
        return options["count-comments"] || count - commentLines(file, rule) > most;
      })
      .map(headRange);
  },
});

function commentLines(file: LintFile, rule: Rule): number {
  return file
    .textOf(rule)
    .split("\n")
    .filter((line) => line.trimStart().startsWith("#")).length;
}
