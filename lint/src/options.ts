// What a configuration may give a rule's options: values of the kind that their defaults have.
import type { LintRule } from "./rule.ts";

/** What is wrong with a value; undefined where the rule can use it. */
export function optionFault(rule: LintRule, name: string, value: unknown): string | undefined {
  const { options = {}, unreadOptions = [], isItem = isText } = rule;
  if (unreadOptions.includes(name)) return undefined;
  if (!Object.hasOwn(options, name)) return `${rule.name} has no such option`;
  const general = options[name];
  if (general === undefined)
    return typeof value === "string" || typeof value === "number" ? undefined : "must be a text or number";
  if (Array.isArray(general)) {
    if (!Array.isArray(value)) return "must be a list";
    return value.every(isItem) ? undefined : "has an item of the wrong kind";
  }
  return typeof value === typeof general ? undefined : `must be a ${typeof general === "string" ? "text" : typeof general}`;
}

function isText(item: unknown): boolean {
  return typeof item === "string";
}
