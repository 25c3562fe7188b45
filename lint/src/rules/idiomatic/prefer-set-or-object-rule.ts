// `names := {x | …}`: a rule that `contains` could give the set. Mere conversions of arrays are left alone.
import type { SetComprehension, Term } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { rulesOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";
import { binaryOf, isVar, isWildcard } from "../../terms.ts";

export const preferSetOrObjectRule = fileRule({
  name: "prefer-set-or-object-rule",
  category: "idiomatic",
  description: "Prefer set or object rule over comprehension",
  check: (file) =>
    rulesOf(file)
      .filter(({ body, head: { value } }) => body === undefined && value !== undefined && isBuilt(value))
      .map(headRange),
});

function isBuilt(value: Term): boolean {
  return value.kind === "objectComprehension" || (value.kind === "setComprehension" && !isConversion(value));
}

/** True for `{x | some x in xs}` and `{x | x := xs[_]}`. */
function isConversion({ term, body }: SetComprehension): boolean {
  const [expr, second] = body;
  if (!isVar(term) || expr === undefined || second !== undefined) return false;
  const isTerm = (one: Term | undefined) => isVar(one) && one.name === term.name;
  if (expr.body.kind === "some") {
    const [symbol, another] = expr.body.symbols;
    if (symbol?.kind !== "call" || another !== undefined) return false;
    return calledFunction(symbol) === "internal.member_2" && isTerm(symbol.args[0]);
  }
  const [, left, right] = binaryOf(expr, ["assign"]) ?? [];
  return isTerm(left) && right?.kind === "ref" && right.parts[0]?.kind === "var" && right.parts.some(isWildcard);
}
