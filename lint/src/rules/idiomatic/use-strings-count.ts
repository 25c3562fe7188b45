// `count(indexof_n(x, y))`
import { calledFunction } from "#grammars/rego/nodes.ts";
import { needsBuiltins } from "../../notices.ts";
import { fileRule } from "../../rule.ts";

export const useStringsCount = fileRule({
  name: "use-strings-count",
  category: "idiomatic",
  description: "Use `strings.count` where possible",
  notice: needsBuiltins(["strings.count"], "Missing capability for built-in function `strings.count`", "warning"),
  *check(file) {
    if (!file.builtins.has("strings.count")) return;
    for (const { args, operator } of file.calls("count")) {
      const [counted] = args;
      if (counted !== undefined && calledFunction(counted) === "indexof_n") yield { start: operator.start, end: counted.end };
    }
  },
});
