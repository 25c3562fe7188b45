// An assignment before a condition that does not need it.
import { namingOf } from "#analysis/rego/ast-json.ts";
import { headParts } from "#analysis/rego/tree/refs.ts";
import type { Expr, Rule, Term } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";
import { allVars, binaryOf, isVar } from "../../terms.ts";

export const deferAssignment = fileRule({
  name: "defer-assignment",
  category: "performance",
  description: "Assignment can be deferred",
  *check({ module }) {
    for (const rule of module.rules) {
      for (const [at, expr] of (rule.body ?? []).entries()) {
        const [, variable, value] = binaryOf(expr, ["assign"]) ?? [];
        const next = rule.body![at + 1];
        if (!isVar(variable) || next === undefined || isLoop(value!) || !mayComeFirst(next, variable.name)) continue;
        if (!isInHead(rule, variable.name)) yield expr;
      }
    }
  },
});

function isLoop(value: Term): boolean {
  return value.kind === "ref" && value.parts.slice(1).some(isVar);
}

/** True for a call that can be asked without the variable; into a loop nothing is moved. */
function mayComeFirst(next: Expr, name: string): boolean {
  const called = next.body.kind === "call" ? calledFunction(next.body) : undefined;
  if (called === undefined || ["assign", "walk", "print"].includes(called)) return false;
  return !allVars(next).some((variable) => variable.name === name);
}

/** Calls and comprehensions of a head are evaluated last, so what they need can be said late. */
function isInHead(rule: Rule, name: string): boolean {
  const terms = [namingOf(rule).key, rule.head.value, ...headParts(rule.head).slice(1)];
  return terms.some((term) => term !== undefined && mayHold.has(term.kind) && allVars(term).some((one) => one.name === name));
}

const mayHold: ReadonlySet<Term["kind"]> = new Set(["var", "array", "object", "set", "ref", "templateString"]);
