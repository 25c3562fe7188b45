// METADATA above one of several rules of a name, which does not say whether it is about all of them.
import type { Annotations } from "#analysis/rego/annotations.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { headText } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const ambiguousScope = fileRule({
  name: "ambiguous-scope",
  category: "idiomatic",
  description: "Ambiguous metadata scope",
  *check(file) {
    const ofRules = Map.groupBy(file.annotations, ({ target }) => (target?.kind === "rule" ? target.unit.source : undefined));
    for (const [name, rules] of Map.groupBy(file.module.rules, headText)) {
      if (rules.length < 2 || name.startsWith("_")) continue;
      const annotated = rules.filter((rule) => ofRules.has(rule));
      const [rule] = annotated;
      const [only, second] = ofRules.get(rule) ?? [];
      if (rule === undefined || annotated.length > 1 || only === undefined || second !== undefined) continue;
      if (!only.entrypoint && !saysScope(file, only, rule)) yield only.range;
    }
  },
});

function saysScope({ lines }: LintFile, { range }: Annotations, { head }: Rule): boolean {
  for (let line = lines.lineOf(range.start); line < lines.lineOf(head.start); line++)
    if (lines.lineText(line).startsWith("# scope:")) return true;
  return false;
}
