// A rule that gives the value that it has by default. Regal gives up where a rule has two defaults; here the last one counts.
import type { Term } from "#grammars/rego/ast.ts";
import { normalNumber } from "#grammars/rego/numbers.ts";
import { headText, ruleName } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const ruleAssignsDefault = fileRule({
  name: "rule-assigns-default",
  category: "bugs",
  description: "Rule assigned its default value",
  *check({ module }) {
    const defaults = new Map<string, unknown>();
    for (const rule of module.rules) {
      if (rule.default && rule.head.value !== undefined) defaults.set(headText(rule), plainValue(rule.head.value));
    }
    if (defaults.size === 0) return;
    for (const rule of module.rules) {
      const { value } = rule.head;
      if (rule.default || rule.chained || value === undefined) continue;
      const plain = plainValue(value);
      if (plain !== undefined && defaults.get(ruleName(rule)) === plain) yield value;
    }
  },
});

/** The value of a scalar, of a variable its name; all empty collections count as one. Undefined for what Regal does not compare. */
function plainValue(term: Term): unknown {
  switch (term.kind) {
    case "null":
      return null;
    case "boolean":
    case "string":
      return term.value;
    case "number":
      return Number(normalNumber(term.text));
    case "var":
      return term.name;
    case "array":
    case "set":
      return term.items.length === 0 ? empty : undefined;
    case "object":
      return term.entries.length === 0 ? empty : undefined;
    default:
      return undefined;
  }
}

const empty = Symbol("empty");
