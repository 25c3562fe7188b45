// `some x in xs[_]`: two ways of going through a collection in one line.
import { fileRule } from "../../rule.ts";
import { ruleVars } from "../../rule-vars.ts";
import { isVar } from "../../terms.ts";

export const mixedIteration = fileRule({
  name: "mixed-iteration",
  category: "style",
  description: "Mixed iteration style",
  *check(file) {
    for (const some of file.all("some")) {
      const [symbol] = some.symbols;
      const domain = symbol?.kind === "call" ? symbol.args.at(-1) : undefined;
      if (domain?.kind !== "ref") continue;
      const variables = domain.parts.slice(1).filter(isVar);
      if (variables.length === 0) continue;
      const vars = ruleVars(file, file.ruleOf(some));
      if (variables.some((one) => vars.isOutput(one))) yield domain;
    }
  },
});
