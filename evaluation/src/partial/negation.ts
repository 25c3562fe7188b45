// `not` of what is left of an expression: the opposite of what has to hold, or of a rule of its own.
import { callTerm, exprOf, varTerm } from "#analysis/rego/tree/make.ts";
import { varsOfBody } from "#analysis/rego/tree/vars.ts";
import type { Body, Expr } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { propagated } from "./propagation.ts";
import type { Next, Place, Unfolding } from "./unfolding.ts";
import { nowhere } from "./values.ts";

/** Ways that the opposite of some bodies may take. */
const mostOpposites = 64;

export function negated(unfolding: Unfolding, expr: Expr, { use, index }: Place, next: Next): void {
  const { scope, rules } = unfolding;
  const child = unfolding.nextUse();
  const inner: Expr = { ...expr, negated: false };
  const found: Body[] = [];
  scope.apart(() => unfolding.expr(inner, { use, index }, () => found.push(scope.left)));
  if (unfolding.isOver) return;
  if (found.some((body) => body.length === 0)) return;
  if (found.length === 0) return next();
  const isOuter = (name: string): boolean => scope.isOpen(name);
  const bodies = found.map((body) => propagated(body, isOuter, unfolding.arityOf));
  const isSimple = bodies.every((body) =>
    [...varsOfBody(body, { skipCallHead: true, skipClosures: true }).keys()].every((name) => isRootName(name) || isOuter(name)),
  );
  const ways = bodies.reduce((product, body) => product * body.length, 1);
  if (isSimple && ways <= mostOpposites && bodies.every((body) => body.every(hasOpposite)))
    return opposites(unfolding, bodies, next);
  const names = [...varsOfBody(found.flat(), { skipCallHead: true }).keys()].filter((name) => !isRootName(name) && isOuter(name));
  const args = names.map((name) => varTerm(name, nowhere));
  const name = rules.negation(`__not${use}_${index}_${child}__`, args, found);
  const call =
    args.length === 0
      ? name
      : callTerm(
          name.parts.map((part) => ("name" in part ? part.name : "value" in part ? part.value : "")).join("."),
          args,
          nowhere,
        );
  unfolding.leave({ ...exprOf(call, nowhere), negated: true }, next);
}

/** Comprehensions and other closures that stand in an expression with its own variables stay where they are. */
function hasOpposite({ body, with: modifiers }: Expr): boolean {
  return modifiers.length === 0 && body.kind !== "every" && body.kind !== "some";
}

/** One expression of each body has not to hold. */
function opposites(unfolding: Unfolding, bodies: readonly Body[], next: Next, at = 0): void {
  const body = bodies[at];
  if (body === undefined) return next();
  for (const expr of body)
    unfolding.scope.attempt(() =>
      unfolding.leave({ ...expr, negated: !expr.negated }, () => opposites(unfolding, bodies, next, at + 1)),
    );
}
