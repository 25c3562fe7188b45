// Moves what must be evaluated out of a head's ref: `p[q.r]` becomes `p[x]` with `x = q.r` in the body.
import type { Expr, Term } from "#grammars/rego/ast.ts";
import type { Compilation } from "../compilation.ts";
import type { ModuleUnit } from "../rule-units.ts";
import { appendTo, unification, varTerm } from "../tree/make.ts";
import { isScalar } from "../tree/refs.ts";

export function rewriteRuleHeadRefs(compilation: Compilation, module: ModuleUnit): void {
  for (const unit of module.rules) {
    const { reference } = unit.head;
    if (unit.settled || reference.kind !== "ref") continue;
    const moved: Expr[] = [];
    const parts = reference.parts.map((part, i): Term => {
      if (i === 0 || part.kind === "var" || isScalar(part)) return part;
      const local = varTerm(compilation.names.fresh(), part);
      moved.push(unification(local, part));
      return local;
    });
    if (moved.length === 0) continue;
    unit.head = { ...unit.head, reference: { ...reference, parts } };
    for (const expr of moved) unit.body = appendTo(unit.body, [expr]);
  }
}
