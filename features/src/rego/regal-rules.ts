// The pages about Regal's rules, which are about ours as well.
import { lintRules } from "#lint/rules.generated.ts";

const categoryOf = new Map(lintRules.map(({ name, category }) => [name, category]));

/** The page about a rule; for names that Regal does not have, the list of all. */
export function pageOfRule(rule: string): string {
  const category = categoryOf.get(rule);
  const all = "https://www.openpolicyagent.org/projects/regal/rules";
  return category === undefined ? all : `${all}/${category}/${rule}`;
}
