// Every called function must exist and get as many arguments as it takes.
import type { Body, Expr, Ref, Term } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { arityOf, builtinAt } from "../functions.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import type { Arity } from "../safety/outputs.ts";
import { CLOSURE, holds, TEMPLATE } from "../tree/features.ts";
import { isRootDocument } from "../tree/refs.ts";
import { isNamed } from "../tree/vars.ts";
import { type Node, walk, walkBody, walkHead } from "../tree/walk.ts";
import { renamed } from "../tree/written.ts";
import { baseEnvironment, TypeChecker } from "../types/checker.ts";
import { argumentDetails, callDetails, type Details } from "../types/details.ts";
import type { TypeEnvironment } from "../types/environment.ts";
import type { Maybe } from "../types/type.ts";

export function checkUndefinedFunctions(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  if (compilation.openFunctions) return;
  const arity = arityOf(compilation);
  const typeOf = operandTypes(compilation);
  const check = (expr: Expr): boolean => checkExpr(compilation, module, arity, typeOf, expr);
  const visit = (node: Node): boolean => node.kind === "expr" && check(node);
  for (const { head, body, features } of rules) {
    if ((features & (CLOSURE | TEMPLATE)) === 0) {
      for (let i = 0; i < body.length; i++) check(body[i]!);
      continue;
    }
    walkHead(head, visit);
    for (const expr of body) {
      if (holds(expr, CLOSURE | TEMPLATE)) walk(expr, visit);
      else check(expr);
    }
  }
}

/** The same for a query. */
export function checkFunctionsIn(compilation: Compilation, module: ModuleUnit, body: Body): void {
  const arity = arityOf(compilation);
  const typeOf = operandTypes(compilation);
  walkBody(body, (node) => node.kind === "expr" && checkExpr(compilation, module, arity, typeOf, node));
}

type TypeOf = (term: Term) => Maybe;

/** The types of operands before anything is known of rules. */
function operandTypes(compilation: Compilation): TypeOf {
  let environment: TypeEnvironment | undefined;
  return (term) => {
    if (environment === undefined) {
      const checker = new TypeChecker(compilation.names, () => [], compilation.openFunctions);
      environment = baseEnvironment(compilation.builtins.values(), undefined, checker).wrap();
    }
    return environment.typeOf(term);
  };
}

/** True when the expression was found wrong. */
function checkExpr(compilation: Compilation, module: ModuleUnit, arity: Arity, typeOf: TypeOf, expr: Expr): boolean {
  if (expr.body.kind !== "call") return false;
  const { operator, args } = expr.body;
  const takes = arity(operator);
  const given = expr.generated ? args.length - 1 : args.length;
  const fits = expr.generated ? given === takes || isNamed(operator, "eq") : given === takes || given === takes + 1;
  if (takes >= 0 && fits) return false;
  fail(compilation, {
    module,
    range: expr,
    code: "rego_type_error",
    ...wrongCall(compilation, typeOf, operator, args, takes, given),
  });
  return true;
}

function wrongCall(
  compilation: Compilation,
  typeOf: TypeOf,
  operator: Ref,
  args: readonly Term[],
  takes: number,
  given: number,
): { readonly message: string } & Partial<Details> {
  const written = renamed(compilation.names, operator);
  // OPA writes no name where a local hides `input` or `data`: what is called is a variable then and no ref.
  const name = written !== operator && isRootDocument(written) ? "" : printRef(written.parts);
  if (takes < 0) return { message: `undefined function ${name}` };
  const row = builtinAt(compilation.builtins, operator.parts);
  if (row !== undefined) return { message: `${name}: arity mismatch`, ...argumentDetails(args.map(typeOf), row) };
  // Only queries come when the types of rules are known.
  const { types } = compilation;
  const type = types?.typeOfRef(operator.parts);
  if (types !== undefined && type?.kind === "function")
    return { message: `${name}: arity mismatch`, ...callDetails(types.typesOf(args), type, false) };
  return { message: `function ${name} has arity ${takes}, got ${given} argument${given === 1 ? "" : "s"}` };
}
