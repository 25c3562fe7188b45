// Comparisons of a query that is partially evaluated, as equations.
import { callTerm } from "#analysis/rego/tree/make.ts";
import { everyTerm, mapExpr } from "#analysis/rego/tree/map.ts";
import { calls } from "#analysis/rego/tree/vars.ts";
import type { Expr } from "#grammars/rego/ast.ts";
import type { ParsedQuery } from "#grammars/rego/parse.ts";

/** `==` of a query as `=`: nothing asks for the value of the comparison. */
export function equations(query: ParsedQuery): ParsedQuery {
  const equation = (expr: Expr): Expr =>
    calls(expr, "equal") && expr.body.kind === "call" && expr.body.args.length === 2
      ? { ...expr, body: callTerm("eq", expr.body.args, expr.body) }
      : expr;
  const mapper = everyTerm((term) => term, equation);
  return { ...query, body: query.body.map((expr) => equation(mapExpr(expr, mapper))) };
}
