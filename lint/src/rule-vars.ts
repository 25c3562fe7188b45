// The variables of one rule, in the ways that they are mentioned, and which mention of a variable gives it its value.
import { type Node, walk, walkBody } from "#analysis/rego/tree/walk.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range, Rule, Term, Var } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { arityOf } from "./function-arity.ts";
import type { LintFile, NodeOf } from "./lint-file.ts";
import { importedPaths, ruleNames } from "./names.ts";
import { perRun } from "./per-run.ts";
import { allVars, isVar, isWildcard } from "./terms.ts";

/** `term` is behind the arguments of a call: `n` in `count(xs, n)`; `ref` is in a bracket. */
export type Mention = "args" | "term" | "assign" | "every" | "some" | "somein" | "ref";

export interface Mentioned {
  readonly variable: Var;
  readonly as: Mention;
}

export class RuleVars {
  readonly file: LintFile;
  readonly rule: Rule;
  readonly all: readonly Mentioned[];
  readonly #byName = new Map<string, Mentioned[]>();

  constructor(file: LintFile, rule: Rule) {
    this.file = file;
    this.rule = rule;
    this.all = mentionsIn(file, rule);
    for (const one of this.all) {
      const { name } = one.variable;
      const list = this.#byName.get(name);
      if (list === undefined) this.#byName.set(name, [one]);
      else list.push(one);
    }
  }

  /** The mentions of a name. */
  named(name: string): readonly Mentioned[] {
    return this.#byName.get(name) ?? [];
  }

  /** True where a variable gets its value: a wildcard, or the first mention but for `some`. */
  isOutput(variable: Var): boolean {
    const { name } = variable;
    if (isWildcard(variable)) return true;
    if (ruleNames(this.file).has(name) || importedPaths(this.file).has(name)) return false;
    const above = this.above(variable);
    return above.length === (above.some(({ as }) => as === "some") ? 1 : 0);
  }

  /** The mentions of a variable's name that can have given it a value before this place. */
  above(variable: Var): readonly Mentioned[] {
    const named = this.named(variable.name);
    return this.#isInHeadValue(variable) ? named : named.filter((one) => one.variable.start < variable.start);
  }

  /** The value of a head sees what the body has; of one with several rows Regal takes the columns of its first and last one. */
  #isInHeadValue({ start }: Range): boolean {
    const { value } = this.rule.head;
    if (value === undefined) return false;
    const { lines } = this.file;
    const [from, to, at] = [lines.rowCol(value.start), lines.rowColOfEnd(value.end), lines.rowCol(start)];
    if (at.row < from.row || at.row > to.row || at.col < from.col) return false;
    const lastRow = to.row === from.row ? to.col - from.col : Math.min(to.col, lines.lineText(to.row - 1).length);
    return at.col <= from.col + lastRow;
  }
}

const varsOfRules = perRun((file: LintFile) => oncePer((rule: Rule) => new RuleVars(file, rule)));

/** The variables of a rule and its `else` branches. */
export function ruleVars(file: LintFile, rule: Rule): RuleVars {
  return varsOfRules(file)(rule);
}

/** The variables of every rule of a file. */
export function varsOfFile(file: LintFile): readonly RuleVars[] {
  return file.module.rules.map((rule) => ruleVars(file, rule));
}

function mentionsIn(file: LintFile, rule: Rule): readonly Mentioned[] {
  const found: Mentioned[] = [];
  const mention = (as: Mention, variables: readonly Var[]) => {
    for (const variable of variables) found.push({ variable, as });
  };
  for (const arg of rule.head.args ?? []) mention("args", argVars(arg));
  visitRule(rule, (node) => {
    switch (node.kind) {
      case "ref":
        for (const [at, part] of node.parts.entries()) if (at > 0 && isVar(part)) mention("ref", [part]);
        break;
      case "call":
        mention("assign", assignedVars(node));
        mention("term", returnedVars(file, node));
        break;
      case "some":
        mention("some", node.symbols.filter(isVar));
        if (node.symbols[0]?.kind === "call") mention("somein", node.symbols[0].args.slice(0, -1).flatMap(namedVars));
        break;
      case "every":
        mention("every", [node.key, node.value].filter((one) => one !== undefined && !isWildcard(one)) as Var[]);
        break;
    }
    return false;
  });
  return found;
}

/** Visits what a rule and its `else` branches hold, but for the name in its head. */
export function visitRule(rule: Rule, visit: (node: Node) => boolean): void {
  const { reference, args = [], key } = rule.head;
  if (reference.kind === "ref") for (const part of reference.parts.slice(1)) walk(part, visit);
  for (const arg of args) walk(arg, visit);
  if (key !== undefined) walk(key, visit);
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    if (branch.head.value !== undefined) walk(branch.head.value, visit);
    walkBody(branch.body ?? [], visit);
  }
}

function argVars(arg: Term): readonly Var[] {
  if (isVar(arg)) return [arg];
  return arg.kind === "array" ? arg.items.flatMap(allVars) : [];
}

function assignedVars(call: NodeOf<"call">): readonly Var[] {
  const name = calledFunction(call);
  const [target] = call.args;
  if (target === undefined || (name !== "assign" && name !== "eq")) return [];
  if (isVar(target)) return [target];
  return target.kind === "array" || target.kind === "object" ? namedVars(target) : [];
}

/** What a call binds behind its arguments: `n` in `count(xs, n)`. */
function returnedVars(file: LintFile, call: NodeOf<"call">): readonly Var[] {
  const name = calledFunction(call);
  if (name === undefined || name === "assign" || name === "print") return [];
  const arity = arityOf(file, name);
  if (arity === undefined || call.args.length <= arity) return [];
  return call.args.slice(arity).flatMap(allVars);
}

function namedVars(term: Term): readonly Var[] {
  return allVars(term).filter((one) => !isWildcard(one));
}
