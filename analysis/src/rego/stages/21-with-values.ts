// Checks what `with` replaces and by what; values that have to be evaluated are bound before the expression.
import type { Body, Expr, Ref, Term, With } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import type { Problem } from "../problem.ts";
import { type ModuleUnit, openRules } from "../rule-units.ts";
import { requiresEvaluation, WITH } from "../tree/features.ts";
import { refTerm, unification, varTerm } from "../tree/make.ts";
import { everyBody } from "../tree/map.ts";
import { rootOf } from "../tree/refs.ts";
import { operatorName } from "../tree/vars.ts";

export function rewriteWithValues(compilation: Compilation, module: ModuleUnit): void {
  if (!module.text.includes("with")) return;
  for (const unit of openRules(module)) {
    if ((unit.features & WITH) === 0) continue;
    unit.body = withValuesIn(compilation, module, unit.body);
  }
}

/** The body with checked and prepared modifiers, nested bodies too. */
export function withValuesIn(compilation: Compilation, module: ModuleUnit, body: Body): Body {
  return everyBody((inner) => {
    if (inner.every((expr) => expr.with.length === 0)) return inner;
    const result: Expr[] = [];
    for (const expr of inner) {
      const modifiers: With[] = [];
      let failed = false;
      for (const modifier of expr.with) {
        const outcome = check(compilation, module, modifier);
        if (outcome.problem !== undefined) {
          fail(compilation, outcome.problem);
          failed = true;
          break;
        }
        if (outcome.evaluate) {
          const local = varTerm(compilation.names.fresh(), outcome.modifier.value);
          result.push(unification(local, outcome.modifier.value));
          modifiers.push({ ...outcome.modifier, value: local });
        } else modifiers.push(outcome.modifier);
      }
      if (failed) return inner;
      result.push(modifiers.length === 0 ? expr : { ...expr, with: modifiers });
    }
    return result;
  }).body(body);
}

interface Outcome {
  readonly modifier: With;
  readonly evaluate: boolean;
  readonly problem?: Problem;
}

function check(compilation: Compilation, module: ModuleUnit, written: With): Outcome {
  let { value, target } = written;
  if (value.kind === "var" && compilation.builtins.has(value.name)) value = refTerm([value], value);
  const modifier = (): With => ({ ...written, target, value });
  const keep = (): Outcome => ({ modifier: modifier(), evaluate: false });
  const wrong = (code: Problem["code"], message: string): Outcome => ({
    modifier: modifier(),
    evaluate: false,
    problem: { module, range: target, code, message },
  });
  const root = target.kind === "ref" ? rootOf(target) : undefined;
  if (root === "data" && target.kind === "ref") {
    let node = compilation.tree.root;
    const { parts } = target;
    for (let i = 0; i < parts.length - 1; i++) {
      const child = compilation.tree.find(parts.slice(0, i + 1));
      if (child === undefined) break;
      if (child.rules.length > 0) return wrong("rego_compile_error", "with keyword cannot partially replace virtual document(s)");
      node = child;
    }
    const replaced = compilation.tree.find(parts);
    if (node !== undefined && replaced?.rules.some(({ head }) => (head.args?.length ?? 0) > 0)) {
      if (isFunctionValue(compilation, value)) return keep();
    }
    if (value.kind === "ref" && compilation.tree.rulesAt(value.parts).some(({ head }) => (head.args?.length ?? 0) > 0))
      return keep();
    return { modifier: modifier(), evaluate: requiresEvaluation(value) };
  }
  if (root === "input") return { modifier: modifier(), evaluate: requiresEvaluation(value) };
  const name = nameOf(target);
  const row = compilation.builtins.get(name);
  if (row === undefined && compilation.openFunctions) return keep();
  if (row === undefined)
    return wrong("rego_type_error", "with keyword target must reference existing input, data, or a function");
  if (target.kind === "var") target = refTerm([target], target);
  const replacing = "with keyword replacing built-in function:";
  if (name === "eq" || name === "rego.metadata.chain" || name === "rego.metadata.rule")
    return wrong("rego_compile_error", `${replacing} replacement of "${name}" invalid`);
  const head = (target as Ref).parts[0];
  if (head?.kind === "var" && head.name === "internal")
    return wrong(
      "rego_compile_error",
      `${replacing} replacement of internal function "${printRef((target as Ref).parts)}" invalid`,
    );
  if (row.relation) return wrong("rego_compile_error", `${replacing} target must not be a relation`);
  if (row.result === undefined) return wrong("rego_compile_error", `${replacing} target must not be a void function`);
  if (isFunctionValue(compilation, value)) return keep();
  return { modifier: modifier(), evaluate: requiresEvaluation(value) };
}

function nameOf(term: Term): string {
  if (term.kind === "var") return term.name;
  return term.kind === "ref" ? operatorName(term.parts) : "";
}

/** True for the names of rules and builtins: they replace a function, and are not evaluated. */
function isFunctionValue(compilation: Compilation, value: Term): boolean {
  if (value.kind === "ref" && compilation.tree.find(value.parts) !== undefined) return true;
  return (value.kind === "ref" || value.kind === "var") && compilation.builtins.has(nameOf(value));
}
