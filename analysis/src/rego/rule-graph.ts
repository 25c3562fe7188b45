// Which rule depends on which, by the refs in its head and body.

import { boundBefore, type OpenRef, openPositions, type RefPlace, type RuleRef } from "./rule-refs.ts";
import { type RuleTree, rulePath } from "./rule-tree.ts";
import { type ModuleUnit, type RuleUnit, rulesOf } from "./rule-units.ts";

/** What the rules of one module depend on. */
interface Edges {
  readonly out: ReadonlyMap<RuleUnit, ReadonlySet<RuleUnit>>;
  /** Dependencies that only exist for some values of variables or documents, with the first ref that has them. */
  readonly maybe: ReadonlyMap<RuleUnit, ReadonlyMap<RuleUnit, OpenRef>>;
  /** Rules depended on → rules of the module that do. */
  readonly in: ReadonlyMap<RuleUnit, readonly RuleUnit[]>;
  /** The modules depended on, itself too. */
  readonly modules: ReadonlySet<ModuleUnit>;
}

const none: ReadonlySet<RuleUnit> = new Set();

export class RuleGraph {
  readonly #modules: readonly ModuleUnit[];
  readonly #edges = new Map<ModuleUnit, Edges>();
  readonly #users = new Map<ModuleUnit, ModuleUnit[]>();

  /** The graph of some modules; of modules that `before` knew, all of whose dependencies it knew too, only new edges are looked for. */
  constructor(tree: RuleTree, modules: readonly ModuleUnit[], before?: RuleGraph) {
    this.#modules = modules;
    const all = new Set(modules);
    for (const module of modules) {
      const known = before === undefined ? undefined : before.#edges.get(module);
      const edges = known !== undefined && isSubset(known.modules, all) ? known : edgesOf(tree, module);
      this.#edges.set(module, edges);
      for (const other of edges.modules) {
        const users = this.#users.get(other);
        if (users === undefined) this.#users.set(other, [module]);
        else users.push(module);
      }
    }
  }

  /** The rules that a rule's refs may read or call. */
  dependencies(unit: RuleUnit): ReadonlySet<RuleUnit> {
    return this.#edges.get(unit.module)?.out.get(unit) ?? none;
  }

  /** The rules whose refs may read or call this one. */
  dependents(unit: RuleUnit): readonly RuleUnit[] {
    return this.usersOf(unit.module).flatMap((module) => this.#edges.get(module)?.in.get(unit) ?? []);
  }

  /** The modules that a module depends on. */
  modulesOf(module: ModuleUnit): ReadonlySet<ModuleUnit> {
    return this.#edges.get(module)?.modules ?? new Set();
  }

  /** The modules that depend on a module. */
  usersOf(module: ModuleUnit): readonly ModuleUnit[] {
    return this.#users.get(module) ?? [];
  }

  /** The ref by which `from` may depend on `to` only through a variable part, if that is the only way. */
  dynamicCause(from: RuleUnit, to: RuleUnit): OpenRef | undefined {
    return this.#edges.get(from.module)?.maybe.get(from)?.get(to);
  }

  /** True when both graphs hold the same edges of a module. */
  sharesEdges(other: RuleGraph, module: ModuleUnit): boolean {
    return this.#edges.get(module) === other.#edges.get(module);
  }

  /** Some rules, or all, dependencies among them first; on cycles in some order. */
  sorted(units?: readonly RuleUnit[]): readonly RuleUnit[] {
    const all = units === undefined ? this.#modules.flatMap(rulesOf) : [...units].sort(byPlace);
    const wanted = new Set(all);
    const sorted: RuleUnit[] = [];
    const marked = new Set<RuleUnit>();
    const visit = (unit: RuleUnit): void => {
      if (marked.has(unit)) return;
      marked.add(unit);
      const others = this.dependencies(unit);
      for (const other of others.size > 1 ? [...others].sort(byPlace) : others) if (wanted.has(other)) visit(other);
      sorted.push(unit);
    };
    for (const unit of wanted) visit(unit);
    return sorted;
  }
}

function edgesOf(tree: RuleTree, module: ModuleUnit): Edges {
  const out = new Map<RuleUnit, Set<RuleUnit>>();
  const maybe = new Map<RuleUnit, ReadonlyMap<RuleUnit, OpenRef>>();
  const incoming = new Map<RuleUnit, RuleUnit[]>();
  const modules = new Set<ModuleUnit>([module]);
  for (const unit of rulesOf(module)) {
    if (unit.refs.length === 0) continue;
    const targets = new Set<RuleUnit>();
    let open: Map<RuleUnit, OpenRef> | undefined;
    for (const one of unit.refs) {
      const opened = one.place && openRef(one, one.place);
      for (const { parts } of one.narrowed) {
        for (const target of tree.rulesFor(parts)) {
          const isOpen = opened !== undefined && openPositions(opened.selects, opened.bound, rulePath(target).parts).length > 0;
          for (let branch: RuleUnit | undefined = target; branch !== undefined; branch = branch.else) {
            // What one ref surely means stays sure.
            if (!isOpen) open?.delete(branch);
            else if (!targets.has(branch)) {
              open ??= new Map();
              open.set(branch, opened);
            }
            targets.add(branch);
          }
        }
      }
    }
    if (open !== undefined && open.size > 0) maybe.set(unit, open);
    out.set(unit, targets);
    for (const target of targets) {
      modules.add(target.module);
      const users = incoming.get(target);
      if (users === undefined) incoming.set(target, [unit]);
      else users.push(unit);
    }
  }
  return { out, maybe, in: incoming, modules };
}

function openRef({ ref, narrowed }: RuleRef, place: RefPlace): OpenRef {
  return { ref, selects: narrowed.length === 1 ? narrowed[0]! : ref, place, bound: boundBefore(place) };
}

function byPlace(a: RuleUnit, b: RuleUnit): number {
  if (a.module !== b.module) return a.module.file < b.module.file ? -1 : 1;
  return a.source.start - b.source.start;
}

function isSubset<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): boolean {
  for (const one of part) if (!whole.has(one)) return false;
  return true;
}
