// Finds the types of all rules, dependencies first, and what cannot fit together. After a change only rules are looked at again that read a type that became another one.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Body, Ref, Term } from "#grammars/rego/ast.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { compareDiagnostics } from "../begin.ts";
import { type Compilation, diagnosticOf, fail, note } from "../compilation.ts";
import type { RuleGraph } from "../rule-graph.ts";
import { everythingBelow, type RuleTreeNode, rulePath } from "../rule-tree.ts";
import { branches, type ModuleUnit, type RuleUnit, rulesOf } from "../rule-units.ts";
import { groundPrefix, headParts } from "../tree/refs.ts";
import { addRuleType, baseEnvironment, type Finding, type RelaxedLayers, type RuleType, TypeChecker } from "../types/checker.ts";
import type { TypeEnvironment, TypeNode } from "../types/environment.ts";
import { compareTypes } from "../types/operations.ts";
import { SchemaTypes } from "../types/schema-types.ts";
import { lastPlaces } from "./01-resolve-refs.ts";

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
  const relaxed: RelaxedLayers = new Map();
  const dependents = (target: Ref): readonly (readonly Term[])[] => dependentsOf(compilation, target);
  const checkers = new Map<ModuleUnit, TypeChecker>();
  const checkerOf = ({ module }: RuleUnit): TypeChecker => {
    let checker = checkers.get(module);
    if (checker === undefined) {
      checker = new TypeChecker(module.names, dependents, compilation.openFunctions, relaxed);
      checkers.set(module, checker);
    }
    return checker;
  };
  const modules = new Map<ModuleUnit, TypedModule>(change?.before.modules);
  const wrong = new Set<ModuleUnit>(change?.before.wrong);
  /** The entries that this check made. */
  const own = new Map<ModuleUnit, Map<object, Typed>>();
  const entry = (module: ModuleUnit): Map<object, Typed> => {
    let typed = own.get(module);
    if (typed === undefined) {
      typed = new Map(modules.get(module));
      own.set(module, typed);
      modules.set(module, typed);
    }
    return typed;
  };
  const check = (environment: TypeEnvironment, unit: RuleUnit): void => {
    const checker = checkerOf(unit);
    const annotated = compilation.typesBySchemas ? compilation.annotations.schemasFor(unit) : [];
    const prepared = annotated.length === 0 ? environment : environment.wrap(checker.innerBody);
    const found: Finding[] = [];
    if (annotated.length > 0)
      for (const message of schemas.apply(annotated, prepared))
        found.push({ range: unit.source, code: "rego_type_error", message });
    const { findings, type } = checker.checkRule(prepared, unit);
    if (findings.length > 0) found.push(...findings);
    if (type !== undefined) addRuleType(environment, type);
    const told = found.length === 0 ? noFindings : found.map((finding) => diagnosticOf({ module: unit.module, ...finding }));
    entry(unit.module).set(unit.identity, { type, findings: told });
  };
  let environment: TypeEnvironment;
  if (change === undefined) {
    const checker = new TypeChecker(compilation.names, dependents, compilation.openFunctions, relaxed);
    environment = baseEnvironment(compilation.builtins.values(), input?.type, checker).wrap();
    const units = graph.sorted();
    for (let at = 0; at < units.length; at++) {
      check(environment, units[at]!);
      if (at % rulesAtOnce === rulesAtOnce - 1) yield;
    }
  } else {
    environment = change.before.environment;
    const { gone, begun } = takeOver(change, entry);
    for (const module of change.removed) {
      modules.delete(module);
      own.delete(module);
      wrong.delete(module);
    }
    let removed: readonly RuleUnit[] = gone;
    let fresh: ReadonlySet<RuleUnit> = begun;
    while (fresh.size > 0 || removed.length > 0) {
      for (const unit of fresh) entry(unit.module).delete(unit.identity);
      const places = clustersOf(environment.tree, [...removed, ...fresh]);
      const old = environment.tree;
      environment = environment.with(old.without(places.values()));
      const around = [...places.values()].flatMap((place) => {
        const node = compilation.tree.at(place);
        return node === undefined ? [] : [...everythingBelow(node)].flatMap(branches);
      });
      for (const [at, unit] of graph.sorted([...fresh, ...around]).entries()) {
        const typed = fresh.has(unit) ? undefined : modules.get(unit.module)?.get(unit.identity);
        if (typed === undefined) check(environment, unit);
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
  }
  for (const [module, typed] of own) {
    if ([...typed.values()].some(({ findings }) => findings.length > 0)) wrong.add(module);
    else wrong.delete(module);
  }
  const found = [...wrong].flatMap((module) => reportedAs(compilation, module, [...(modules.get(module)?.values() ?? [])]));
  // OPA sorts them before it counts up to its limit.
  compilation.diagnostics.push(...found.sort(compareDiagnostics));
  compilation.types = environment;
  return { environment, modules, wrong };
}

/** True for what is wrong with a part of what a call gives. */
function isOfCall({ details }: Diagnostic): boolean {
  const [head] = (details as { readonly ref?: readonly { readonly type: string }[] } | undefined)?.ref ?? [];
  return head?.type === "call";
}

/**
 * The findings of a module. The first term of a path is one for all names of rules that OPA resolves in a module, and one for all uses of
 * an import: what is wrong with a ref that was written by such a name is told where the last of them stands.
 */
function reportedAs(compilation: Compilation, module: ModuleUnit, typed: readonly Typed[]): readonly Diagnostic[] {
  let places: ReturnType<typeof lastPlaces> | undefined;
  return typed.flatMap(({ findings }) =>
    findings.map((one) => {
      const [, root] = /^(?:undefined ref: |function )(data|input)(?=[.[ ]|$)/u.exec(one.message) ?? [];
      const [name] = /^\w+/u.exec(module.text.slice(one.range.start)) ?? [];
      if (root === undefined || name === undefined || name === root || isOfCall(one)) return one;
      places ??= lastPlaces(compilation, module);
      const reported = places.get(places.has(name) ? name : undefined);
      return reported === undefined ? one : { ...one, reported: { start: reported.start, end: reported.end } };
    }),
  );
}

/**
 * True when the types that are found depend on which rules come first, so that those of an earlier version say nothing: a rule reads only
 * some of the rules that make up a document, `obj[x]` but not `obj.a`, and sees what of the others is known by then.
 */
export function dependOnOrder({ tree }: Compilation, graph: RuleGraph): boolean {
  for (const node of partlyRead(tree.root)) {
    const together = [...everythingBelow(node)];
    for (const reader of new Set(together.flatMap(branches).flatMap((one) => graph.dependents(one)))) {
      const read = graph.dependencies(reader);
      if (together.some((one) => !read.has(one))) return true;
    }
  }
  return false;
}

/** The documents in and below a node of whose rules a ref may mean only some. Who reads one reads all when each has just a variable there. */
function partlyRead(node: RuleTreeNode): readonly RuleTreeNode[] {
  return node.children.size > 0 ? partlyReadBelow(node) : isPartlyRead(node) ? [node] : noNodes;
}

/** Trees share their nodes: a change is looked for on its own way down only. */
const partlyReadBelow = oncePer((node: RuleTreeNode): readonly RuleTreeNode[] => {
  const found = isPartlyRead(node) ? [node] : [];
  for (const child of node.children.values()) for (const one of partlyRead(child)) found.push(one);
  return found.length === 0 ? noNodes : found;
});

const noNodes: readonly RuleTreeNode[] = [];

/** True when rules have more than one variable part behind the place of the node, a constant one behind a variable, or one while others lie below it. */
function isPartlyRead({ rules, children }: RuleTreeNode): boolean {
  const most = children.size > 0 ? 0 : 1;
  return rules.some((unit) => pathLength(unit) - unit.place.length > most);
}

/** Parts of a rule's path, `data` and the variable ones too. */
function pathLength({ module, form }: RuleUnit): number {
  return 1 + module.package.length + headParts(form).length;
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
  if (compilation.types === undefined) return;
  const checker = new TypeChecker(compilation.names, (target) => dependentsOf(compilation, target), compilation.openFunctions);
  for (const finding of checker.checkBody(compilation.types, body).findings) note(compilation, { module, ...finding });
}

/** Paths of the rules that a ref may mean and of all rules that depend on them. */
function dependentsOf(compilation: Compilation, target: Ref): readonly (readonly Term[])[] {
  const { graph } = compilation;
  const seen = new Set<RuleUnit>(compilation.tree.rulesFor(target.parts));
  if (graph !== undefined) for (const unit of seen) for (const dependent of graph.dependents(unit)) seen.add(dependent);
  return [...seen].map((unit) => groundPrefix(rulePath(unit).parts));
}
