// Which rules run, at which level and with which options: what a configuration and the flags of a command make of the rules there are.
import type { LintConfig, RuleConfig } from "./config.ts";
import { ignoredFiles } from "./ignored-files.ts";
import type { ActiveRule } from "./lint.ts";
import { optionFault } from "./options.ts";
import { isDecisionRule, type Level, type LintRule, type Options } from "./rule.ts";

/** Flags come before the configuration; among them those for a rule before those for a category before those for all. */
export interface RuleFlags {
  readonly enable: ReadonlySet<string>;
  readonly disable: ReadonlySet<string>;
  readonly enableCategory: ReadonlySet<string>;
  readonly disableCategory: ReadonlySet<string>;
  readonly enableAll: boolean;
  readonly disableAll: boolean;
}

const none: ReadonlySet<string> = new Set();

export const noRuleFlags: RuleFlags = {
  enable: none,
  disable: none,
  enableCategory: none,
  disableCategory: none,
  enableAll: false,
  disableAll: false,
};

/** The rules that are on, in their order. */
export function activeRules(
  rules: readonly LintRule[],
  config: LintConfig,
  flags: RuleFlags = noRuleFlags,
): readonly ActiveRule[] {
  return rules.flatMap((rule) => {
    const category = config.categories.get(rule.category);
    const own = category?.rules.get(rule.name);
    const configured = own?.level ?? category?.level ?? generalLevel(rule, config, own);
    const level = levelByFlags(rule, flags) ?? configured;
    return level === "ignore" ? [] : [activeRule(rule, level, own)];
  });
}

/** Rules about decisions take evaluations: what is said of all rules is not said of them, but to give one options is to name it. */
function generalLevel(rule: LintRule, { level }: LintConfig, own: RuleConfig | undefined): Level {
  if (isDecisionRule(rule)) return own === undefined ? "ignore" : "error";
  return level ?? rule.level ?? "error";
}

function activeRule(rule: LintRule, level: ActiveRule["level"], own: RuleConfig | undefined): ActiveRule {
  return {
    rule,
    level,
    options: optionsOf(rule, own),
    ...(own === undefined || own.ignoredFiles.length === 0 ? {} : { leavesOut: ignoredFiles(own.ignoredFiles) }),
  };
}

/** The defaults, with what the configuration says where the rule can use it. */
function optionsOf(rule: LintRule, own: RuleConfig | undefined): Options {
  const set = Object.entries(own?.options ?? {}).filter(([name, value]) => optionFault(rule, name, value) === undefined);
  return { ...rule.options, ...Object.fromEntries(set) };
}

/** The level of a rule of the project. */
export function ruleLevel(rule: NamedRule, config: LintConfig, flags: RuleFlags = noRuleFlags): Level {
  const category = config.categories.get(rule.category);
  const configured = category?.rules.get(rule.name)?.level ?? category?.level ?? config.level ?? "error";
  return levelByFlags(rule, flags) ?? configured;
}

interface NamedRule {
  readonly name: string;
  readonly category: string;
}

/** A flag that switches off wins over one that switches on only where it is nearer to the rule. */
function levelByFlags(rule: NamedRule, flags: RuleFlags): Level | undefined {
  const { name, category } = rule;
  if (flags.disable.has(name)) return "ignore";
  if (flags.enable.has(name)) return "error";
  if (flags.disableCategory.has(category)) return "ignore";
  if (flags.enableCategory.has(category)) return "error";
  if (flags.disableAll) return "ignore";
  return flags.enableAll && category !== "decision" ? "error" : undefined;
}
