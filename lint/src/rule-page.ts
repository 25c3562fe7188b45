// The pages about Regal's rules on the network, which are about ours as well.

/** Where all of them are listed. */
export const rulePages = "https://www.openpolicyagent.org/projects/regal/rules";

/** Undefined for rules that are ours alone: their pages come with us. */
export function pageOf({ category, name }: { readonly category: string; readonly name: string }): string | undefined {
  return category === "decision" ? undefined : `${rulePages}/${category}/${name}`;
}
