// Chains of `and` and `or` as they are formatted.
import type { Body, Expr, Logical } from "../ast.ts";
import { writeBraced, writeExpr } from "./bodies.ts";
import type { Formatting } from "./formatting.ts";
import { leadsWithBrace } from "./terms.ts";

export function writeLogical(f: Formatting, logical: Logical): void {
  const { w } = f;
  const steps = flattenLogical(f, logical);
  let indented = false;
  steps.forEach(({ operator, body, implicit, parens, leftEnd }, i) => {
    const start = implicit ? body[0]!.start : braceBefore(f, body);
    if (i > 0) {
      w.write(` ${operator}`);
      if (f.row(start) > f.row(leftEnd)) {
        if (!indented) w.level++;
        indented = true;
        w.endLine();
        w.startLine();
      } else w.write(" ");
    }
    if (!implicit) writeBraced(f, body, { start, end: braceBehind(f, body) + 1 });
    else {
      if (parens) w.write("(");
      f.guarded(() => writeExpr(f, body[0]!));
      if (parens) w.write(")");
    }
  });
  if (indented) w.level--;
}

/** The expression that a chain begins with; undefined where it begins with a brace or a parenthesis. */
export function leadingOperand(f: Formatting, logical: Logical): Expr | undefined {
  const { body, implicit, parens } = flattenLogical(f, logical)[0]!;
  return implicit && !parens ? body[0] : undefined;
}

function braceBefore(f: Formatting, body: Body): number {
  const at = f.text.lastIndexOf("{", body[0]!.start - 1);
  return at < 0 ? body[0]!.start : at;
}

function braceBehind(f: Formatting, body: Body): number {
  return Math.max(f.text.indexOf("}", body.at(-1)!.end), 0);
}

interface Step {
  readonly operator: string;
  readonly body: Body;
  readonly implicit: boolean;
  readonly parens: boolean;
  /** Where all that stands on the left of the operator ends. */
  readonly leftEnd: number;
}

/** The operands of a chain of one precedence, each with the operator before it. */
function flattenLogical(f: Formatting, logical: Logical): readonly Step[] {
  const leftEnd = logical.implicitLeft ? logical.left.at(-1)!.end : braceBehind(f, logical.left);
  const step = (body: Body, implicit: boolean, operator: string, right: boolean): Step => {
    const single = implicit && body.length === 1;
    return { operator, body, implicit: single, parens: single && needsParens(body[0]!, logical.operator, right), leftEnd };
  };
  const left = logical.left[0];
  const right = step(logical.right, logical.implicitRight ?? false, logical.operator, true);
  if (
    logical.implicitLeft &&
    logical.left.length === 1 &&
    left?.body.kind === "logical" &&
    !needsParens(left, logical.operator, false)
  )
    return [...flattenLogical(f, left.body), right];
  return [step(logical.left, logical.implicitLeft ?? false, "", false), right];
}

function needsParens(expr: Expr, parent: "and" | "or", right: boolean): boolean {
  if (expr.with.length > 0) return true;
  if (expr.body.kind === "logical") return expr.body.operator === "or" ? parent === "and" || right : parent === "and" && right;
  return leadsWithBrace(expr.body);
}
