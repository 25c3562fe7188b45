// Moves what must be evaluated out of a head's ref: `p[q.r]` becomes `p[x]` with `x = q.r` in the body.
import type { Expr, Term } from "#grammars/rego/ast.ts";
import { hasFeature } from "#grammars/rego/language.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { namingOf } from "../ast-json.ts";
import { type Compilation, fail } from "../compilation.ts";
import type { ProblemCode } from "../problem.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { appendTo, unification, varTerm } from "../tree/make.ts";
import { isScalar } from "../tree/refs.ts";

export function rewriteRuleHeadRefs(compilation: Compilation, module: ModuleUnit): void {
  for (const unit of module.rules) {
    const { reference } = unit.head;
    if (unit.settled || reference.kind !== "ref") continue;
    const refused = refusals(compilation, unit);
    for (const [code, what] of refused)
      fail(compilation, {
        module,
        range: unit.source,
        code,
        message: `rule heads with ${what} are not supported: ${printRef(reference.parts)}`,
      });
    if (refused.length > 0) continue;
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

/** What an older language does not have of a head; general refs are told part by part. */
function refusals(
  { language }: Compilation,
  { head: { reference, contains }, source }: RuleUnit,
): readonly (readonly [ProblemCode, string])[] {
  const parts = partsOf(reference);
  if (parts.length < 2 || hasFeature(language, "rego_v1", "rule_head_refs")) return [];
  // Heads that OPA's tree has a name for were there before refs were heads.
  const isNew = !hasFeature(language, "rule_head_ref_string_prefixes") && namingOf(source).name === undefined;
  if (isNew) return [["rego_compile_error", "refs"]];
  return parts.flatMap((part, i) => {
    const isGeneral = i > 0 && part.kind !== "string" && (contains || i < parts.length - 1);
    return isGeneral ? [["rego_type_error", "general refs (containing variables)"] as const] : [];
  });
}
