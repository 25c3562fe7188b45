// Rules of a project that are written in Rego: found in its rule files, compiled with the library that they ask, asked of each policy and of all together.
import { checkModules } from "#analysis/rego/check.ts";
import { regalInput } from "#analysis/rego/roast.ts";
import { headName } from "#analysis/rego/tree/refs.ts";
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { regalBuiltins } from "#evaluation/regal-builtins.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { type RuleFlags, ruleLevel } from "#lint/active-rules.ts";
import type { LintConfig } from "#lint/config.ts";
import { ignoredFiles } from "#lint/ignored-files.ts";
import { isSwitchedOff, type LintFinding } from "#lint/lint.ts";
import type { LintFile } from "#lint/lint-file.ts";
import { membersOf } from "#workspace/json-record.ts";
import { mayCall, ruleLibrary } from "./rule-library.ts";

export interface RuleSource {
  readonly path: string;
  readonly text: string;
}

export interface CustomRule {
  readonly category: string;
  readonly name: string;
  /** What is asked of each policy: violations, and what a rule about all policies notes of it. */
  readonly report: string | undefined;
  readonly aggregate: string | undefined;
  /** What is asked once all was noted. */
  readonly aggregateReport: string | undefined;
}

export interface CustomRules {
  readonly rules: readonly CustomRule[];
  readonly module: EmittedModule;
}

/** The rules in some files, tests left out; undefined where there are none. */
export function compileRules(sources: readonly RuleSource[]): CustomRules | { readonly problem: string } | undefined {
  const own = sources.filter(({ path }) => !path.endsWith("_test.rego")).map(({ path, text }) => parsed(path, text));
  const rules = rulesIn(own);
  const broken = own.flatMap(({ diagnostics }) => diagnostics)[0];
  if (broken !== undefined) return { problem: placed(broken, own) };
  if (rules.length === 0) return undefined;
  const modules = [...ruleLibrary(), ...own];
  const checked = checkModules(modules, { annotations: "untyped", extraBuiltins: regalBuiltins });
  const fault = checked.diagnostics.find(({ severity }) => severity === "error");
  if (fault !== undefined) return { problem: placed(fault, own) };
  const { module, diagnostics } = compile(checked, { entrypoints: entrypointsOf(rules) });
  return module === undefined ? { problem: diagnostics[0]?.message ?? "the rules cannot be compiled" } : { rules, module };
}

/** All that is asked of rules. */
export function entrypointsOf(rules: readonly CustomRule[]): readonly string[] {
  return rules.flatMap(({ report, aggregate, aggregateReport }) =>
    [report, aggregate, aggregateReport].filter((one) => one !== undefined),
  );
}

function parsed(file: string, text: string): ParsedModule {
  return parseModule(text, { file, version: file.endsWith("_v0.rego") ? "v0" : "v1", isBuiltin: mayCall });
}

function placed({ file, range, message }: Diagnostic, modules: readonly ParsedModule[]): string {
  const text = modules.find((one) => one.file === file)?.text ?? "";
  return `${file}:${new LineIndex(text).rowCol(range.start).row}: ${message.split("\n")[0]}`;
}

/** By packages `custom.regal.rules.<category>.<name>`. */
export function rulesIn(modules: readonly ParsedModule[]): readonly CustomRule[] {
  const names = new Map<string, Set<string>>();
  for (const { module } of modules) {
    const path = (module.package?.path ?? []).map(({ value }) => value);
    if (path.length !== 5 || path.slice(0, 3).join(".") !== "custom.regal.rules") continue;
    const key = path.join("/");
    const known = names.get(key) ?? new Set();
    names.set(key, known);
    for (const { head } of module.rules) known.add(headName(head));
  }
  return [...names].flatMap(([path, known]) => {
    const [, , , category, name] = path.split("/") as [string, string, string, string, string];
    const entry = (rule: string): string | undefined => (known.has(rule) ? `${path}/${rule}` : undefined);
    const [report, aggregate, aggregateReport] = [entry("report"), entry("aggregate"), entry("aggregate_report")];
    if (report === undefined && aggregateReport === undefined) return [];
    return [{ category, name, report, aggregate, aggregateReport }];
  });
}

/** A rule as the configuration and the flags have it. */
export interface ActiveCustomRule extends CustomRule {
  readonly level: LintFinding["level"];
  readonly leavesOut: (relativePath: string) => boolean;
}

export function activeCustomRules(
  rules: readonly CustomRule[],
  config: LintConfig,
  flags?: RuleFlags,
): readonly ActiveCustomRule[] {
  return rules.flatMap((rule) => {
    const level = ruleLevel(rule, config, flags);
    const own = config.categories.get(rule.category)?.rules.get(rule.name);
    return level === "ignore" ? [] : [{ ...rule, level, leavesOut: ignoredFiles(own?.ignoredFiles ?? []) }];
  });
}

/** The base document of the rules: what the configuration says of rules, at which levels they are, and the builtins that there are. */
export function rulesData(configJson: unknown, active: readonly ActiveCustomRule[], builtins: Iterable<string>): string {
  const names = [...builtins, ...regalBuiltins.map(({ name }) => name)];
  const byCategory = Map.groupBy(active, ({ category }) => category);
  const levels = [...byCategory].map(([category, rules]) => [
    category,
    Object.fromEntries(rules.map(({ name, level }) => [name, level])),
  ]);
  const capabilities = { builtins: Object.fromEntries(names.map((name) => [name, {}])) };
  const rules = membersOf(configJson)["rules"] ?? {};
  return JSON.stringify({ internal: { rules, levels: Object.fromEntries(levels), capabilities } });
}

/** What is asked of one policy, or of what was noted of all. */
export interface RuleQuestion {
  /** Undefined for what was noted. */
  readonly file: LintFile | undefined;
  readonly entrypoints: readonly string[];
  /** As JSON or Rego text. */
  readonly input: () => string;
}

/** The value as JSON text, undefined for none; or why there is none. */
export type RuleAnswer = { readonly json: string | undefined } | { readonly fault: string };

export interface CustomFindings {
  readonly findings: readonly LintFinding[];
  /** What went wrong in rules, in one sentence each. */
  readonly faults: readonly string[];
}

/** What rules find in policies, asked question by question; as in Regal those about all policies find nothing where there is only one. */
export function* customFindings(
  files: readonly LintFile[],
  active: readonly ActiveCustomRule[],
): Generator<RuleQuestion, CustomFindings, readonly RuleAnswer[]> {
  const findings: LintFinding[] = [];
  const faults: string[] = [];
  const noted = new Map<ActiveCustomRule, unknown[]>();
  const byPath = new Map(files.map((file) => [file.path, file]));
  const valuesOf = (rule: ActiveCustomRule, answer: RuleAnswer | undefined): readonly unknown[] => {
    if (answer !== undefined && "fault" in answer) faults.push(`${rule.category}/${rule.name}: ${answer.fault}`);
    return answer === undefined || "fault" in answer || answer.json === undefined ? [] : listOf(JSON.parse(answer.json));
  };
  const tell = (rule: ActiveCustomRule, answer: RuleAnswer | undefined, file: LintFile | undefined): void => {
    for (const violation of valuesOf(rule, answer)) {
      const finding = findingOf(rule, membersOf(violation), byPath, file);
      if (!isSwitchedOff(finding)) findings.push(finding);
    }
  };
  for (const file of files) {
    const asked = active.filter(({ leavesOut }) => !leavesOut(file.relativePath));
    const about = (rule: ActiveCustomRule): string | undefined => (files.length < 2 ? undefined : rule.aggregate);
    const entrypoints = asked.flatMap((rule) => [rule.report, about(rule)].filter((one) => one !== undefined));
    const input = (): string => JSON.stringify(regalInput(file.parsed, file.path, file.absolutePath));
    const answers = entrypoints.length === 0 ? [] : yield { file, entrypoints, input };
    const answerTo = (entrypoint: string | undefined): RuleAnswer | undefined =>
      entrypoint === undefined ? undefined : answers[entrypoints.indexOf(entrypoint)];
    for (const rule of asked) {
      tell(rule, answerTo(rule.report), file);
      if (rule.aggregateReport === undefined || files.length < 2) continue;
      const entries = valuesOf(rule, answerTo(about(rule))).map((entry) => withSource(entry, file.path));
      noted.set(rule, [...(noted.get(rule) ?? []), ...entries]);
    }
  }
  for (const [rule, aggregate] of noted) {
    const input = (): string => `{"aggregate": ${setText(aggregate)}}`;
    const [answer] = yield { file: undefined, entrypoints: [rule.aggregateReport!], input };
    tell(rule, answer, undefined);
  }
  return { findings, faults };
}

/** As Rego text: what was noted is a set. */
function setText(items: readonly unknown[]): string {
  return items.length === 0 ? "set()" : `{${items.map((item) => JSON.stringify(item)).join(", ")}}`;
}

function withSource(entry: unknown, file: string): unknown {
  const noted = membersOf(entry);
  return { ...noted, aggregate_source: { ...membersOf(noted["aggregate_source"]), file } };
}

function findingOf(
  rule: ActiveCustomRule,
  violation: Readonly<Record<string, unknown>>,
  files: ReadonlyMap<string, LintFile>,
  asked: LintFile | undefined,
): LintFinding {
  const location = membersOf(violation["location"]);
  const file = files.get(String(location["file"])) ?? asked;
  const message = violation["description"] ?? violation["message"];
  const page = listOf(violation["related_resources"])
    .map((one) => membersOf(one)["ref"])
    .find((ref) => typeof ref === "string");
  return {
    rule: rule.name,
    category: rule.category,
    level: rule.level,
    message: typeof message === "string" ? message : rule.name,
    file,
    range: file && rangeOf(file, location),
    ...(page === undefined ? {} : { page }),
  };
}

/** Undefined for what is about no place; without an end it is as long as its line. */
function rangeOf({ lines }: LintFile, location: Readonly<Record<string, unknown>>): Range | undefined {
  const start = offsetAt(lines, location);
  if (start === undefined) return undefined;
  const line = lines.lineOf(start);
  const end = offsetAt(lines, membersOf(location["end"])) ?? lines.lineStart(line) + lines.lineText(line).length;
  return { start, end: Math.max(start, end) };
}

/** Undefined for what is no place of the text. */
function offsetAt(lines: LineIndex, { row, col }: Readonly<Record<string, unknown>>): number | undefined {
  if (typeof row !== "number" || typeof col !== "number" || row < 1 || row > lines.lineCount) return undefined;
  return lines.offsetAt({ row, col });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
