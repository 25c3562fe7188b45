// `allow { … } { … }`: a second body behind the first.
import { fileRule } from "../../rule.ts";

export const chainedRuleBody = fileRule({
  name: "chained-rule-body",
  category: "custom",
  description: "Avoid chaining rule bodies",
  level: "ignore",
  check: ({ module }) => module.rules.filter(({ chained }) => chained),
});
