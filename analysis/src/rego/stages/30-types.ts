// Finds the types of all rules, dependencies first, and what cannot fit together. After a change only rules are looked at again that read a type that became another one.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Body, Ref, Term } from "#grammars/rego/ast.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { compareDiagnostics } from "../begin.ts";
import { type Compilation, diagnosticOf, fail, note } from "../compilation.ts";
import type { RuleGraph } from "../rule-graph.ts";
import { everythingBelow, rulePath } from "../rule-tree.ts";
import { branches, type LocalNames, type ModuleUnit, type RuleUnit, rulesOf } from "../rule-units.ts";
import { groundPrefix } from "../tree/refs.ts";
import { addRuleType, baseEnvironment, type Finding, type RelaxedLayers, type RuleType, TypeChecker } from "../types/checker.ts";
import type { TypeEnvironment, TypeNode } from "../types/environment.ts";
import { compareTypes } from "../types/operations.ts";
import { reportedAs } from "../types/reported.ts";
import { SchemaTypes } from "../types/schema-types.ts";
import type { Type } from "../types/type.ts";

interface Typed {
  readonly type: RuleType | undefined;
  readonly findings: readonly Diagnostic[];
}

/** By the identity of the rule. */
type TypedModule = ReadonlyMap<object, Typed>;

/** The types of all rules of one moment. */
export interface RuleTypes {
  readonly environment: TypeEnvironment;
  readonly modules: ReadonlyMap<ModuleUnit, TypedModule>;
  /** Modules that have findings. */
  readonly wrong: ReadonlySet<ModuleUnit>;
}

/** What changed since types were found. */
export interface TypeChange {
  readonly before: RuleTypes;
  readonly removed: readonly ModuleUnit[];
  /** Modules that are new: versions of those removed, or others. */
  readonly fresh: readonly ModuleUnit[];
  /** Modules whose types may be others for reasons of their own. */
  readonly unsure: ReadonlySet<ModuleUnit>;
  /** The rules that read a path or something above or below it. */
  readersOf(place: readonly string[]): readonly RuleUnit[];
}

/** The schema of `input` is read before anything is checked. */
export function checkInputSchema(compilation: Compilation): void {
  if (!compilation.schemas?.has("schema")) return;
  const input = new SchemaTypes(compilation).named("schema");
  if ("error" in input)
    fail(compilation, { module: { file: "" }, range: { start: 0, end: 0 }, code: "rego_type_error", message: input.error });
}

const noFindings: readonly Diagnostic[] = [];

/** Rules whose types are found between two pauses. */
const rulesAtOnce = 16;

export function* checkTypes(compilation: Compilation, change: TypeChange | undefined): Steps<RuleTypes | undefined> {
  const { graph } = compilation;
  if (graph === undefined) return undefined;
  const schemas = new SchemaTypes(compilation);
  const input = compilation.schemas?.has("schema") ? schemas.named("schema") : undefined;
  if (input !== undefined && "error" in input) return undefined;
  const check = new TypeCheck(compilation, schemas, change?.before);
  const environment = change === undefined ? yield* check.all(graph, check.base(input?.type)) : yield* check.again(graph, change);
  const types = check.result(environment);
  const found = [...types.wrong].flatMap((module) => {
    const typed = [...(types.modules.get(module)?.values() ?? [])];
    return reportedAs(
      compilation,
      module,
      typed.flatMap(({ findings }) => findings),
    );
  });
  // OPA sorts them before it counts up to its limit.
  compilation.diagnostics.push(...found.sort(compareDiagnostics));
  compilation.types = environment;
  return types;
}

/** The types of rules while they are found. */
class TypeCheck {
  readonly #compilation: Compilation;
  readonly #schemas: SchemaTypes;
  readonly #relaxed: RelaxedLayers = new Map();
  readonly #checkers = new Map<ModuleUnit, TypeChecker>();
  readonly #modules: Map<ModuleUnit, TypedModule>;
  readonly #wrong: Set<ModuleUnit>;
  /** The entries of modules that this check made. */
  readonly #own = new Map<ModuleUnit, Map<object, Typed>>();

  constructor(compilation: Compilation, schemas: SchemaTypes, before: RuleTypes | undefined) {
    this.#compilation = compilation;
    this.#schemas = schemas;
    this.#modules = new Map(before?.modules);
    this.#wrong = new Set(before?.wrong);
  }

  /** What is known before any rule. */
  base(input: Type | undefined): TypeEnvironment {
    const { builtins, names } = this.#compilation;
    return baseEnvironment(builtins.values(), input, this.#checker(names)).wrap();
  }

  /** Finds the types of all rules. */
  *all(graph: RuleGraph, environment: TypeEnvironment): Steps<TypeEnvironment> {
    const units = graph.sorted();
    for (let at = 0; at < units.length; at++) {
      this.#check(environment, units[at]!);
      if (at % rulesAtOnce === rulesAtOnce - 1) yield;
    }
    return environment;
  }

  /** Finds the types of the rules that changed, then of those that read a type that became another one, until none does. */
  *again(graph: RuleGraph, change: TypeChange): Steps<TypeEnvironment> {
    const { gone, begun } = takeOver(change, (module) => this.#entry(module));
    for (const module of change.removed) {
      this.#modules.delete(module);
      this.#own.delete(module);
      this.#wrong.delete(module);
    }
    let { environment } = change.before;
    let removed: readonly RuleUnit[] = gone;
    let fresh: ReadonlySet<RuleUnit> = begun;
    while (fresh.size > 0 || removed.length > 0) {
      for (const unit of fresh) this.#entry(unit.module).delete(unit.identity);
      const places = clustersOf(environment.tree, [...removed, ...fresh]);
      const old = environment.tree;
      environment = environment.with(old.without(places.values()));
      const around = [...places.values()].flatMap((place) => this.#rulesBelow(place));
      for (const [at, unit] of graph.sorted([...fresh, ...around]).entries()) {
        const typed = fresh.has(unit) ? undefined : this.#modules.get(unit.module)?.get(unit.identity);
        if (typed === undefined) this.#check(environment, unit);
        else if (typed.type !== undefined) addRuleType(environment, typed.type);
        if (at % rulesAtOnce === rulesAtOnce - 1) yield;
      }
      const next = new Set<RuleUnit>();
      for (const place of places.values()) {
        if (compareTypes(old.at(place)?.extent(), environment.tree.at(place)?.extent()) === 0) continue;
        for (const reader of change.readersOf(place)) if (!fresh.has(reader)) next.add(reader);
      }
      removed = [];
      fresh = next;
    }
    return environment;
  }

  result(environment: TypeEnvironment): RuleTypes {
    for (const [module, typed] of this.#own) {
      if ([...typed.values()].some(({ findings }) => findings.length > 0)) this.#wrong.add(module);
      else this.#wrong.delete(module);
    }
    return { environment, modules: this.#modules, wrong: this.#wrong };
  }

  #rulesBelow(place: readonly string[]): readonly RuleUnit[] {
    const node = this.#compilation.tree.at(place);
    return node === undefined ? [] : [...everythingBelow(node)].flatMap(branches);
  }

  #check(environment: TypeEnvironment, unit: RuleUnit): void {
    const { annotations, typesBySchemas } = this.#compilation;
    const checker = this.#checkerOf(unit.module);
    const annotated = typesBySchemas ? annotations.schemasFor(unit) : [];
    const prepared = annotated.length === 0 ? environment : environment.wrap(checker.innerBody);
    const found: Finding[] = [];
    if (annotated.length > 0)
      for (const message of this.#schemas.apply(annotated, prepared))
        found.push({ range: unit.source, code: "rego_type_error", message });
    const { findings, type } = checker.checkRule(prepared, unit);
    if (findings.length > 0) found.push(...findings);
    if (type !== undefined) addRuleType(environment, type);
    const told = found.length === 0 ? noFindings : found.map((finding) => diagnosticOf({ module: unit.module, ...finding }));
    this.#entry(unit.module).set(unit.identity, { type, findings: told });
  }

  #checkerOf(module: ModuleUnit): TypeChecker {
    let checker = this.#checkers.get(module);
    if (checker === undefined) {
      checker = this.#checker(module.names);
      this.#checkers.set(module, checker);
    }
    return checker;
  }

  #checker(names: LocalNames): TypeChecker {
    const compilation = this.#compilation;
    return new TypeChecker(names, (target) => dependentsOf(compilation, target), compilation.openFunctions, this.#relaxed);
  }

  #entry(module: ModuleUnit): Map<object, Typed> {
    let typed = this.#own.get(module);
    if (typed === undefined) {
      typed = new Map(this.#modules.get(module));
      this.#own.set(module, typed);
      this.#modules.set(module, typed);
    }
    return typed;
  }
}

/** Keeps what is known of settled rules; gives the rules that went, and those that have to be looked at. */
function takeOver(
  { before, removed, fresh, unsure }: TypeChange,
  entry: (module: ModuleUnit) => Map<object, Typed>,
): { readonly gone: readonly RuleUnit[]; readonly begun: ReadonlySet<RuleUnit> } {
  const known = new Map<object, Typed>();
  for (const module of removed)
    for (const [identity, typed] of before.modules.get(module) ?? []) if (typed.findings.length === 0) known.set(identity, typed);
  const kept = new Set<object>();
  const begun = new Set<RuleUnit>();
  for (const module of new Set([...fresh, ...unsure])) {
    for (const unit of rulesOf(module)) {
      const typed = unsure.has(module) ? undefined : known.get(unit.identity);
      if (typed === undefined) begun.add(unit);
      else {
        entry(module).set(unit.identity, typed);
        kept.add(unit.identity);
      }
    }
  }
  const gone = removed.flatMap((module) => rulesOf(module).filter(({ identity }) => !kept.has(identity)));
  return { gone, begun };
}

/** The places whose types come from some rules, together with rules above and below. */
function clustersOf(tree: TypeNode, units: readonly RuleUnit[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  for (const { place } of units) {
    const typed = tree.typedPart(place);
    places.set(typed.join("\n"), typed);
  }
  // A place below another one goes with it.
  for (const [key, place] of places)
    if (place.some((_, i) => i > 0 && places.has(place.slice(0, i).join("\n")))) places.delete(key);
  return places;
}

/** The same for a query. */
export function checkTypesIn(compilation: Compilation, module: ModuleUnit, body: Body): void {
  for (const finding of findingsIn(compilation, body)) note(compilation, { module, ...finding });
}

/** False where a body can never hold, for the types of what is in it. */
export function passesTypes(compilation: Compilation, body: Body): boolean {
  return findingsIn(compilation, body).length === 0;
}

function findingsIn(compilation: Compilation, body: Body): ReturnType<TypeChecker["checkBody"]>["findings"] {
  if (compilation.types === undefined) return [];
  const checker = new TypeChecker(compilation.names, (target) => dependentsOf(compilation, target), compilation.openFunctions);
  return checker.checkBody(compilation.types, body).findings;
}

/** Paths of the rules that a ref may mean and of all rules that depend on them. */
function dependentsOf(compilation: Compilation, target: Ref): readonly (readonly Term[])[] {
  const { graph } = compilation;
  const seen = new Set<RuleUnit>(compilation.tree.rulesFor(target.parts));
  if (graph !== undefined) for (const unit of seen) for (const dependent of graph.dependents(unit)) seen.add(dependent);
  return [...seen].map((unit) => groundPrefix(rulePath(unit).parts));
}
