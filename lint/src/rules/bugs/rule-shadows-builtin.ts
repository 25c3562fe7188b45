// A rule that is called like a builtin, or like what the names of some begin with: `count`, `http`.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { builtinNamespaces, headText } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const ruleShadowsBuiltin = fileRule({
  name: "rule-shadows-builtin",
  category: "bugs",
  description: "Rule name shadows built-in",
  check(file) {
    const taken = builtinNamespaces(file);
    return file.module.rules.filter((rule) => taken.has(headText(rule))).map(({ head }) => headParts(head)[0]!);
  },
});
