// Tests with several cases, `test_x[name] if …`: which rules they are, the calls that tell the host of each case, the tree of outcomes.
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import type { Checked, CheckedModule } from "#analysis/rego/checked.ts";
import { callTerm, exprOf } from "#analysis/rego/tree/make.ts";
import { headParts, isConstant } from "#analysis/rego/tree/refs.ts";
import { varsOfAll } from "#analysis/rego/tree/vars.ts";
import { walk } from "#analysis/rego/tree/walk.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Body, Expr, Rule, Term } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import type { Family } from "./builtins/builtin.ts";
import { writeJsonText } from "./json-text.ts";
import { RegoObject, type Value } from "./value.ts";

export const testCaseBuiltin = "internal.test_case";

/** The builtin of the call that `announceCases` and `withTestCases` put in: hands on the values that it is given. */
export function hearingCases(heard: (values: readonly Value[]) => void): Family {
  return {
    [testCaseBuiltin]: ([values]) => {
      if (Array.isArray(values)) heard(values as readonly Value[]);
      return true;
    },
  };
}

/** For evaluations whose cases nobody asks for. */
export const unheardCases: Family = hearingCases(() => undefined);

export interface TestCase {
  readonly name: string;
  readonly passed: boolean;
  /** The cases below, of a test with several keys. */
  readonly cases?: readonly TestCase[];
}

/** Up to where a rule's head names a test: `test_x`, or a ref with such a name before its first variable. */
export function testHead({ head }: Rule): TestHead | undefined {
  const parts = headParts(head);
  const end = parts.findIndex((part, at) => isTestName(nameIn(part, at)) || (at > 0 && !isConstant(part)));
  const name = end < 0 ? "" : nameIn(parts[end]!, end);
  return isTestName(name) ? { parts: parts.slice(0, end + 1), name } : undefined;
}

export interface TestHead {
  readonly parts: readonly Term[];
  /** The last of the parts. */
  readonly name: string;
}

function nameIn(part: Term, at: number): string {
  if (at === 0 && part.kind === "var") return part.name;
  return part.kind === "string" ? part.value : "";
}

export function isTestName(name: string): boolean {
  return /^(?:todo_)?test_/u.test(name);
}

/** Listed, not run. */
export function isSkippedTest(name: string): boolean {
  return name.startsWith("todo_");
}

/** True when the head has a variable as key: each value is a case of its own. */
export function hasCases({ head }: Rule): boolean {
  return !head.contains && varsOfAll(headParts(head).slice(1)).size > 0;
}

/** True for `foo.test_x := …` and `test_x.y := …` without a body, which OPA takes for entries of an object: what stands in the value are the cases. */
export function isEntry({ head, body, default: isDefault }: Rule): boolean {
  const isFact = body === undefined && !isDefault && head.value !== undefined && head.args === undefined && !head.contains;
  return isFact && headParts(head).length === 2;
}

/** The name of a test that so many others of its name and package stand before. */
export function numberedTest(name: string, before: number): string {
  return before === 0 ? name : `${name}#${String(before).padStart(2, "0")}`;
}

/** Of test rules with one name each is a test of its own, as OPA has it: `test_x`, `test_x#01`, `test_x#02`. */
export function numberTests(modules: readonly ParsedModule[]): readonly ParsedModule[] {
  const counts = new Map<string, number>();
  return modules.map((parsed) => {
    const path = (parsed.module.package?.path ?? []).map(({ value }) => value);
    let changed = false;
    const rules = parsed.module.rules.map((rule) => {
      const test = testHead(rule);
      if (test === undefined || isSkippedTest(test.name)) return rule;
      const key = `${JSON.stringify(path)}${printRef(test.parts)}`;
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      if (count === 0) return rule;
      changed = true;
      return renamed(rule, test.parts.length - 1, numberedTest(test.name, count));
    });
    return changed ? { ...parsed, module: { ...parsed.module, rules } } : parsed;
  });
}

/** The rule with another name in its head's part at this position. */
function renamed(rule: Rule, position: number, name: string): Rule {
  const { reference } = rule.head;
  const named = (part: Term, at: number): Term =>
    at !== position ? part : part.kind === "string" ? { ...part, value: name } : { ...part, kind: "var", name };
  const head = reference.kind === "var" ? { ...reference, name } : { ...reference, parts: reference.parts.map(named) };
  return {
    ...rule,
    head: { ...rule.head, reference: head },
    else: rule.else === undefined ? undefined : renamed(rule.else, position, name),
  };
}

/** The rules whose cases cannot be told apart, as these builtins lack the one that tells them. */
export function untoldCases({ builtins, modules }: Checked): readonly Rule[] {
  if (builtins.has(testCaseBuiltin)) return [];
  return modules.flatMap(({ module }) =>
    module.rules.filter((rule) => {
      const test = testHead(rule);
      return test !== undefined && !isSkippedTest(test.name) && hasCases(rule);
    }),
  );
}

/** The modules with a call of `internal.test_case` in every rule with cases, as soon as its keys have values. */
export function announceCases(checked: Checked): Checked {
  return { ...checked, builtins: withTestCase(checked.builtins), modules: checked.modules.map(announcing) };
}

/** Modules that an edit leaves alone stay the same objects, so that a compiler that remembers knows them again. */
const announcing = oncePer((one: CheckedModule) =>
  withRules(one, (rule) => {
    const test = testHead(rule);
    return test !== undefined && hasCases(rule) ? announced(rule, test) : rule;
  }),
);

/** The modules with their compiled rules changed to call `internal.test_case`, whatever builtins a capabilities file leaves. */
export function withTestCases(checked: Checked, change: (rule: Rule) => Rule): Checked {
  return {
    ...checked,
    builtins: withTestCase(checked.builtins),
    modules: checked.modules.map((one) => withRules(one, change)),
  };
}

function withRules(one: CheckedModule, change: (rule: Rule) => Rule): CheckedModule {
  const rules = one.module.rules.map(change);
  return rules.every((rule, at) => rule === one.module.rules[at]) ? one : { ...one, module: { ...one.module, rules } };
}

const extended = new WeakMap<object, Checked["builtins"]>();

/** The same table each time, so that a compiler that remembers knows it again. */
function withTestCase(builtins: Checked["builtins"]): Checked["builtins"] {
  const builtin = builtinsByName().get(testCaseBuiltin);
  if (builtin === undefined) return builtins;
  const known = extended.get(builtins) ?? new Map(builtins).set(testCaseBuiltin, builtin);
  extended.set(builtins, known);
  return known;
}

function announced(rule: Rule, { parts }: TestHead): Rule {
  const keys = headParts(rule.head).slice(parts.length);
  const { start, end } = rule.head;
  const place = { start, end };
  const call = exprOf(callTerm(testCaseBuiltin, [{ kind: "array", ...place, items: keys }], place), place, { generated: true });
  const body = keys.reduce(withKeyFirst, rule.body ?? []);
  const names = keys.flatMap((key) => (key.kind === "var" ? key.name : []));
  return { ...rule, body: inserted(body, placeBehind(names, body), call) };
}

/** What is made to give a key its value stands at the end of a body: a case that fails before that must be known, too. */
function withKeyFirst(body: Body, key: Term): Body {
  const isMaking = ({ start, end }: Expr): boolean => start < end && key.start <= start && end <= key.end;
  const [making, rest] = [body.filter(isMaking), body.filter((expr) => !isMaking(expr))];
  return inserted(rest, placeBehind(making.flatMap(namesIn), rest), ...making);
}

function inserted(body: Body, at: number, ...more: readonly Expr[]): Body {
  return [...body.slice(0, at), ...more, ...body.slice(at)];
}

/** Bodies are in safe order: a variable has its value behind the expression that names it first. */
function placeBehind(names: readonly string[], body: Body): number {
  return Math.max(0, ...names.map((name) => body.findIndex((expr) => namesIn(expr).includes(name)) + 1));
}

/** The variables of an expression and of the bodies in it. */
function namesIn(expr: Expr): readonly string[] {
  const names = new Set<string>();
  const others = new Set(["input", "data"]);
  walk(expr, (node) => {
    if (node.kind === "var") names.add(node.name);
    const operator = node.kind === "call" ? node.operator.parts[0] : undefined;
    if (operator?.kind === "var") others.add(operator.name);
    return undefined;
  });
  return [...names].filter((name) => !others.has(name));
}

/** The outcomes of the cases that were announced; a case passes when the test's value has `true` for it. */
export function caseTree(paths: readonly (readonly Value[])[], value: Value | undefined): readonly TestCase[] {
  const groups = new Map<string, { readonly key: Value; readonly below: (readonly Value[])[] }>();
  for (const [key, ...rest] of paths) {
    if (key === undefined) continue;
    const name = nameOfCase(key);
    const group = groups.get(name) ?? { key, below: [] };
    group.below.push(rest);
    groups.set(name, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { key, below }]): TestCase => {
      const inner = value instanceof RegoObject ? value.get(key) : undefined;
      const cases = caseTree(below, inner);
      return cases.length === 0 ? { name, passed: inner === true } : { name, passed: cases.every((one) => one.passed), cases };
    });
}

/** The entries of an object, which pass when they are true. */
export function casesOfEntry(value: Value | undefined): readonly TestCase[] {
  if (!(value instanceof RegoObject)) return [];
  return value.entries.map(([key, inner]): TestCase => {
    const name = nameOfCase(key);
    if (!(inner instanceof RegoObject)) return { name, passed: inner === true };
    const cases = casesOfEntry(inner);
    return { name, passed: cases.every((one) => one.passed), cases };
  });
}

/** What a case is called, which is the key that it has in a JSON object too. */
export function nameOfCase(key: Value): string {
  return typeof key === "string" ? key : writeJsonText(key);
}

/** How many outcomes a test counts for: each innermost case is one. */
export function countCases(cases: readonly TestCase[]): { readonly passed: number; readonly failed: number } {
  let passed = 0;
  let failed = 0;
  for (const one of cases) {
    const inner = one.cases === undefined ? { passed: one.passed ? 1 : 0, failed: one.passed ? 0 : 1 } : countCases(one.cases);
    passed += inner.passed;
    failed += inner.failed;
  }
  return { passed, failed };
}
