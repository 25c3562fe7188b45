// Plans bodies and their literals, one inside the other.
import type { Body, Expr, Logical } from "#grammars/rego/ast.ts";
import { FALSE, type Next, TRUE } from "./function-builder.ts";

import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";

/** Longer bodies are planned without one call inside the other, where their literals allow it. */
const longBody = 100;

export function planBody(p: FunctionPlanner, body: Body, next: Next): void {
  if (body.length > longBody) return planLongBody(p, body, next);
  const [first, ...rest] = body;
  if (first === undefined) return next();
  p.place(first);
  planLiteral(p, first, () => planBody(p, rest, next));
}

/** Literals that go on once, at their ends, follow one another; what is behind another kind stands inside it. */
function planLongBody(p: FunctionPlanner, body: Body, next: Next): void {
  const bindings: (readonly [string, Operand])[] = [];
  const forget = (): void => {
    for (const [name] of bindings) p.env.delete(name);
  };
  for (const [at, expr] of body.entries()) {
    p.place(expr);
    const start = p.here();
    const ends: { readonly here: ReturnType<typeof p.here>; readonly bindings: readonly (readonly [string, Operand])[] }[] = [];
    planLiteral(p, expr, () => ends.push({ here: p.here(), bindings: p.bindingsSince(start) }));
    const [end] = ends;
    if (ends.length === 1 && end !== undefined && p.isHere(end.here)) {
      for (const [name, value] of end.bindings) p.env.set(name, value);
      bindings.push(...end.bindings);
      continue;
    }
    p.goBack(start);
    p.place(expr);
    planLiteral(p, expr, () => planBody(p, body.slice(at + 1), next));
    return forget();
  }
  next();
  forget();
}

export function planLiteral(p: FunctionPlanner, expr: Expr, next: Next): void {
  if (expr.with.length > 0) return p.modified(expr, next);
  if (expr.negated) return p.absent((found) => planPositive(p, expr, found), next);
  planPositive(p, expr, next);
}

function planPositive(p: FunctionPlanner, expr: Expr, next: Next): void {
  const { body } = expr;
  switch (body.kind) {
    case "some":
      return next();
    case "every":
      return p.every(body, next);
    case "notBody":
      return p.absent((found) => planBody(p, body.body, found), next);
    case "logical":
      return planLogical(p, body, next);
    case "call":
      return p.callStatement(body, next);
    default:
      return p.term(body, (value) => {
        p.emit({ op: "NotEqual", a: value, b: FALSE });
        next();
      });
  }
}

/** `and`, `or`: success or failure, no bindings; each operand has variables of its own. */
function planLogical(p: FunctionPlanner, { operator, left, right }: Logical, next: Next): void {
  if (operator === "and")
    return p.exists(
      (found) => planBody(p, left, found),
      () => p.exists((found) => planBody(p, right, found), next),
    );
  const holds = p.probe((found) => planBody(p, left, found));
  const other = p.block(() => {
    p.emit({ op: "IsUndefined", source: holds });
    p.exists(
      (found) => planBody(p, right, found),
      () => p.emit({ op: "AssignVar", source: TRUE, target: holds }),
    );
  });
  p.emit({ op: "Block", blocks: [other] });
  p.emit({ op: "IsDefined", source: holds });
  next();
}
