// `get_roles`, `list_users`: every rule gets or lists something.

import { headText } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const avoidGetAndListPrefix = fileRule({
  name: "avoid-get-and-list-prefix",
  category: "style",
  description: "Avoid `get_` and `list_` prefix for rules and functions",
  check: ({ module }) => module.rules.filter((rule) => /^(?:get|list)_/u.test(headText(rule))).map(headRange),
});
