// `else := false` at the end of a rule: a constant that holds when nothing else does.
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { isFunction } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const defaultOverElse = fileRule({
  name: "default-over-else",
  category: "style",
  description: "Prefer default assignment over fallback else",
  options: { "prefer-default-functions": false },
  *check({ module }, { "prefer-default-functions": alsoFunctions }) {
    for (const rule of module.rules) {
      if (isFunction(rule) && !alsoFunctions) continue;
      for (let branch = rule.else; branch !== undefined; branch = branch.else) {
        // Regal takes a branch with a condition, but without braces, for one without a condition.
        const { body, head } = branch;
        if (body === undefined && head.value !== undefined && isConstant(head.value)) yield head;
      }
    }
  },
});
