// `with` in a rule that is no test: what it replaces is evaluated anew each time.
import { headName } from "#analysis/rego/tree/refs.ts";
import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const withOutsideTestContext = fileRule({
  name: "with-outside-test-context",
  category: "performance",
  description: "`with` used outside of test context",
  *check(file) {
    for (const expr of file.all("expr")) {
      // In template strings, Regal does not see it.
      if (expr.with.length === 0 || file.parent(expr)?.kind === "templateString") continue;
      if (/^(?:todo_)?test_/u.test(headName(file.ruleOf(expr).head))) continue;
      for (const modifier of expr.with) yield wordRange(modifier, "with");
    }
  },
});
