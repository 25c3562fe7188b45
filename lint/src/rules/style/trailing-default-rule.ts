// A default that stands behind another rule of its name.
import { headText } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { ruleRange } from "../../rule-places.ts";

export const trailingDefaultRule = fileRule({
  name: "trailing-default-rule",
  category: "style",
  description: "Default rule should be declared first",
  *check({ module }) {
    const seen = new Set<string>();
    for (const rule of module.rules) {
      const name = headText(rule);
      if (rule.default && seen.has(name)) yield ruleRange(rule);
      seen.add(name);
    }
  },
});
