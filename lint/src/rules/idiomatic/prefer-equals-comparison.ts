// `input.x = 1`: unification where there is nothing to assign.
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { isComprehension } from "#analysis/rego/tree/walk.ts";
import type { Term, Var } from "#grammars/rego/ast.ts";
import { termsOf } from "../../comprehensions.ts";
import type { LintFile } from "../../lint-file.ts";
import { fileRule } from "../../rule.ts";
import { ruleVars } from "../../rule-vars.ts";
import { allVars, binaryOf, isRef, isVar } from "../../terms.ts";

export const preferEqualsComparison = fileRule({
  name: "prefer-equals-comparison",
  category: "idiomatic",
  description: "Prefer `==` for equality comparison",
  *check(file) {
    for (const expr of file.all("expr")) {
      const [call, left, right] = binaryOf(expr, ["eq"]) ?? [];
      if (call === undefined || !isKnown(file, left!) || !isKnown(file, right!)) continue;
      const range = { start: expr.start, end: expr.end };
      const { operator, infix } = call;
      const title = "Replace = with == in comparison";
      yield infix === undefined ? range : { range, fix: { title, edits: [{ range: operator, newText: "==" }] } };
    }
  },
});

/** True for what has a value already. Refs with variables in brackets are taken for such, as in Regal. */
function isKnown(file: LintFile, term: Term): boolean {
  if (!isVar(term)) return isRef(term) || isConstant(term);
  return !ruleVars(file, file.ruleOf(term)).isOutput(term) && !isResult(file, term);
}

/** True for a variable that a comprehension around it gives. */
function isResult(file: LintFile, variable: Var): boolean {
  for (let above = file.parent(variable); above !== undefined; above = file.parent(above)) {
    if (
      isComprehension(above) &&
      termsOf(above)
        .flatMap(allVars)
        .some(({ name }) => name === variable.name)
    )
      return true;
  }
  return false;
}
