// What Rego v1 asks of every rule beyond the grammar.

import type { Fault } from "./fault-list.ts";
import { keywordsOf } from "./keywords.ts";
import { originOf } from "./moved.ts";
import { partsOf } from "./nodes.ts";
import type { RuleFacts } from "./rule-facts.ts";

/** The faults of a rule and its `else` branches under Rego v1. */
export function checkV1(facts: RuleFacts): readonly Fault[] {
  const found: Fault[] = [];
  for (let one: RuleFacts | undefined = facts; one !== undefined; one = one.else) {
    const { rule } = one;
    // What is looked at is the same wherever the rule lies.
    const { head, body } = originOf(rule).rule;
    const fault = (message: string): void => {
      found.push({ range: { start: rule.start, end: rule.end }, message });
    };
    const what = (head.args?.length ?? 0) > 0 ? "function" : "rule";
    const parts = partsOf(head.reference);
    const name = parts[0]?.kind === "var" ? parts[0].name : "";
    if (parts.length < 2 && keywordsOf.v1.has(name)) fault(`${name} keyword cannot be used for rule name`);
    if (one.bodyless && one.valueless) fault(`${what} must have value assignment and/or body declaration`);
    if (body !== undefined && !one.hasIf && !rule.default) fault(`\`if\` keyword is required before ${what} body`);
    const multiple = head.key !== undefined && head.value === undefined;
    if (multiple && !one.hasContains && one === facts) fault("`contains` keyword is required for partial set rules");
  }
  return found;
}
