// Every variable of a head must occur in the body.
import type { Head } from "#grammars/rego/ast.ts";
import { printVar } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { isGenerated, type ModuleUnit, type RuleUnit } from "../rule-units.ts";
import { RuleScopes } from "../safety/report.ts";
import { headParts, isScalar } from "../tree/refs.ts";
import { collectVars, safetyPlaces, type VarSink, varsOfAll, varsOfHead } from "../tree/vars.ts";

/** True for a head without variables, as that of a mere condition. */
function isPlain({ args, key, value, reference }: Head): boolean {
  return (
    args === undefined &&
    key === undefined &&
    (value === undefined || isScalar(value)) &&
    (reference.kind === "var" || reference.parts.length === 1)
  );
}

export function checkSafetyOfHeads(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  const scopes = new RuleScopes(module);
  for (let nth = 0; nth < rules.length; nth++) {
    const unit = rules[nth]!;
    if (isPlain(unit.head)) continue;
    const vars = varsOfHead(unit.head);
    if (vars.size === 0) continue;
    const bound: VarSink = { has: (name) => vars.delete(name) || true, set: () => undefined };
    for (const arg of unit.head.args ?? []) collectVars(arg, {}, bound);
    // What a head has is mostly bound at the end of the body.
    for (let i = unit.body.length - 1; i >= 0 && vars.size > 0; i--) collectVars(unit.body[i]!, safetyPlaces, bound);
    if (vars.size === 0) continue;
    const places = varsOfHead(unit.head, { sorted: true });
    // A branch has the ref of its rule, in which OPA has no places.
    const placeless = new Set(unit.isBranch ? varsOfAll(headParts(unit.head).slice(1)).keys() : []);
    for (const name of vars.keys()) {
      const written = compilation.names.written.get(name) ?? name;
      if (isGenerated(written)) continue;
      fail(compilation, {
        module,
        range: places.get(name)!,
        code: "rego_unsafe_var_error",
        message: `var ${printVar(written)} is unsafe${scopes.of(unit)}`,
        ...(placeless.has(name) ? { placeless: true } : {}),
      });
    }
  }
}
