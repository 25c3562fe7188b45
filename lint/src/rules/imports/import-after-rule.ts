// An import below a rule.
import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const importAfterRule = fileRule({
  name: "import-after-rule",
  category: "imports",
  description: "Import declared after rule",
  check({ module, lines }) {
    const [first] = module.rules;
    if (first === undefined) return [];
    const row = lines.lineOf(first.start);
    return module.imports.filter(({ start }) => lines.lineOf(start) > row).map((item) => wordRange(item, "import"));
  },
});
