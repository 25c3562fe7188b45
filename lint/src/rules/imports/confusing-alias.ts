// An alias for what is imported by another name, too.
import { keyOf } from "#grammars/rego/term-key.ts";
import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const confusingAlias = fileRule({
  name: "confusing-alias",
  category: "imports",
  description: "Confusing alias of existing import",
  check({ module }) {
    const byPath = Map.groupBy(module.imports, ({ path }) => keyOf(path));
    return [...byPath.values()]
      .filter((imports) => imports.length > 1)
      .flatMap((imports) => imports.filter(({ alias }) => alias !== undefined))
      .map((aliased) => wordRange(aliased, "import"));
  },
});
