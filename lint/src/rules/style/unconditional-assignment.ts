// `x := y if { y := input.z }`: the body has no condition, and only says what the value is.
import { namingOf } from "#analysis/rego/ast-json.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { isFunction } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { binaryOf, infixRange, isVar } from "../../terms.ts";

export const unconditionalAssignment = fileRule({
  name: "unconditional-assignment",
  category: "style",
  description: "Unconditional assignment in rule body",
  *check({ module }) {
    for (const rule of module.rules) {
      const [expr, second] = rule.body ?? [];
      const result = resultOf(rule);
      if (expr === undefined || second !== undefined || expr.with.length > 0 || !isVar(result)) continue;
      const [call, left] = binaryOf(expr, ["assign", "eq"]) ?? [];
      if (call !== undefined && isVar(left) && left.name === result.name) yield infixRange(call);
    }
  },
});

/** What a rule is about: what it contains, or its value. */
function resultOf(rule: Rule): Term | undefined {
  const { key } = namingOf(rule);
  if (key !== undefined) return isFunction(rule) ? undefined : key;
  return rule.else === undefined ? rule.head.value : undefined;
}
