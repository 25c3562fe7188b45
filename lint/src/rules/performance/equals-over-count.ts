// `count(xs) == 0`: every item is counted to see whether there is one.
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";

export const equalsOverCount = fileRule({
  name: "equals-over-count",
  category: "performance",
  description: "Prefer direct use of `==`/`!=` over `count` to check for empty collections",
  level: "ignore",
  *check(file) {
    if (file.calls("count").length === 0) return;
    for (const name of ["equal", "neq", "gt"]) {
      for (const { args } of file.calls(name)) {
        const [left, right] = args;
        if (left === undefined || calledFunction(left) !== "count" || right?.kind !== "number") continue;
        if (Number(right.text) === 0) yield { start: left.start, end: right.end };
      }
    }
  },
});
