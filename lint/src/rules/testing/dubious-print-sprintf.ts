// `print(sprintf("%v", [x]))`: prints nothing of use when `x` is undefined, while `print("x:", x)` says so.
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";

export const dubiousPrintSprintf = fileRule({
  name: "dubious-print-sprintf",
  category: "testing",
  description: "Dubious use of print and sprintf",
  *check(file) {
    for (const { args } of file.calls("print")) {
      const [first] = args;
      if (first?.kind === "call" && calledFunction(first) === "sprintf") yield first.operator;
    }
  },
});
