// Turns `==` into unification, once the safety check has seen that it binds nothing.
import type { Body, Expr } from "#grammars/rego/ast.ts";
import type { Compilation } from "../compilation.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { CLOSURE, EQUAL, holds } from "../tree/features.ts";
import { operatorRef } from "../tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { isNamed } from "../tree/vars.ts";

const mapper: Mapper = {
  term: (term) => (holds(term, CLOSURE) ? mapTerm(term, mapper) : term),
  body: (body): Body => mapAll(body, (expr) => unified(holds(expr, CLOSURE) ? mapExpr(expr, mapper) : expr)),
};

function unified(expr: Expr): Expr {
  const { body } = expr;
  if (body.kind !== "call" || body.args.length !== 2 || !isNamed(body.operator, "equal")) return expr;
  return { ...expr, body: { ...body, operator: operatorRef("eq", body.operator) } };
}

export function rewriteEquals(_: Compilation, __: ModuleUnit, rules: readonly RuleUnit[]): void {
  for (const unit of rules) {
    if ((unit.features & EQUAL) === 0) continue;
    unit.body = (unit.features & CLOSURE) === 0 ? mapAll(unit.body, unified) : mapper.body(unit.body);
  }
}
