// Every called function must exist and get as many arguments as it takes.
import type { Body, Expr, Ref, Term } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { arityOf, builtinAt } from "../functions.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import type { Arity } from "../safety/outputs.ts";
import { CLOSURE, holds, TEMPLATE } from "../tree/features.ts";
import { isNamed } from "../tree/vars.ts";
import { type Node, walk, walkBody, walkHead } from "../tree/walk.ts";
import { renamed } from "../tree/written.ts";
import { argumentDetails, callDetails, type Details } from "../types/details.ts";
import { typeOfOperand } from "../types/operand.ts";

export function checkUndefinedFunctions(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  if (compilation.openFunctions) return;
  const arity = arityOf(compilation);
  const visit = (node: Node): boolean => node.kind === "expr" && checkExpr(compilation, module, arity, node);
  for (const { head, body, features } of rules) {
    if ((features & (CLOSURE | TEMPLATE)) === 0) {
      for (const expr of body) checkExpr(compilation, module, arity, expr);
      continue;
    }
    walkHead(head, visit);
    for (const expr of body) {
      if (holds(expr, CLOSURE | TEMPLATE)) walk(expr, visit);
      else checkExpr(compilation, module, arity, expr);
    }
  }
}

/** The same for a query. */
export function checkFunctionsIn(compilation: Compilation, module: ModuleUnit, body: Body): void {
  const arity = arityOf(compilation);
  walkBody(body, (node) => node.kind === "expr" && checkExpr(compilation, module, arity, node));
}

/** True when the expression was found wrong. */
function checkExpr(compilation: Compilation, module: ModuleUnit, arity: Arity, expr: Expr): boolean {
  if (expr.body.kind !== "call") return false;
  const { operator, args } = expr.body;
  const takes = arity(operator);
  const given = expr.generated ? args.length - 1 : args.length;
  const fits = expr.generated ? given === takes || isNamed(operator, "eq") : given === takes || given === takes + 1;
  if (takes >= 0 && fits) return false;
  fail(compilation, { module, range: expr, code: "rego_type_error", ...wrongCall(compilation, operator, args, takes, given) });
  return true;
}

function wrongCall(
  compilation: Compilation,
  operator: Ref,
  args: readonly Term[],
  takes: number,
  given: number,
): { readonly message: string } & Partial<Details> {
  const name = printRef(renamed(compilation.names, operator).parts);
  if (takes < 0) return { message: `undefined function ${name}` };
  const row = builtinAt(compilation.builtins, operator.parts);
  if (row !== undefined) return { message: `${name}: arity mismatch`, ...argumentDetails(args.map(typeOfOperand), row) };
  // Only queries come when the types of rules are known.
  const { types } = compilation;
  const type = types?.typeOfRef(operator.parts);
  if (types !== undefined && type?.kind === "function")
    return { message: `${name}: arity mismatch`, ...callDetails(args.map(types.typeOf), type, false) };
  return { message: `function ${name} has arity ${takes}, got ${given} argument${given === 1 ? "" : "s"}` };
}
