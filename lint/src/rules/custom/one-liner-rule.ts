// A body of one condition in braces, where the rule would fit on a line.
import type { Rule } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { needsKeyword } from "../../notices.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const oneLinerRule = fileRule({
  name: "one-liner-rule",
  category: "custom",
  description: "Rule body could be made a one-liner",
  notice: needsKeyword("if"),
  level: "ignore",
  options: { "max-line-length": 120 },
  check: (file, { "max-line-length": most }) =>
    file.module.rules
      .filter((rule) => {
        if (rule.else !== undefined || rule.body?.length !== 1) return false;
        const [first = "", ...rest] = file
          .textOf(rule)
          .split("\n")
          .map((line) => line.trim());
        if (rest.length === 0 || !/\s+if/u.test(first) || !opensBody(first, rest[0]!)) return false;
        // `opa fmt` indents by one tab, which counts for four characters.
        const body = rest
          .slice(0, -1)
          .filter((line) => line !== "{")
          .join(" ");
        return 4 + first.length + body.length - 1 < most && !hasComment(file, rule);
      })
      .map(headRange),
});

function opensBody(first: string, second: string): boolean {
  return /if\s*\{$/u.test(first) || (!first.endsWith("{") && second.startsWith("{"));
}

/** A comment behind the first line would be lost. */
function hasComment({ lines, module }: LintFile, rule: Rule): boolean {
  const [from, to] = [lines.lineOf(rule.start), lines.lineOf(rule.end)];
  return module.comments.some(
    ({ start }) => start > rule.start && start < rule.end && lines.lineOf(start) > from && lines.lineOf(start) <= to,
  );
}
