// `user := "none" if not input.user` beside `user := input.user`
import { isConstant } from "#analysis/rego/tree/refs.ts";
import type { Expr, Rule } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { ruleName, rulesOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { isRef, isStatic } from "../../terms.ts";

export const defaultOverNot = fileRule({
  name: "default-over-not",
  category: "style",
  description: "Prefer default assignment over negated condition",
  *check(file) {
    const rules = rulesOf(file);
    const given = new Set(rules.map(keyOfGiven));
    for (const rule of rules) {
      const missing = missingIn(rule);
      if (missing !== undefined && isRef(missing.body) && given.has(keyOfPair(rule, missing.body))) yield missing;
    }
  },
});

/** For `user := input.user` */
function keyOfGiven(rule: Rule): string | undefined {
  const { head, body, default: isDefault } = rule;
  return !isDefault && body === undefined && isRef(head.value) && isStatic(head.value) ? keyOfPair(rule, head.value) : undefined;
}

/** The condition of a rule with a constant value that holds when something is undefined. */
function missingIn({ head, body }: Rule): Expr | undefined {
  const [expr, second] = body ?? [];
  const hasConstant = !head.contains && (head.value === undefined || isConstant(head.value));
  return hasConstant && second === undefined && expr?.negated === true ? expr : undefined;
}

function keyOfPair(rule: Rule, value: Parameters<typeof partsOf>[0]): string {
  return [ruleName(rule), ...partsOf(value).map(keyOf)].join("\n");
}
