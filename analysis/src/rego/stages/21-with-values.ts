// Checks what `with` replaces and by what; values that have to be evaluated are bound before the expression.
import type { Body, Expr, Ref, Term, With } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import type { Problem } from "../problem.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { holds, requiresEvaluation, WITH } from "../tree/features.ts";
import { refTerm, unification, varTerm } from "../tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { rootOf } from "../tree/refs.ts";
import { operatorName } from "../tree/vars.ts";

export function rewriteWithValues(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  if (!module.text.includes("with")) return;
  for (const unit of rules) {
    if ((unit.features & WITH) === 0) continue;
    unit.body = withValuesIn(compilation, module, unit.body);
  }
}

/** The body with checked and prepared modifiers, then those inside it; nothing inside a body with a wrong one is looked at. */
export function withValuesIn(compilation: Compilation, module: ModuleUnit, body: Body): Body {
  const told = new Set<With>();
  const mapper: Mapper = {
    term: (term) => (holds(term, WITH) ? mapTerm(term, mapper) : term),
    body: (outer) => {
      const prepared = prepare(compilation, module, outer, told);
      return prepared === undefined ? outer : mapAll(prepared, (expr) => mapExpr(expr, mapper));
    },
  };
  return mapper.body(body);
}

/** Undefined when a modifier is wrong. It is told once, though it may stand in what several expressions have in common. */
function prepare(compilation: Compilation, module: ModuleUnit, body: Body, told: Set<With>): Body | undefined {
  if (body.every((expr) => expr.with.length === 0)) return body;
  const result: Expr[] = [];
  // Expressions that were made of one have its modifiers in common, whose values are bound before the first of them.
  const bound = new Map<With, With>();
  for (const expr of body) {
    const modifiers: With[] = [];
    for (const written of expr.with) {
      const before = bound.get(written);
      if (before !== undefined) {
        modifiers.push(before);
        continue;
      }
      const { modifier, evaluate, problem } = check(compilation, module, written);
      if (problem !== undefined) {
        if (!told.has(written)) fail(compilation, problem);
        told.add(written);
        return undefined;
      }
      if (evaluate) {
        const local = varTerm(compilation.names.fresh(), modifier.value);
        result.push(unification(local, modifier.value));
        const prepared = { ...modifier, value: local };
        bound.set(written, prepared);
        modifiers.push(prepared);
      } else modifiers.push(modifier);
    }
    result.push(modifiers.length === 0 ? expr : { ...expr, with: modifiers });
  }
  return result;
}

interface Outcome {
  readonly modifier: With;
  readonly evaluate: boolean;
  readonly problem?: Problem;
}

function check(compilation: Compilation, module: ModuleUnit, written: With): Outcome {
  let { value, target } = written;
  if (value.kind === "var" && compilation.builtins.has(value.name)) {
    value = refTerm([value], value);
    // Where functions need not exist nothing was said of the name before.
    if (compilation.openFunctions) module.placeless.add(`${value.start}:${value.end}`);
  }
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
