// Finds the types of all rules, dependencies first, and what cannot fit together. After a change only rules are looked at again that read a type that became another one.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Body, Ref, Term } from "#grammars/rego/ast.ts";
import { branches, type Compilation, fail, type ModuleUnit, note, type RuleUnit } from "../compilation.ts";
import { everythingBelow, rulePath } from "../rule-tree.ts";
import { groundPrefix } from "../tree/refs.ts";
import { addRuleType, baseEnvironment, type RelaxedLayers, type RuleType, TypeChecker } from "../types/checker.ts";
import type { TypeEnvironment, TypeNode } from "../types/environment.ts";
import { compareTypes } from "../types/operations.ts";
import { SchemaTypes } from "../types/schema-types.ts";

interface Typed {
  readonly type: RuleType | undefined;
  readonly findings: readonly Diagnostic[];
  /** Counts rules in the order in which they were checked. */
  readonly order: number;
}

interface TypedModule {
  readonly rules: Map<RuleUnit, Typed>;
  /** Those of the rules that have findings. */
  readonly wrong: Typed[];
}

/** The types of all rules of one moment. */
export interface RuleTypes {
  readonly environment: TypeEnvironment;
  readonly modules: ReadonlyMap<ModuleUnit, TypedModule>;
  readonly nextOrder: number;
}

/** What changed since types were found. */
export interface TypeChange {
  readonly before: RuleTypes;
  readonly removed: readonly ModuleUnit[];
  /** Modules that are new, or whose types may be others for reasons of their own. */
  readonly fresh: readonly ModuleUnit[];
  /** The modules that read a path or something above or below it. */
  readersOf(place: readonly string[]): readonly ModuleUnit[];
}

export function checkTypes(compilation: Compilation, change: TypeChange | undefined): RuleTypes | undefined {
  const { graph } = compilation;
  if (graph === undefined) return undefined;
  const schemas = new SchemaTypes(compilation.schemas);
  const input = compilation.schemas?.has("schema") ? schemas.named("schema") : undefined;
  if (input !== undefined && "error" in input) {
    fail(compilation, { module: { file: "" }, range: { start: 0, end: 0 }, code: "rego_type_error", message: input.error });
    return undefined;
  }
  const relaxed: RelaxedLayers = new Map();
  const dependents = (target: Ref): readonly (readonly Term[])[] => dependentsOf(compilation, target);
  const checkers = new Map<ModuleUnit, TypeChecker>();
  const checkerOf = ({ module }: RuleUnit): TypeChecker => {
    let checker = checkers.get(module);
    if (checker === undefined) {
      checker = new TypeChecker(module.names, dependents, relaxed);
      checkers.set(module, checker);
    }
    return checker;
  };
  const modules = new Map(change?.before.modules);
  let order = change?.before.nextOrder ?? 0;
  const check = (environment: TypeEnvironment, unit: RuleUnit): void => {
    const checker = checkerOf(unit);
    const own: Compilation = { ...compilation, diagnostics: [] };
    const prepared = environment.wrap(checker.innerBody);
    for (const message of schemas.apply(compilation.annotations.schemasFor(unit), prepared))
      note(own, { module: unit.module, range: unit.source, code: "rego_type_error", message });
    const { findings, type } = checker.checkRule(prepared, unit);
    for (const finding of findings) note(own, { module: unit.module, ...finding });
    if (type !== undefined) addRuleType(environment, type);
    const typed: Typed = { type, findings: own.diagnostics, order: order++ };
    let home = modules.get(unit.module);
    if (home === undefined) {
      home = { rules: new Map(), wrong: [] };
      modules.set(unit.module, home);
    }
    home.rules.set(unit, typed);
    if (typed.findings.length > 0) home.wrong.push(typed);
  };
  let environment: TypeEnvironment;
  if (change === undefined) {
    const checker = new TypeChecker(compilation.names, dependents, relaxed);
    environment = baseEnvironment(compilation.builtins.values(), input?.type, checker).wrap();
    for (const unit of graph.sorted()) check(environment, unit);
  } else {
    environment = change.before.environment;
    let removed = change.removed;
    let fresh = change.fresh;
    while (fresh.length > 0 || removed.length > 0) {
      const again = new Set(fresh);
      for (const module of [...removed, ...fresh]) modules.delete(module);
      const places = clustersOf(environment.tree, [...removed, ...fresh]);
      const old = environment.tree;
      environment = environment.with(old.without(places.values()));
      for (const place of places.values()) {
        const node = compilation.tree.at(place);
        if (node === undefined) continue;
        [...everythingBelow(node)]
          .flatMap((top) => [...branches(top)])
          .flatMap((unit) => modules.get(unit.module)?.rules.get(unit) ?? [])
          .sort((a, b) => a.order - b.order)
          .forEach(({ type }) => {
            if (type !== undefined) addRuleType(environment, type);
          });
      }
      for (const unit of graph.sorted(fresh)) check(environment, unit);
      const next = new Set<ModuleUnit>();
      for (const place of places.values()) {
        if (compareTypes(old.at(place)?.extent(), environment.tree.at(place)?.extent()) === 0) continue;
        for (const reader of change.readersOf(place)) if (!again.has(reader)) next.add(reader);
      }
      removed = [];
      fresh = [...next];
    }
  }
  const wrong = [...modules.values()].flatMap((typed) => typed.wrong).sort((a, b) => a.order - b.order);
  for (const { findings } of wrong) compilation.diagnostics.push(...findings);
  compilation.types = environment;
  return { environment, modules, nextOrder: order };
}

/** The places whose types come from the rules of some modules, together with rules above and below. */
function clustersOf(tree: TypeNode, modules: readonly ModuleUnit[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  for (const module of modules) {
    for (const { place } of module.rules) {
      const typed = tree.typedPart(place);
      places.set(typed.join("\n"), typed);
    }
  }
  // A place below another one goes with it.
  for (const [key, place] of places)
    if (place.some((_, i) => i > 0 && places.has(place.slice(0, i).join("\n")))) places.delete(key);
  return places;
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
