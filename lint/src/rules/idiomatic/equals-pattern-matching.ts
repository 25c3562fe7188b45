// `f(x) if x == 1`: the argument could be the value.
import { isScalar } from "#analysis/rego/tree/refs.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { functionsOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { ruleRange } from "../../rule-places.ts";
import { isVar, isWildcard } from "../../terms.ts";

export const equalsPatternMatching = fileRule({
  name: "equals-pattern-matching",
  category: "idiomatic",
  description: "Prefer pattern matching in function arguments",
  *check(file) {
    for (const rule of functionsOf(file)) {
      const compared = rule.else === undefined ? comparedIn(rule) : undefined;
      if (compared !== undefined && rule.head.args!.some((arg) => isVar(arg) && arg.name === compared)) yield ruleRange(rule);
    }
  },
});

/** The variable that the only condition compares with a constant. */
function comparedIn({ head, body }: Rule): string | undefined {
  const term = body === undefined ? head.value : body.length === 1 ? body[0]!.body : undefined;
  if (term?.kind !== "call" || calledFunction(term) !== "equal") return undefined;
  const [left, right] = term.args as [Term, Term];
  const side = isScalar(right) ? left : isScalar(left) ? right : undefined;
  return side?.kind === "var" && !isWildcard(side) ? side.name : undefined;
}
