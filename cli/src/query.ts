// A query typed on the command line: each expression's value is captured, as OPA's evaluator does.
import type { Body, Call, Expr, Term, Var } from "#grammars/rego/ast.ts";

const prefix = "rw_expression_";

/** The query with every plain expression bound to a name of ours: `f(x)` becomes `rw_expression_0 := f(x)`. */
export function captureValues(body: Body): Body {
  return body.map((expr, index) => (isPlain(expr) ? { ...expr, body: assignment(expr, index) } : expr));
}

/** The name that holds the value of an expression. */
export function captureName(index: number): string {
  return `${prefix}${index}`;
}

export function isCapture(name: string): boolean {
  return name.startsWith(prefix);
}

function isPlain({ negated, body }: Expr): boolean {
  if (negated || body.kind === "some" || body.kind === "every" || body.kind === "notBody" || body.kind === "logical")
    return false;
  return !(body.kind === "call" && (body.infix === ":=" || body.infix === "="));
}

function assignment({ start, end, body }: Expr, index: number): Call {
  const place = { start, end };
  const name: Var = { kind: "var", ...place, name: captureName(index) };
  return {
    kind: "call",
    ...place,
    operator: { kind: "ref", ...place, parts: [{ kind: "var", ...place, name: "assign" }] },
    args: [name, body as Term],
    infix: ":=",
  };
}
