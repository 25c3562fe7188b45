// Parts of a rule with other rules in between.
import { ruleName } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { ruleRange } from "../../rule-places.ts";

export const messyRule = fileRule({
  name: "messy-rule",
  category: "style",
  description: "Messy incremental rule",
  *check({ module }) {
    const seen = new Set<string>();
    let previous: string | undefined;
    for (const rule of module.rules) {
      const name = ruleName(rule);
      // Tests of the same name are something else.
      if (seen.has(name) && previous !== name && !/^(?:todo_)?test_/u.test(name)) yield ruleRange(rule);
      seen.add(name);
      previous = name;
    }
  },
});
