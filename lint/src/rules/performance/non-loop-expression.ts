// A condition inside of a loop that does not depend on it.

import type { Body, Expr, Range, Rule, Var } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import type { RowCol } from "#grammars/text/lines.ts";
import { comprehensionsOf } from "../../comprehensions.ts";
import type { LintFile, NodeOf } from "../../lint-file.ts";
import { perRun } from "../../per-run.ts";
import { fileRule } from "../../rule.ts";
import { ruleVars } from "../../rule-vars.ts";
import { allVars, binaryOf, isVar, isWildcard } from "../../terms.ts";

export const nonLoopExpression = fileRule({
  name: "non-loop-expression",
  category: "performance",
  description: "Non-loop expression in loop",
  *check(file) {
    for (const rule of file.module.rules) yield* behindFirstLoop(file, rule);
    for (const every of file.all("every")) yield* independentIn(file, every);
  },
});

/** Conditions below the row of the first loop that know all of their variables before it. */
function* behindFirstLoop(file: LintFile, rule: Rule): Iterable<Range> {
  const body = rule.body ?? [];
  if (body.length < 2) return;
  const starts = loopStarts(file, rule);
  if (starts.length === 0) return;
  const firstLoop = Math.min(...starts.map(({ row }) => row));
  const known = firstRows(file, rule, starts);
  for (const expr of body) {
    if (file.lines.rowCol(expr.start).row <= firstLoop || !isAsked(expr)) continue;
    if (varsIn(file, expr).every((one) => !isWildcard(one) && (known.get(one.name) ?? 0) < firstLoop)) yield expr;
  }
}

/** `every` hides its variables, so that only those of its body and its own count. */
function independentIn(file: LintFile, { key, value, body }: NodeOf<"every">): Body {
  const dependent = new Set(
    [key, value, ...body.map((expr) => binaryOf(expr, ["assign"])?.[1])].filter(isVar).map(({ name }) => name),
  );
  return body.filter((expr) => isAsked(expr) && !varsIn(file, expr).some(({ name }) => dependent.has(name)));
}

interface LoopStart {
  readonly variable: Var;
  readonly row: number;
}

function loopStarts(file: LintFile, rule: Rule): readonly LoopStart[] {
  const vars = ruleVars(file, rule);
  const rowOf = ({ start }: Range) => file.lines.rowCol(start).row;
  const found: LoopStart[] = [];
  const looping = new Set<number>();
  for (const { variable, as } of vars.all) {
    const ref = as === "ref" ? file.parent(variable) : undefined;
    if (ref !== undefined && ref !== rule.head.reference && vars.isOutput(variable)) {
      looping.add(ref.start);
      if (!isWildcard(variable) && isOutsideComprehensions(file, rule, ref)) found.push({ variable, row: rowOf(ref) });
    } else if (as === "somein" && isOutsideComprehensions(file, rule, variable)) found.push({ variable, row: rowOf(variable) });
  }
  for (const expr of rule.body ?? []) {
    const [, left, right] = binaryOf(expr, ["eq", "assign"]) ?? [];
    if (isVar(left) && right?.kind === "ref" && looping.has(right.start)) found.push({ variable: left, row: rowOf(expr) });
  }
  for (const { args } of walksOf(file).get(rule) ?? [])
    if (args[1]?.kind === "array") for (const variable of allVars(args[1])) found.push({ variable, row: rowOf(variable) });
  return found;
}

const walksOf = perRun((file: LintFile) => Map.groupBy(file.calls("walk"), (call) => file.ruleOf(call)));

/** The first row of each variable that a loop or an assignment gives. */
function firstRows(file: LintFile, rule: Rule, starts: readonly LoopStart[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  const note = (name: string, row: number) => rows.set(name, Math.min(rows.get(name) ?? row, row));
  for (const { variable, row } of starts) note(variable.name, row);
  for (const { variable, as } of ruleVars(file, rule).all)
    if (as === "assign" && isOutsideComprehensions(file, rule, variable))
      note(variable.name, file.lines.rowCol(variable.start).row);
  return rows;
}

/** What an expression asks for: of an assignment only what is assigned. */
function varsIn({ builtins }: LintFile, expr: Expr): readonly Var[] {
  const [, , assigned] = binaryOf(expr, ["assign"]) ?? [];
  const modifiers = expr.with.flatMap(({ target, value }) => [target, value]);
  return [assigned ?? expr.body, ...modifiers].flatMap(allVars).filter(({ name }) => !builtins.has(name));
}

/** A call, which alone takes time worth saving; printing helps to find faults. */
function isAsked({ body }: Expr): boolean {
  return body.kind === "call" && calledFunction(body) !== "print";
}

const comprehensionsByRule = perRun((file: LintFile) => Map.groupBy(comprehensionsOf(file), (one) => file.ruleOf(one)));

/** In its first and last row, Regal takes only the columns between those of its ends for a part of a comprehension. */
function isOutsideComprehensions(file: LintFile, rule: Rule, { start, end }: Range): boolean {
  const { lines } = file;
  const ends = [lines.rowCol(start), lines.rowColOfEnd(end)];
  return (comprehensionsByRule(file).get(rule) ?? []).every((one) => {
    const [from, to] = [lines.rowCol(one.start), lines.rowColOfEnd(one.end)];
    return !ends.some((at) => isBetween(at, from, to));
  });
}

function isBetween(at: RowCol, from: RowCol, to: RowCol): boolean {
  if (at.row > from.row && at.row < to.row) return true;
  return at.row >= from.row && at.row <= to.row && at.col >= from.col && at.col <= to.col;
}
