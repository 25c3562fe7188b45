// A rule called `if`, in Rego v0: somebody forgot to import the keyword.
import { headText } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const ruleNamedIf = fileRule({
  name: "rule-named-if",
  category: "bugs",
  description: 'Rule named "if"',
  check: ({ mayBeRegoV0, module }) => (mayBeRegoV0 ? module.rules.filter((rule) => headText(rule) === "if").map(headRange) : []),
});
