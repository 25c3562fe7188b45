// `some "admin" in roles`: there is nothing to declare.
import { isScalar } from "#analysis/rego/tree/refs.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { isMembership } from "#grammars/rego/operators.ts";
import { fileRule } from "../../rule.ts";

export const unnecessarySome = fileRule({
  name: "unnecessary-some",
  category: "style",
  description: "Unnecessary use of `some`",
  *check(file) {
    for (const { symbols } of file.all("some")) {
      const [symbol] = symbols;
      if (symbol?.kind !== "call" || !isMembership(calledFunction(symbol)!)) continue;
      if (symbol.args.slice(0, -1).every(isScalar)) yield symbol;
    }
  },
});
