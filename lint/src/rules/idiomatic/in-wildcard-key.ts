// `some _, v in xs`: `some v in xs` says the same.
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";
import { isWildcard } from "../../terms.ts";

export const inWildcardKey = fileRule({
  name: "in-wildcard-key",
  category: "idiomatic",
  description: "Unnecessary wildcard key",
  *check(file) {
    for (const { symbols } of file.all("some")) {
      const [symbol] = symbols;
      if (symbol?.kind !== "call" || calledFunction(symbol) !== "internal.member_3") continue;
      const [key] = symbol.args;
      if (key !== undefined && isWildcard(key)) yield key;
    }
  },
});
