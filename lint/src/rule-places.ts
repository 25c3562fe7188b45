// Where OPA's tree says that rules, heads and statements stand, which is what Regal tells.
import type { Range, Rule } from "#grammars/rego/ast.ts";

/** The word that a statement begins with: `import`, `package`. */
export function wordRange({ start }: Range, word: string): Range {
  return { start, end: start + word.length };
}

/** A rule; a constant or a further body is its own head, and of a default rule only the word counts. */
export function ruleRange(rule: Rule): Range {
  if (rule.default) return wordRange(rule, "default");
  return rule.body === undefined && rule.head.contains ? rule.head : rule;
}

/** A rule's head. */
export function headRange(rule: Rule): Range {
  const isConstant = rule.body === undefined && !rule.default && !rule.head.contains;
  return rule.chained || isConstant ? rule : rule.head;
}
