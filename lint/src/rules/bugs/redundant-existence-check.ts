// `input.user` right before or behind a condition that needs it anyway.
import type { Expr, Ref, Rule, Term, Var } from "#grammars/rego/ast.ts";
import { beginsWith, partsRange } from "../../ref-parts.ts";
import { removalOf } from "../../removal.ts";
import { fileRule } from "../../rule.ts";
import { isRef, isStatic, isVar } from "../../terms.ts";

export const redundantExistenceCheck = fileRule({
  name: "redundant-existence-check",
  category: "bugs",
  description: "Redundant existence check",
  *check(file) {
    for (const rule of file.module.rules) {
      const found = redundantIn(rule);
      for (const expr of found) {
        const fix = removalOf(file, expr, "Remove redundant existence check", found);
        yield { range: partsRange(expr.body as Ref | Var), ...(fix === undefined ? {} : { fix }) };
      }
    }
  },
});

function redundantIn({ head, body = [] }: Rule): ReadonlySet<Expr> {
  const args = new Set((head.args ?? []).flatMap((arg) => (isVar(arg) ? [arg.name] : [])));
  const { value } = head;
  return new Set(
    body.filter((expr, at) => {
      const { body: ref, negated } = expr;
      // An argument always has a value.
      if (ref.kind === "var" && args.has(ref.name)) return !negated;
      if (!isPlain(expr) || !isRef(ref as Term)) return false;
      if (value !== undefined && isRef(value) && beginsWith(value, ref as Ref)) return true;
      return isStatic(ref as Term) && [body[at - 1], body[at + 1]].some((near) => needs(near, ref as Ref));
    }),
  );
}

function isPlain({ negated, with: modifiers }: Expr): boolean {
  return !negated && modifiers.length === 0;
}

/** True for a call and an `every` that do not hold without a ref. */
function needs(expr: Expr | undefined, ref: Ref | Var): boolean {
  if (expr === undefined || !isPlain(expr)) return false;
  const { body } = expr;
  const terms = body.kind === "call" ? [body.operator, ...body.args] : body.kind === "every" ? [body.domain] : [];
  return terms.some((term) => isRef(term) && beginsWith(term, ref));
}
