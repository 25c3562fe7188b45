// `object.get(x, "a", 0) == 1`: where the default is another value, the condition fails without it, too.
import { isScalar } from "#analysis/rego/tree/refs.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { fileRule } from "../../rule.ts";
import { binaryOf, isRef, isVar } from "../../terms.ts";

export const superfluousObjectGet = fileRule({
  name: "superfluous-object-get",
  category: "idiomatic",
  description: "Superfluous `object.get` call",
  *check(file) {
    if (file.calls("object.get").length === 0) return;
    for (const expr of file.all("expr")) {
      const [, left, right] = binaryOf(expr, ["equal"]) ?? [];
      if (left === undefined || right === undefined) continue;
      if (isSuperfluous(left, right)) yield left;
      if (isSuperfluous(right, left)) yield right;
    }
  },
});

function isSuperfluous(call: Term, other: Term): boolean {
  const fallback = call.kind === "call" && calledFunction(call) === "object.get" ? call.args[2] : undefined;
  return fallback !== undefined && !isVar(fallback) && !isRef(fallback) && !isSame(fallback, other);
}

/** Collections with anything in them are never the same for Regal, which compares their places, too. */
function isSame(a: Term, b: Term): boolean {
  return (isScalar(a) || isEmpty(a)) && keyOf(a) === keyOf(b);
}

function isEmpty(term: Term): boolean {
  return term.kind === "array" || term.kind === "set"
    ? term.items.length === 0
    : term.kind === "object" && term.entries.length === 0;
}
