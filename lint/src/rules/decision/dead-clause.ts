// A clause that no sample and no test makes true: it decides nothing that anybody looks at.
import type { Range, Rule } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { testsOf } from "../../names.ts";
import { decisionRule } from "../../rule.ts";
import { headRange, wordRange } from "../../rule-places.ts";

export const deadClause = decisionRule({
  name: "dead-clause",
  category: "decision",
  description: "Clause is true in no sample and no test",
  level: "ignore",
  evaluates: true,
  *decide({ files, evaluated }) {
    if (evaluated === undefined) return;
    for (const file of files) {
      if (isOfTests(file)) continue;
      const tests = new Set(testsOf(file));
      for (const clause of file.branches) {
        const rule = file.topOf(clause);
        if (rule.default || tests.has(rule) || evaluated.hasHeld(file, clause) !== false) continue;
        yield { file, range: clauseRange(clause, rule) };
      }
    }
  },
});

/** What stands in packages of tests serves them alone. */
function isOfTests({ packageName }: LintFile): boolean {
  return packageName.endsWith("_test");
}

/** Its head; the word of an `else`. */
function clauseRange(clause: Rule, rule: Rule): Range {
  return clause === rule ? headRange(clause) : wordRange(clause, "else");
}
