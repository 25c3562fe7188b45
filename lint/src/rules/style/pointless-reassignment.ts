// `user := person`: a second name for what has one.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { rulesOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { ruleRange } from "../../rule-places.ts";
import { infixRange, isVar } from "../../terms.ts";

export const pointlessReassignment = fileRule({
  name: "pointless-reassignment",
  category: "style",
  description: "Pointless reassignment of variable",
  *check(file) {
    for (const rule of rulesOf(file)) {
      const { head, body } = rule;
      if (body === undefined && isVar(head.value) && headParts(head).length === 1) yield ruleRange(rule);
    }
    for (const call of file.calls("assign")) {
      const [left, right] = call.args;
      const expr = isVar(left) && isVar(right) ? file.parent(call) : undefined;
      if (expr?.kind === "expr" && expr.with.length === 0) yield infixRange(call);
    }
  },
});
