// What a lint rule is: its name, category and default level, its options with their defaults, and what it finds.
import type { QuickFix } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Decisions, LintDocument } from "./decisions.ts";
import type { LintFile } from "./lint-file.ts";

/** Regal's categories, in the order of its documentation, and our own. */
export const categories = ["bugs", "custom", "idiomatic", "imports", "performance", "style", "testing", "decision"] as const;

export type Category = (typeof categories)[number];

/** Regal's levels; `ignore` switches a rule off. */
export type Level = "error" | "warning" | "ignore";

/** A rule's options by name, as in `.regal/config.yaml`, with JSON values. */
export type Options = Readonly<Record<string, unknown>>;

interface RuleFacts<O extends Options> {
  /** Regal's name, which directives and configurations use; the file is called so, too. */
  readonly name: string;
  readonly category: Category;
  /** Regal's description: the message of what is found, unless a finding has its own. */
  readonly description: string;
  /** `error` unless given. */
  readonly level?: Level;
  /** The options and their defaults. */
  readonly options?: O;
  /** Why it looks at nothing of a file, where that is so. */
  readonly notice?: (file: LintFile) => Notice | undefined;
  /** Options that Regal's own configuration names and nothing reads: who copies that is not told of them. */
  readonly unreadOptions?: readonly string[];
  /** True for what may stand in lists among the options; texts unless given. */
  readonly isItem?: (item: unknown) => boolean;
}

export interface Notice {
  readonly description: string;
  readonly severity: "none" | "warning";
}

/** One thing that a rule finds. */
export interface Found {
  /** Undefined where a finding is about no place, as `no-defined-entrypoint` is. */
  readonly range: Range | undefined;
  readonly message?: string;
  readonly fix?: QuickFix;
  /** The folder, below the root, that the file belongs into. */
  readonly moveTo?: string;
}

/** A rule that looks at one file at a time. */
export interface FileRule<O extends Options = Options> extends RuleFacts<O> {
  /** The bare range says as much as `{ range }`. */
  check(file: LintFile, options: O): Iterable<Range | Found>;
}

/** What a project rule found, and in which file; undefined for the project itself. */
export interface FoundInProject extends Found {
  readonly file: LintDocument | undefined;
}

/** A rule about all files together: facts are collected of each, and kept while it does not change. */
export interface ProjectRule<Facts = unknown, O extends Options = Options> extends RuleFacts<O> {
  /** What is found without looking at other files. */
  check?(file: LintFile, options: O): Iterable<Range | Found>;
  collect(file: LintFile): Facts;
  judge(collected: ReadonlyMap<LintFile, Facts>, options: O): Iterable<FoundInProject>;
}

/** A rule about what the policies decide. Such a rule is off unless it, or the category, is named. */
export interface DecisionRule<O extends Options = Options> extends RuleFacts<O> {
  readonly category: "decision";
  /** True for one that asks what evaluations came to. */
  readonly evaluates?: true;
  /** What is found in the text alone. */
  check?(file: LintFile, options: O): Iterable<Range | Found>;
  decide?(decisions: Decisions, options: O): Iterable<FoundInProject>;
}

export type LintRule = FileRule | ProjectRule | DecisionRule;

export function isProjectRule(rule: LintRule): rule is ProjectRule {
  return "judge" in rule;
}

export function isDecisionRule(rule: LintRule): rule is DecisionRule {
  return rule.category === "decision";
}

/** Says of an object literal that it is a rule, so that its options are typed by their defaults. */
export function fileRule<O extends Options>(rule: FileRule<O>): FileRule {
  return rule as FileRule;
}

export function projectRule<Facts, O extends Options>(rule: ProjectRule<Facts, O>): ProjectRule {
  return rule as ProjectRule;
}

export function decisionRule<O extends Options>(rule: DecisionRule<O>): DecisionRule {
  return rule as DecisionRule;
}
