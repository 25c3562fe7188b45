// Plans bodies and their literals, one inside the other.
import type { Body, Expr, Logical } from "#grammars/rego/ast.ts";
import { FALSE, type Next, TRUE } from "./function-builder.ts";

import type { FunctionPlanner } from "./planner.ts";

export function planBody(p: FunctionPlanner, body: Body, next: Next): void {
  const [first, ...rest] = body;
  if (first === undefined) return next();
  p.place(first);
  planLiteral(p, first, () => planBody(p, rest, next));
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
