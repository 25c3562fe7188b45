// Moves what must be evaluated out of a head's ref: `p[q.r]` becomes `p[x]` with `x = q.r` in the body.
import type { Expr, Term } from "#grammars/rego/ast.ts";
import { hasFeature } from "#grammars/rego/language.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { appendTo, unification, varTerm } from "../tree/make.ts";
import { isScalar } from "../tree/refs.ts";

export function rewriteRuleHeadRefs(compilation: Compilation, module: ModuleUnit): void {
  for (const unit of module.rules) {
    const { reference } = unit.head;
    if (unit.settled || reference.kind !== "ref") continue;
    const missing = missingFeature(compilation, unit);
    if (missing !== undefined) {
      const message = `rule heads with ${missing} are not supported: ${printRef(reference.parts)}`;
      fail(compilation, {
        module,
        range: unit.source,
        code: missing === "refs" ? "rego_compile_error" : "rego_type_error",
        message,
      });
      continue;
    }
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

/** The kind of head that an older language does not have. */
function missingFeature({ language }: Compilation, { head: { reference, contains } }: RuleUnit): string | undefined {
  const parts = partsOf(reference);
  if (parts.length < 2 || hasFeature(language, "rego_v1", "rule_head_refs")) return undefined;
  if (!hasFeature(language, "rule_head_ref_string_prefixes")) return "refs";
  const isGeneral = parts.some((part, i) => i > 0 && part.kind !== "string" && (contains || i < parts.length - 1));
  return isGeneral ? "general refs (containing variables)" : undefined;
}
