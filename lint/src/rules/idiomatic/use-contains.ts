// `names[x] { … }`: a set in the words of Rego v0. Rego v1 has no other than `contains`.
import { namingOf } from "#analysis/rego/ast-json.ts";
import type { LintFile } from "../../lint-file.ts";
import { rulesOf } from "../../names.ts";
import { either, needsKeyword, onlyInV0 } from "../../notices.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";
import { mayLackKeywords } from "../../v0-keywords.ts";

export const useContains = fileRule({
  name: "use-contains",
  category: "idiomatic",
  description: "Use the `contains` keyword",
  notice: either(needsKeyword("contains"), onlyInV0("Since OPA 1.0, use-contains enabled only when provided a v0 policy")),
  check(file: LintFile) {
    if (!mayLackKeywords(file)) return [];
    return rulesOf(file)
      .filter((rule) => {
        if (namingOf(rule).key === undefined || rule.head.key === undefined || rule.head.value !== undefined) return false;
        return !file.textOf(rule).split("\n", 1)[0]!.includes(" contains ");
      })
      .map(headRange);
  },
});
