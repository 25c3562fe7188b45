// Turns `==` into unification, once the safety check has seen that it binds nothing.
import type { Body } from "#grammars/rego/ast.ts";
import type { Compilation } from "../compilation.ts";
import { type ModuleUnit, openRules } from "../rule-units.ts";
import { CLOSURE, holds } from "../tree/features.ts";
import { operatorRef } from "../tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { calledName } from "../tree/vars.ts";

const mapper: Mapper = {
  term: (term) => (holds(term, CLOSURE) ? mapTerm(term, mapper) : term),
  body: (body): Body =>
    mapAll(body, (expr) => {
      const inner = holds(expr, CLOSURE) ? mapExpr(expr, mapper) : expr;
      if (calledName(inner) !== "equal" || inner.body.kind !== "call" || inner.body.args.length !== 2) return inner;
      return { ...inner, body: { ...inner.body, operator: operatorRef("eq", inner.body.operator) } };
    }),
};

export function rewriteEquals(_: Compilation, module: ModuleUnit): void {
  for (const unit of openRules(module)) unit.body = mapper.body(unit.body);
}
