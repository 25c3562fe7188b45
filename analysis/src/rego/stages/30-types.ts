// Finds the types of all rules, dependencies first, and what cannot fit together.
import type { Body, Ref, Term } from "#grammars/rego/ast.ts";
import { type Compilation, fail, type ModuleUnit, note, type RuleUnit } from "../compilation.ts";
import { rulePath } from "../rule-tree.ts";
import { groundPrefix } from "../tree/refs.ts";
import { baseEnvironment, TypeChecker } from "../types/checker.ts";
import { SchemaTypes } from "../types/schema-types.ts";

export function checkTypes(compilation: Compilation): void {
  const { graph } = compilation;
  if (graph === undefined) return;
  const checker = new TypeChecker(compilation.names, (target) => dependentsOf(compilation, target));
  const schemas = new SchemaTypes(compilation.schemas);
  const input = compilation.schemas?.has("schema") ? schemas.named("schema") : undefined;
  if (input !== undefined && "error" in input) {
    fail(compilation, { module: { file: "" }, range: { start: 0, end: 0 }, code: "rego_type_error", message: input.error });
    return;
  }
  const base = baseEnvironment(compilation.builtins.values(), input?.type, checker);
  const rules = base.wrap();
  for (const unit of graph.sorted()) {
    const prepared = rules.wrap();
    for (const message of schemas.apply(compilation.annotations.schemasFor(unit), prepared))
      note(compilation, { module: unit.module, range: unit.source, code: "rego_type_error", message });
    for (const finding of checker.checkRule(rules, prepared, unit)) note(compilation, { module: unit.module, ...finding });
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
