// `input.roles[_] != "admin"`: true as soon as one element is different.
import { partsOf } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";
import { isRef, isWildcard } from "../../terms.ts";

export const notEqualsInLoop = fileRule({
  name: "not-equals-in-loop",
  category: "bugs",
  description: "Use of != in loop",
  *check(file) {
    for (const call of file.calls("neq")) {
      const above = file.parent(call);
      const isCondition = above?.kind === "expr" && file.parent(above)?.kind !== "templateString";
      if (isCondition && call.args.some((arg) => isRef(arg) && partsOf(arg).some(isWildcard))) yield call.operator;
    }
  },
});
