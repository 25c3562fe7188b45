// Binds the value of every expression of a query to a variable of ours, as OPA's evaluator does to show it.
import type { Body, Call, Expr, Term } from "#grammars/rego/ast.ts";
import type { Compilation } from "./compilation.ts";
import { callTerm, varTerm } from "./tree/make.ts";
import { isAssignment, isUnification, operatorName } from "./tree/vars.ts";
import { isComprehension, walkBody } from "./tree/walk.ts";

/** Start of an expression → the variable that holds its value. */
export type Captures = Map<number, string>;

/**
 * `input.x` becomes `input.x = _`, `f(x)` becomes `f(x, _)`. Where there may be several solutions or expressions each value must
 * hold: then it stands at the end of the query once more. Nothing is captured of assignments, negations, calls that name
 * their result themselves and calls without one: they are true.
 */
export function captureValues(compilation: Compilation, body: Body, captures: Captures): Body {
  const mustHold = body.length > 1 || iterates(compilation, body);
  const values: Expr[] = [];
  const captured = body.map((expr): Expr => {
    if (expr.negated || isAssignment(expr) || isUnification(expr)) return expr;
    const value = varTerm(`$term${captures.size + 1}`, expr);
    const bound = bind(compilation, expr.body, value);
    if (bound === undefined) return expr;
    captures.set(expr.start, value.name);
    if (mustHold) values.push({ ...expr, body: value, with: [], generated: true });
    return { ...expr, body: bound };
  });
  return [...captured, ...values];
}

function bind(compilation: Compilation, body: Expr["body"], value: Term): Call | undefined {
  switch (body.kind) {
    case "some":
    case "every":
    case "notBody":
    case "logical":
      return undefined;
    case "call":
      return takes(compilation, body) === body.args.length ? { ...body, args: [...body.args, value] } : undefined;
    default:
      return callTerm("eq", [body, value], body);
  }
}

/** How many arguments give the value of a call; undefined when it has none. */
function takes({ types }: Compilation, { operator }: Call): number | undefined {
  const type = types?.typeOfRef(operator.parts);
  if (type?.kind !== "function") return 0;
  return type.result === undefined ? undefined : type.args.length;
}

function iterates({ builtins }: Compilation, body: Body): boolean {
  let found = false;
  walkBody(body, (node) => {
    if (node.kind === "ref")
      found ||=
        node.parts.some((part, at) => at > 0 && part.kind === "var") || builtins.get(operatorName(node.parts))?.relation === true;
    return found || (node.kind !== "expr" && isComprehension(node));
  });
  return found;
}
