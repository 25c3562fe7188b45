// `has(xs, x) if x == xs[_]`

import type { Term } from "#grammars/rego/ast.ts";
import { argNames } from "../../function-arity.ts";
import { functionsOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";
import { binaryOf, isVar, isWildcard } from "../../terms.ts";

export const customInConstruct = fileRule({
  name: "custom-in-construct",
  category: "idiomatic",
  description: "Custom function may be replaced by `in` keyword",
  *check(file) {
    for (const rule of functionsOf(file)) {
      const [expr, second] = rule.body ?? [];
      const [, left, right] = (second === undefined && expr !== undefined && binaryOf(expr, ["eq", "equal"])) || [];
      if (left === undefined || right === undefined) continue;
      const names = argNames(rule);
      if (isMember(left, right, names) || isMember(right, left, names)) yield headRange(rule);
    }
  },
});

function isMember(item: Term, collection: Term, names: ReadonlySet<string>): boolean {
  if (!isVar(item) || !names.has(item.name) || collection.kind !== "ref") return false;
  const [first, second] = collection.parts;
  return first?.kind === "var" && names.has(first.name) && isWildcard(second);
}
