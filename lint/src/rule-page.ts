// The pages about Regal's rules on the network, which are about ours as well.
import type { LintRule } from "./rule.ts";

/** Where all of them are listed. */
export const rulePages = "https://www.openpolicyagent.org/projects/regal/rules";

/** Undefined for rules that are ours alone: their pages come with us. */
export function pageOf({ category, name }: Pick<LintRule, "category" | "name">): string | undefined {
  return category === "decision" ? undefined : `${rulePages}/${category}/${name}`;
}
