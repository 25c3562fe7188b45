// The flags of `rw lint` and `rw fix` that say which rules run over which files; Regal's names and letters.
import type { CustomRule } from "#features/rego/custom-rules.ts";
import type { RuleFlags } from "#lint/active-rules.ts";
import { categories } from "#lint/rule.ts";
import { lintRules } from "#lint/rules.generated.ts";
import type { Flag, Invocation } from "../command.ts";

export const ruleFlags: readonly Flag[] = [
  { name: "config-file", short: "c", kind: "string", placeholder: "path", help: "set path of configuration file" },
  { name: "disable", short: "d", kind: "list", placeholder: "rule", help: "disable specific rule(s). This flag can be repeated" },
  { name: "disable-all", short: "D", kind: "boolean", help: "disable all rules" },
  {
    name: "disable-category",
    kind: "list",
    placeholder: "category",
    help: "disable all rules in a category. This flag can be repeated",
  },
  { name: "enable", short: "e", kind: "list", placeholder: "rule", help: "enable specific rule(s). This flag can be repeated" },
  { name: "enable-all", short: "E", kind: "boolean", help: "enable all rules" },
  {
    name: "enable-category",
    kind: "list",
    placeholder: "category",
    help: "enable all rules in a category. This flag can be repeated",
  },
  {
    name: "ignore-files",
    kind: "list",
    placeholder: "pattern",
    help: "ignore all files matching a glob-pattern. This flag can be repeated",
  },
  {
    name: "rules",
    short: "r",
    kind: "strings",
    placeholder: "path",
    help: "set custom rules file(s). This flag can be repeated",
  },
  { name: "no-color", kind: "boolean", help: "disable color output" },
];

/** The flags as `activeRules` takes them, or what is wrong with them; `custom` are the rules of the project itself. */
export function chosenRules(call: Invocation, custom: readonly CustomRule[]): RuleFlags | { readonly fault: string } {
  const set = (name: string): ReadonlySet<string> => new Set(call.all(name));
  const flags = {
    enable: set("enable"),
    disable: set("disable"),
    enableCategory: set("enable-category"),
    disableCategory: set("disable-category"),
    enableAll: call.on("enable-all"),
    disableAll: call.on("disable-all"),
  };
  const known: ReadonlySet<string> = new Set([...categories, ...custom.map(({ category }) => category)]);
  const names = new Set([...lintRules, ...custom].map(({ name }) => name));
  const foreign = [...flags.enableCategory, ...flags.disableCategory].filter((name) => !known.has(name));
  const unknown = [...flags.enable, ...flags.disable].filter((name) => !names.has(name));
  if (foreign.length > 0) return { fault: `unknown categories: ${foreign.join(", ")}` };
  return unknown.length > 0 ? { fault: `unknown rules: ${unknown.join(", ")}` } : flags;
}
