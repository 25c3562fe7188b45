// A rule called `if`, in Rego v0: somebody forgot to import the keyword.
import { headText } from "../../names.ts";
import { onlyInV0 } from "../../notices.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const ruleNamedIf = fileRule({
  name: "rule-named-if",
  category: "bugs",
  description: 'Rule named "if"',
  notice: onlyInV0("Since OPA 1.0, rule-named-if enabled only when provided a v0 policy"),
  check: ({ mayBeRegoV0, module }) => (mayBeRegoV0 ? module.rules.filter((rule) => headText(rule) === "if").map(headRange) : []),
});
