// Binds what a comprehension yields in its body when it has to be evaluated.
import type { Body, Term } from "#grammars/rego/ast.ts";
import type { Compilation } from "../compilation.ts";
import type { LocalNames, ModuleUnit, RuleUnit } from "../rule-units.ts";
import { COMPREHENSION, holds, requiresEvaluation } from "../tree/features.ts";
import { appendTo, unification, varTerm } from "../tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "../tree/map.ts";

export function rewriteComprehensionTerms(compilation: Compilation, _: ModuleUnit, rules: readonly RuleUnit[]): void {
  const mapper = comprehensionMapper(compilation.names);
  for (const unit of rules) {
    const { head } = unit;
    if ((unit.features & COMPREHENSION) === 0) continue;
    unit.head = {
      ...head,
      args: head.args?.map(mapper.term),
      key: head.key === undefined ? undefined : mapper.term(head.key),
      value: head.value === undefined ? undefined : mapper.term(head.value),
    };
    unit.body = mapper.body(unit.body);
  }
}

/** The same for a query. */
export function comprehensionsIn(names: LocalNames, body: Body): Body {
  return comprehensionMapper(names).body(body);
}

function comprehensionMapper(names: LocalNames): Mapper {
  const mapper: Mapper = {
    // The outer ones come first: locals are numbered so.
    term: (term) => (holds(term, COMPREHENSION) ? mapTerm(bindYielded(term), mapper) : term),
    body: (body) => mapAll(body, (expr) => mapExpr(expr, mapper)),
    // Expressions that were made of one have its modifiers in common.
    mapped: new Map(),
  };
  return mapper;

  function bindYielded(term: Term): Term {
    let body: Body | undefined;
    const bind = (yielded: Term): Term => {
      if (!requiresEvaluation(yielded)) return yielded;
      const local = varTerm(names.fresh(), yielded);
      body = appendTo(body ?? (term as { body: Body }).body, [unification(local, yielded)]);
      return local;
    };
    switch (term.kind) {
      case "arrayComprehension":
      case "setComprehension": {
        const head = bind(term.term);
        return body === undefined ? term : { ...term, term: head, body };
      }
      case "objectComprehension": {
        const key = bind(term.key);
        const value = bind(term.value);
        return body === undefined ? term : { ...term, key, value, body };
      }
      default:
        return term;
    }
  }
}
