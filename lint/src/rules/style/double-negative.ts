// `not not_admin`: a negated name that is a negation already.
import { fileRule } from "../../rule.ts";

const negation = /^(?:cannot|no|non|not|without)_/u;

export const doubleNegative = fileRule({
  name: "double-negative",
  category: "style",
  description: "Avoid double negatives",
  check: (file) => file.all("expr").filter(({ negated, body }) => negated && body.kind === "var" && negation.test(body.name)),
});
