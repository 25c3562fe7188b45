// Items that several kinds of places offer: keywords, rules, the fronts of dotted rules.
import type { CompletionItem } from "../../completion-item.ts";
import { headsOf } from "../hover.ts";
import { keywordDoc } from "../keyword-docs.ts";
import type { Declared, ProjectNames } from "../project-names.ts";
import type { Context } from "./context.ts";

export const keyword = (label: string, rank: number, insert?: string): CompletionItem => ({
  label,
  kind: "keyword",
  detail: "keyword",
  rank,
  ...(keywordDoc(label) === undefined ? {} : { documentation: keywordDoc(label)! }),
  ...(insert === undefined ? {} : { insert, snippet: insert.includes("$") }),
});

export function ruleItem(label: string, path: string, clauses: readonly Declared[], rank: number): CompletionItem {
  const kind = clauses[0]!.rule.head.args === undefined ? "variable" : "function";
  return { label, kind, detail: headsOf(clauses)[0]!, rank, rule: path };
}

/** `users` of the rules `users.ann` and `users.bob`. */
export function frontItem(label: string, rank: number): CompletionItem {
  return { label: label.split(".")[0]!, kind: "property", detail: "front of rules", rank };
}

/** True for a rule of a package that lies deeper than the prefix, as `data.p.`. */
export function isInPackageBelow(names: ProjectNames, rule: string, prefix: string): boolean {
  return [...names.packages].some((one) => one.startsWith(prefix) && rule.startsWith(`${one}.`));
}

/** The rules of the package. */
export function ownRules({ names, around }: Context): readonly CompletionItem[] {
  const own = around.names.package.join(".");
  const prefix = `${own}.`;
  return [...names.rulesUnder(own)].flatMap(([path, clauses]) => {
    const label = path.slice(prefix.length);
    if (!label.includes(".")) return [ruleItem(label, path, clauses, 1)];
    return isInPackageBelow(names, path, prefix) ? [] : [frontItem(label, 1)];
  });
}
