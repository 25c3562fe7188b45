// Runs lint rules over files: what each finds, as its level in the configuration and the files' directives let it be told.
import type { QuickFix } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Decisions, LintDocument } from "./decisions.ts";
import { directivesOf, isIgnored } from "./directives.ts";
import { LintFile } from "./lint-file.ts";
import type { FileRule, Found, Level, LintRule, Options, ProjectRule } from "./rule.ts";
import { isDecisionRule, isProjectRule } from "./rule.ts";

/** A rule as the configuration has it. */
export interface ActiveRule {
  readonly rule: LintRule;
  readonly level: Exclude<Level, "ignore">;
  /** The rule's defaults with what the configuration says. */
  readonly options: Options;
  /** True for files that the rule leaves out. */
  readonly leavesOut?: (relativePath: string) => boolean;
}

export interface LintFinding {
  readonly rule: string;
  /** One of ours, or that of a rule of the project. */
  readonly category: string;
  readonly level: Exclude<Level, "ignore">;
  readonly message: string;
  /** A policy or a sample; undefined for what is about the project. */
  readonly file: LintDocument | undefined;
  readonly range: Range | undefined;
  readonly fix?: QuickFix;
  /** The folder, below the root, that the file belongs into. */
  readonly moveTo?: string;
  /** The page that a rule of the project names. */
  readonly page?: string;
}

const directives = oncePer(directivesOf);

/** What the file rules among `active` find in one file, in the order of the rules. */
export function lintFile(file: LintFile, active: readonly ActiveRule[]): readonly LintFinding[] {
  return active.flatMap((one) => {
    const { check } = one.rule;
    return check === undefined || one.leavesOut?.(file.relativePath) === true ? [] : checkOne(file, one, check);
  });
}

/** What is found twice, as heads with several bodies have it, is told once. */
function checkOne(file: LintFile, active: ActiveRule, check: FileRule["check"]): readonly LintFinding[] {
  const found = new Map<string, LintFinding>();
  for (const one of check(file, active.options)) {
    const finding = findingOf(active, file, "start" in one ? { range: one } : one);
    const key = `${finding.range?.start} ${finding.range?.end} ${finding.message}`;
    if (!found.has(key) && isTold(finding)) found.set(key, finding);
  }
  return [...found.values()];
}

/** Collects the facts of a file that the project rules among `active` ask for later. */
export function collectFacts(file: LintFile, active: readonly ActiveRule[]): void {
  for (const { rule, leavesOut } of active)
    if (isProjectRule(rule) && leavesOut?.(file.relativePath) !== true) factsFor(rule)(file);
}

/** What the project rules among `active` find in all files together; as in Regal nothing where there is only one. */
export function lintProject(files: readonly LintFile[], active: readonly ActiveRule[]): readonly LintFinding[] {
  if (files.length < 2) return [];
  return active.flatMap((one) => (isProjectRule(one.rule) ? judgeAll(files, one, one.rule) : []));
}

function judgeAll(files: readonly LintFile[], active: ActiveRule, rule: ProjectRule): readonly LintFinding[] {
  const facts = factsFor(rule);
  const seen = files.filter((file) => active.leavesOut?.(file.relativePath) !== true);
  const collected = new Map(seen.map((file) => [file, facts(file)]));
  return [...rule.judge(collected, active.options)].map((one) => findingOf(active, one.file, one)).filter(isTold);
}

/** True where there are rules about decisions among `active`. */
export function looksAtDecisions(active: readonly ActiveRule[]): boolean {
  return active.some(({ rule }) => isDecisionRule(rule) && rule.decide !== undefined);
}

/** What the rules about decisions among `active` find. */
export function lintDecisions(decisions: Decisions, active: readonly ActiveRule[]): readonly LintFinding[] {
  return active.flatMap((one) => {
    const { rule, leavesOut, options } = one;
    if (!isDecisionRule(rule) || rule.decide === undefined) return [];
    const files = decisions.files.filter((file) => leavesOut?.(file.relativePath) !== true);
    return [...rule.decide({ ...decisions, files }, options)].map((found) => findingOf(one, found.file, found)).filter(isTold);
  });
}

/** What a project rule collected of a file holds as long as the file. */
const factsFor = oncePer((rule: ProjectRule) => oncePer((file: LintFile) => rule.collect(file)));

function findingOf({ rule, level }: ActiveRule, file: LintDocument | undefined, found: Found): LintFinding {
  return {
    rule: rule.name,
    category: rule.category,
    level,
    message: found.message ?? rule.description,
    file,
    range: found.range,
    ...(found.fix === undefined ? {} : { fix: found.fix }),
    ...(found.moveTo === undefined ? {} : { moveTo: found.moveTo }),
  };
}

function isTold(finding: LintFinding): boolean {
  return !isSwitchedOff(finding);
}

/** True for what a directive of its file switches off. */
export function isSwitchedOff({ file, range, rule }: LintFinding): boolean {
  if (!(file instanceof LintFile) || range === undefined) return false;
  return isIgnored(directives(file), rule, file.lines.rowCol(range.start).row);
}
