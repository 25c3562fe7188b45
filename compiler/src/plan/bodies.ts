// Plans bodies and their literals, one inside the other.
import { contains } from "#analysis/rego/tree/walk.ts";
import type { Body, Expr, Logical } from "#grammars/rego/ast.ts";
import { FALSE, type Next, TRUE } from "./function-builder.ts";
import { mayHaveEffects } from "./index-tests.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";

/** Longer bodies are planned without one call inside the other, where their literals allow it. */
const longBody = 100;

export function planBody(p: FunctionPlanner, body: Body, next: Next, index = 0): void {
  if (body.length > longBody) return planLongBody(p, body, next, index);
  planFrom(p, body, 0, next, index);
}

/** The literals from a position on; `index` is that of the first one of the body. */
function planFrom(p: FunctionPlanner, body: Body, at: number, next: Next, index: number): void {
  if (at === body.length) return next();
  planMarkedLiteral(p, body[at]!, index + at, () => planFrom(p, body, at + 1, next, index));
}

function planMarkedLiteral(p: FunctionPlanner, expr: Expr, index: number, next: Next): void {
  p.place(expr);
  const literal = (): void => planLiteral(p, expr, next);
  // What stands nowhere in the source is no part of its course.
  if (expr.start === expr.end) literal();
  else p.markedExpr(expr, index, literal);
}

/** Literals that go on once, at their ends, follow one another; what is behind another kind stands inside it. */
function planLongBody(p: FunctionPlanner, body: Body, next: Next, index: number): void {
  const before = p.at;
  const bindings: (readonly [string, Operand])[] = [];
  const forget = (): void => {
    for (const [name] of bindings) p.env.delete(name);
    p.at = before;
  };
  for (const [nth, expr] of body.entries()) {
    const start = p.here();
    const ends: { readonly here: ReturnType<typeof p.here>; readonly bindings: readonly (readonly [string, Operand])[] }[] = [];
    planMarkedLiteral(p, expr, index + nth, () => ends.push({ here: p.here(), bindings: p.bindingsSince(start) }));
    const [end] = ends;
    if (ends.length === 1 && end !== undefined && p.isHere(end.here)) {
      for (const [name, value] of end.bindings) p.env.set(name, value);
      bindings.push(...end.bindings);
      p.at = end.here.at;
      continue;
    }
    p.goBack(start);
    planMarkedLiteral(p, expr, index + nth, () => planBody(p, body.slice(nth + 1), next, index + nth + 1));
    return forget();
  }
  next();
  forget();
}

export function planLiteral(p: FunctionPlanner, expr: Expr, next: Next): void {
  if (expr.with.length > 0) return p.modified(expr, next);
  if (expr.negated) return planNot(p, [{ ...expr, negated: false }], next);
  planPositive(p, expr, next);
}

/** OPA's interpreter looks for every solution of what must have none: that is seen of calls that fail, conflict or print. */
function planNot(p: FunctionPlanner, body: Body, next: Next): void {
  const search = (found: Next): void => p.query("not", body, found);
  const isSeen = p.rules.marks !== undefined || body.some((expr) => contains(expr, (node) => mayHaveEffects(p, node)));
  if (isSeen) p.absentToTheEnd(search, next);
  else p.absent(search, next);
}

function planPositive(p: FunctionPlanner, expr: Expr, next: Next): void {
  const { body } = expr;
  switch (body.kind) {
    case "some":
      return next();
    case "every":
      return p.every(body, next);
    case "notBody":
      return planNot(p, body.body, next);
    case "logical":
      return planLogical(p, body, next);
    case "call":
      return p.callStatement(body, expr, next);
    default:
      return p.term(body, (value) => {
        p.emit({ op: "NotEqual", a: value, b: FALSE });
        p.withTerm(value, next);
      });
  }
}

/** `and`, `or`: success or failure, no bindings; each operand has variables of its own. */
function planLogical(p: FunctionPlanner, { operator, left, right }: Logical, next: Next): void {
  if (operator === "and")
    return p.exists(
      (found) => p.query("operand", left, found),
      () => p.exists((found) => p.query("operand", right, found), next),
    );
  const holds = p.probe((found) => p.query("operand", left, found));
  const other = p.block(() => {
    p.emit({ op: "IsUndefined", source: holds });
    p.exists(
      (found) => p.query("operand", right, found),
      () => p.emit({ op: "AssignVar", source: TRUE, target: holds }),
    );
  });
  p.emit({ op: "Block", blocks: [other] });
  p.emit({ op: "IsDefined", source: holds });
  next();
}
