// Finds the types of all rules, dependencies first, and what cannot fit together.
import type { Body, Ref, Term } from "#grammars/rego/ast.ts";
import { type Compilation, type ModuleUnit, note, type RuleUnit } from "../compilation.ts";
import { rulePath } from "../rule-tree.ts";
import { groundPrefix } from "../tree/refs.ts";
import { baseEnvironment, TypeChecker } from "../types/checker.ts";

export function checkTypes(compilation: Compilation): void {
  const { graph } = compilation;
  if (graph === undefined) return;
  const checker = new TypeChecker(compilation.names, (target) => dependentsOf(compilation, target));
  const base = baseEnvironment(compilation.builtins.values(), undefined, checker);
  const rules = base.wrap();
  for (const unit of graph.sorted()) {
    for (const finding of checker.checkRule(rules, rules.wrap(), unit)) note(compilation, { module: unit.module, ...finding });
  }
  compilation.types = rules;
}

/** The same for a query. */
export function checkTypesIn(compilation: Compilation, module: ModuleUnit, body: Body): void {
  if (compilation.types === undefined) return;
  const checker = new TypeChecker(compilation.names, (target) => dependentsOf(compilation, target));
  for (const finding of checker.checkBody(compilation.types, body).findings) note(compilation, { module, ...finding });
}

/** Paths of the rules that a ref may mean and of all rules that depend on them. */
function dependentsOf(compilation: Compilation, target: Ref): readonly (readonly Term[])[] {
  const { graph } = compilation;
  const seen = new Set<RuleUnit>(compilation.tree.rulesFor(target.parts));
  if (graph !== undefined) for (const unit of seen) for (const dependent of graph.dependents(unit)) seen.add(dependent);
  return [...seen].map((unit) => groundPrefix(rulePath(unit).parts));
}
