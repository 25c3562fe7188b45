// An argument of a function that is `_` in all its clauses.
import type { Rule } from "#grammars/rego/ast.ts";
import { annotatedRules } from "../../annotated-rules.ts";
import type { LintFile } from "../../lint-file.ts";
import { functionsOf, headText } from "../../names.ts";
import { matchesPattern } from "../../pattern.ts";
import { fileRule } from "../../rule.ts";
import { isWildcard } from "../../terms.ts";

export const argumentAlwaysWildcard = fileRule({
  name: "argument-always-wildcard",
  category: "bugs",
  description: "Argument is always a wildcard",
  options: { "except-function-name-pattern": "^mock_" },
  *check(file, { "except-function-name-pattern": excepted }) {
    for (const [name, clauses] of Map.groupBy(functionsOf(file), headText)) {
      if (matchesPattern(name, excepted)) continue;
      const shown = shownClause(file, clauses);
      for (const [at, arg] of shown.head.args!.entries()) {
        if (clauses.every(({ head }) => isWildcard(head.args?.[at]))) yield arg;
      }
    }
  },
});

/** As in Regal: a clause with METADATA, else one with a body; of several the first by its place, which is compared as text. */
function shownClause(file: LintFile, clauses: readonly Rule[]): Rule {
  if (clauses.length === 1) return clauses[0]!;
  const annotated = new Set(annotatedRules(file, () => true));
  const rank = (rule: Rule): string => {
    const { row, col } = file.lines.rowCol((rule.body?.[0] ?? rule.head.args![0]!).start);
    return `${annotated.has(rule) ? 0 : 1} ${rule.body === undefined ? 1 : 0} ${row}:${col}:`;
  };
  const ranks = new Map(clauses.map((rule) => [rule, rank(rule)]));
  return [...clauses].sort((a, b) => (ranks.get(a)! < ranks.get(b)! ? -1 : 1))[0]!;
}
