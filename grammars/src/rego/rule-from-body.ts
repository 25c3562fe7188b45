// Statements that only turn out to be rules once they are read as queries.
import type { Body, Expr, Head, Range, Ref, Term } from "./ast.ts";
import { refOf } from "./heads.ts";
import { calledFunction, isRoot, rangeOf, valueName } from "./nodes.ts";
import { printRef } from "./print-terms.ts";
import { factsOf, type RuleFacts } from "./rule-facts.ts";

/** A rule of a statement that was read as a query, or why it cannot be one. */
export function ruleFromBody(body: Body, isBuiltin: (name: string) => boolean): RuleFacts | string {
  const expr = body[0]!;
  if (body.length !== 1) return "multiple expressions cannot be used for rule head";
  if (expr.with.length > 0) return "expressions using with keyword cannot be used for rule head";
  if (expr.negated) return "negated expressions cannot be used for rule head";
  const { body: term } = expr;
  switch (term.kind) {
    case "some":
      return "'some' declarations cannot be used for rule head";
    case "every":
    case "notBody":
    case "logical":
      return "expression cannot be used for rule head";
    case "ref":
      return ruleFromRef(term, expr);
    case "call":
      return ruleFromCall(term, expr, isBuiltin);
    default:
      return isRoot(term) ? "refs cannot be used for rule head" : `${valueName(term)} cannot be used for rule name`;
  }
}

function implied(head: Omit<Head, "kind" | "start" | "end">, range: Range, valueless: boolean): RuleFacts {
  const { start, end } = range;
  return factsOf({ ...head, kind: "head", start, end }, undefined, range, { hasIf: false, valueless });
}

const bare = { args: undefined, key: undefined, value: undefined, assign: false, contains: false };

function ruleFromRef(ref: Ref, expr: Expr): RuleFacts | string {
  if (ref.parts[0]?.kind !== "var") return `invalid rule head: ${printRef(ref.parts)}`;
  // A parenthesis before the ref is no part of the rule.
  const range = rangeOf(ref.start, expr.end);
  if (ref.parts.length > 2) return implied({ ...bare, reference: ref }, range, true);
  return implied({ ...bare, reference: refOf(ref.parts.slice(0, 1)), key: ref.parts[1] }, range, false);
}

function ruleFromCall(
  call: Extract<Term, { kind: "call" }>,
  expr: Expr,
  isBuiltin: (name: string) => boolean,
): RuleFacts | string {
  const name = calledFunction(call);
  if (name === "eq" || name === "assign") {
    const [left, right] = call.args;
    if (left === undefined || right === undefined) return "assignment requires two operands";
    const assign = name === "assign";
    if (left.kind === "call") {
      if (left.operator.parts[0]?.kind !== "var") return `call cannot be used for rule name`;
      return implied({ ...bare, reference: refOf(left.operator.parts), args: left.args, value: right, assign }, expr, false);
    }
    if (left.kind === "ref") {
      if (left.parts[0]?.kind !== "var") return `invalid rule head: ${printRef(left.parts)}`;
      return implied({ ...bare, reference: left, value: right, assign }, expr, false);
    }
    if (left.kind === "var") return implied({ ...bare, reference: left, value: right, assign }, expr, false);
    return `${valueName(left)} cannot be used for rule name`;
  }
  if (call.infix !== undefined || (name !== undefined && isBuiltin(name))) return "rule name conflicts with built-in function";
  if (call.args.length === 0) return "rule argument list must take at least one argument";
  if (call.operator.parts[0]?.kind !== "var") return `invalid rule head: ${printRef(call.operator.parts)}`;
  return implied({ ...bare, reference: refOf(call.operator.parts), args: call.args }, call.operator, false);
}
