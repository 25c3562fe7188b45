// `"admin" == role`: a constant is compared with what the condition is about.
import { isScalar } from "#analysis/rego/tree/refs.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { fileRule } from "../../rule.ts";
import { infixRange, isVar } from "../../terms.ts";

const comparisons = ["equal", "neq", "gt", "lt", "gte", "lte"];

export const yodaCondition = fileRule({
  name: "yoda-condition",
  category: "style",
  description: "Yoda condition, it is",
  check: (file) =>
    comparisons.flatMap((name) =>
      file
        .calls(name)
        .filter(({ args: [left, right] }) => left !== undefined && right !== undefined && isTurned(left, right))
        .map(infixRange),
    ),
});

/** Where the right side has a variable in a bracket or among its arguments, the constant is rather looked for. */
function isTurned(left: Term, right: Term): boolean {
  return isScalar(left) && !isScalar(right) && !(partsBehindFirst(right).length > 1 && partsBehindFirst(right).some(isVar));
}

function partsBehindFirst(term: Term): readonly Term[] {
  switch (term.kind) {
    case "ref":
      return term.parts.slice(1);
    case "call":
      return term.args;
    case "array":
    case "set":
      return term.items.slice(1);
    default:
      return [];
  }
}
