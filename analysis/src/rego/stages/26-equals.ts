// Turns `==` into unification, once the safety check has seen that it binds nothing.
import type { Body } from "#grammars/rego/ast.ts";
import { type Compilation, type ModuleUnit, openRules } from "../compilation.ts";
import { CLOSURE, featuresOf } from "../tree/features.ts";
import { operatorRef } from "../tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { calledName } from "../tree/vars.ts";

const mapper: Mapper = {
  term: (term) => ((featuresOf(term) & CLOSURE) === 0 ? term : mapTerm(term, mapper)),
  body: (body): Body =>
    mapAll(body, (expr) => {
      const inner = (featuresOf(expr) & CLOSURE) === 0 ? expr : mapExpr(expr, mapper);
      if (calledName(inner) !== "equal" || inner.body.kind !== "call" || inner.body.args.length !== 2) return inner;
      return { ...inner, body: { ...inner.body, operator: operatorRef("eq", inner.body.operator) } };
    }),
};

export function rewriteEquals(_: Compilation, module: ModuleUnit): void {
  for (const unit of openRules(module)) unit.body = mapper.body(unit.body);
}
