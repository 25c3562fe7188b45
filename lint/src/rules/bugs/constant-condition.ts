// A condition that does not depend on anything: `true`, `1 == 2`, `$"{x}"`.
import { isScalar } from "#analysis/rego/tree/refs.ts";
import type { Expr, Term } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { removalOf } from "../../removal.ts";
import { fileRule } from "../../rule.ts";
import { binaryOf } from "../../terms.ts";

const comparisons = ["equal", "gt", "gte", "lt", "lte", "neq"];

export const constantCondition = fileRule({
  name: "constant-condition",
  category: "bugs",
  description: "Constant condition",
  *check(file) {
    // Of an operand nothing would stay without it: the whole of `and` and `or` is told.
    const found = new Set(file.all("expr").filter((expr) => isConstant(expr) && !isOperand(file, expr)));
    for (const expr of found) {
      const fix = removalOf(file, expr, "Remove constant condition", found);
      yield { range: isValue(expr.body) ? expr.body : expr, ...(fix === undefined ? {} : { fix }) };
    }
  },
});

function isConstant(expr: Expr): boolean {
  const { body, constantHole } = expr;
  if (constantHole) return false;
  if (body.kind === "logical") return [body.left, body.right].every((side) => side.length === 1 && side.every(isConstant));
  const [, left, right] = binaryOf(expr, comparisons) ?? [];
  return isValue(body) || (left !== undefined && right !== undefined && isScalar(left) && isScalar(right));
}

function isValue(body: Expr["body"]): boolean {
  return body.kind === "templateString" || isScalar(body as Term);
}

function isOperand(file: LintFile, expr: Expr): boolean {
  const above = file.parent(expr);
  return above?.kind === "logical" && [above.left, above.right].some((side) => side.length === 1 && side[0] === expr);
}
