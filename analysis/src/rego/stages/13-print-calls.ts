// Erases `print`, or turns it into `internal.print` with every argument in a set, so that undefined ones do no harm.
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { printVar } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { arityOf } from "../functions.ts";
import { isGenerated, type ModuleUnit, openRules } from "../rule-units.ts";
import { outputsOfBody } from "../safety/outputs.ts";
import { callTerm, exprOf, setComprehension, trueTerm, unification, varTerm } from "../tree/make.ts";
import { everyBody, mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { calls, safetyPlaces, varsOf, varsOfAll, varsOfBody } from "../tree/vars.ts";
import { contains, type Node } from "../tree/walk.ts";

const isPrint = (expr: Expr): boolean => calls(expr, "print");
const holdsPrint = (node: Node): boolean => node.kind === "expr" && isPrint(node);

export function rewritePrintCalls(compilation: Compilation, module: ModuleUnit): void {
  if (!/\bprint\(/.test(module.text)) return;
  for (const unit of openRules(module)) {
    const { head, body } = unit;
    const terms = [...(head.key ? [head.key] : []), ...(head.value ? [head.value] : [])];
    const inHead = terms.some((term) => contains(term, holdsPrint));
    if (!inHead && !body.some((expr) => contains(expr, holdsPrint))) continue;
    const safe = new Set(["input", "data", ...varsOfAll(head.args ?? []).keys()]);
    unit.body = printsIn(compilation, module, body, safe);
    if (!inHead) continue;
    const mapper = {
      term: (term: Term): Term => mapTerm(term, mapper),
      body: (inner: Body): Body => printsIn(compilation, module, inner, safe),
    };
    unit.head = {
      ...head,
      key: head.key === undefined ? undefined : mapper.term(head.key),
      value: head.value === undefined ? undefined : mapper.term(head.value),
    };
  }
}

/** The body without prints, or with prints as calls of `internal.print`. */
export function printsIn(compilation: Compilation, module: ModuleUnit, body: Body, safe: ReadonlySet<string>): Body {
  if (!body.some((expr) => contains(expr, holdsPrint))) return body;
  return compilation.printing ? rewrite(compilation, module, body, safe) : erase(body);
}

function erase(body: Body): Body {
  return everyBodyOnce(body, (inner) => {
    const rest = inner.filter((expr) => !isPrint(expr));
    const first = inner[0];
    return rest.length === inner.length
      ? inner
      : rest.length > 0 || first === undefined
        ? rest
        : [exprOf(trueTerm(first), first)];
  });
}

function everyBodyOnce(body: Body, map: (body: Body) => Body): Body {
  return everyBody(map).body(body);
}

function rewrite(compilation: Compilation, module: ModuleUnit, body: Body, safe: ReadonlySet<string>): Body {
  const arity = arityOf(compilation);
  const before = (i: number): Set<string> => {
    const known = outputsOfBody(body.slice(0, i), arity, safe);
    for (const name of safe) known.add(name);
    return known;
  };
  return body.map((expr, i) => {
    if (isPrint(expr) && expr.body.kind === "call") {
      const known = before(i);
      for (const name of varsOfBody(body.slice(0, i)).keys()) if (isGenerated(name)) known.add(name);
      const sets = expr.body.args.map((arg): Term => {
        for (const name of [...varsOf(arg, safetyPlaces).keys()].filter((one) => !known.has(one)).sort()) {
          const written = printVar(compilation.names.written.get(name) ?? name);
          fail(compilation, { module, range: arg, code: "rego_compile_error", message: `var ${written} is undeclared` });
        }
        const local = varTerm(compilation.names.fresh(), arg);
        return setComprehension(local, [unification(local, arg, { generated: false })], arg);
      });
      const { start, end } = expr;
      return exprOf(callTerm("internal.print", [{ kind: "array", items: sets, start, end }], expr), expr);
    }
    if (!contains(expr, (node) => node !== expr && holdsPrint(node))) return expr;
    const known = before(i);
    if (expr.body.kind === "every") {
      if (expr.body.key !== undefined) known.add(expr.body.key.name);
      known.add(expr.body.value.name);
    }
    const mapper = {
      term: (term: Term): Term => mapTerm(term, mapper),
      body: (inner: Body): Body => printsIn(compilation, module, inner, known),
    };
    return mapAll([expr], (one) => mapExpr(one, mapper))[0]!;
  });
}
