// `not` of what is left of an expression: the opposite of what has to hold, or of a rule of its own.
import { callTerm, exprOf, varTerm } from "#analysis/rego/tree/make.ts";
import { varsOfBody } from "#analysis/rego/tree/vars.ts";
import { contains } from "#analysis/rego/tree/walk.ts";
import type { Body, Expr, NotBody, Term } from "#grammars/rego/ast.ts";
import { calledFunction, isRootName } from "#grammars/rego/nodes.ts";
import { compareStrings } from "#grammars/text/compare-strings.ts";
import { shownName } from "./instances.ts";
import type { Next, Place, Unfolding } from "./unfolding.ts";
import { nowhere } from "./values.ts";

/** Ways that the opposite of some bodies may take. */
const mostOpposites = 16;

/** `not x`, be it of rego.v1 or of rego.v2. */
export function negated(unfolding: Unfolding, expr: Expr, place: Place, next: Next): void {
  const { scope, rules } = unfolding;
  const child = unfolding.nextUse();
  const isKeyword = expr.body.kind === "notBody";
  const inner = expr.body.kind === "notBody" ? expr.body.body : [{ ...expr, negated: false }];
  const found = leftOf(unfolding, inner, place.use, child);
  if (unfolding.isOver) return;
  if (found.some((body) => body.length === 0)) return;
  if (found.length === 0) return next();
  const isOuter = (name: string): boolean => scope.isOpen(name);
  const bodies = found.map((body) => unfolding.propagated(body, isOuter));
  const ways = bodies.reduce((product, body) => product * body.length, 1);
  if (ways <= mostOpposites && bodies.every((body) => body.every((one) => hasOpposite(one, isOuter))))
    return opposites(unfolding, { bodies, isKeyword }, next);
  const names = [...varsOfBody(found.flat(), { skipCallHead: true }).keys()].filter((name) => !isRootName(name) && isOuter(name));
  const args = names.sort((a, b) => compareStrings(shownName(a), shownName(b))).map((name) => varTerm(name, nowhere));
  const name = rules.negation(`__not${place.use}_${place.index}_${child}__`, args, found);
  const call =
    args.length === 0
      ? name
      : callTerm(
          name.parts.map((part) => ("name" in part ? part.name : "value" in part ? part.value : "")).join("."),
          args,
          nowhere,
        );
  unfolding.leave(opposite(exprOf(call, nowhere), isKeyword), next);
}

/** `not { … }`: none of the bodies that are left of it may hold. */
export function negatedBlock(
  unfolding: Unfolding,
  expr: Expr,
  { body, place }: { body: NotBody; place: Place },
  next: Next,
): void {
  const found = leftOf(unfolding, body.body, place.use, unfolding.nextUse());
  if (unfolding.isOver || found.some((one) => one.length === 0)) return;
  const step = (at: number): void => {
    const one = found[at];
    if (one === undefined) next();
    else unfolding.leave({ ...expr, body: { ...body, body: one } }, () => step(at + 1));
  };
  step(0);
}

/** What is left of a body along each way through it. */
function leftOf(unfolding: Unfolding, body: Body, use: number, query: number): readonly Body[] {
  const { scope } = unfolding;
  const found: Body[] = [];
  scope.apart(() => unfolding.body(body, use, () => found.push(scope.left), 0, query));
  return found.filter((one) => unfolding.mayHold(one));
}

function opposite(expr: Expr, isKeyword: boolean): Expr {
  if (expr.negated) return { ...expr, negated: false };
  if (!isKeyword) return { ...expr, negated: true };
  return { ...exprOf(nowhereTrue, nowhere), body: { kind: "notBody", body: [expr], implicit: true, ...nowhere } };
}

const nowhereTrue: Term = { kind: "boolean", value: true, ...nowhere };

/** Closures stay where they are, as what asks for something within a term does: that it is not there is another way not to hold. */
function hasOpposite(expr: Expr, isOuter: (name: string) => boolean): boolean {
  const { body, with: modifiers, negated: isNegated } = expr;
  if (modifiers.length > 0 || body.kind === "every" || body.kind === "some" || body.kind === "logical") return false;
  if (body.kind === "notBody" ? !body.body.every(isPlain) : nests(body)) return false;
  return (
    isNegated ||
    [...varsOfBody([expr], { skipCallHead: true, skipClosures: true }).keys()].every((name) => isRootName(name) || isOuter(name))
  );
}

/** True where nothing is asked for within a term. */
function isPlain({ body }: Expr): boolean {
  if (body.kind === "notBody") return body.body.every(isPlain);
  return body.kind !== "every" && body.kind !== "some" && body.kind !== "logical" && !nests(body);
}

function nests(body: Term): boolean {
  if (body.kind === "call") return body.args.some((arg) => (calledFunction(body) === "eq" ? nestsBelow(arg) : asks(arg)));
  return nestsBelow(body);
}

function nestsBelow(term: Term): boolean {
  return term.kind === "ref" ? term.parts.slice(1).some(asks) : asks(term);
}

function asks(term: Term): boolean {
  return contains(term, ({ kind }) => kind === "ref" || kind === "call");
}

/** One expression of each body has not to hold. */
function opposites(unfolding: Unfolding, given: { bodies: readonly Body[]; isKeyword: boolean }, next: Next, at = 0): void {
  const body = given.bodies[at];
  if (body === undefined) return next();
  for (const expr of body)
    leaveAll(unfolding, oppositesOf(expr, given.isKeyword), () => opposites(unfolding, given, next, at + 1));
}

/** What is behind `not` holds where that does not. */
function oppositesOf(expr: Expr, isKeyword: boolean): readonly Expr[] {
  return !expr.negated && expr.body.kind === "notBody" ? expr.body.body : [opposite(expr, isKeyword)];
}

function leaveAll(unfolding: Unfolding, exprs: readonly Expr[], next: Next, at = 0): void {
  const expr = exprs[at];
  if (expr === undefined) next();
  else unfolding.leave(expr, () => leaveAll(unfolding, exprs, next, at + 1));
}
