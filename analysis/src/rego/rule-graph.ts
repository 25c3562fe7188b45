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
  readonly #edges: Map<ModuleUnit, Edges>;
  readonly #users: Map<ModuleUnit, readonly ModuleUnit[]>;

  /** The graph of some modules; of modules that `before` knew, all of whose dependencies it knew too, only new edges are looked for. */
  constructor(tree: RuleTree, modules: readonly ModuleUnit[], before?: RuleGraph) {
    this.#modules = modules;
    this.#edges = new Map(before === undefined ? [] : before.#edges);
    this.#users = new Map(before === undefined ? [] : before.#users);
    const present = new Set(modules);
    const open = new Set(modules.filter((module) => !this.#edges.has(module)));
    for (const gone of [...this.#edges.keys()].filter((module) => !present.has(module))) {
      for (const user of this.usersOf(gone)) if (present.has(user)) open.add(user);
      this.#forget(gone);
    }
    for (const module of open) this.#forget(module);
    const grown = new Map<ModuleUnit, ModuleUnit[]>();
    for (const module of open) {
      const edges = edgesOf(tree, module);
      this.#edges.set(module, edges);
      for (const other of edges.modules) {
        let users = grown.get(other);
        if (users === undefined) {
          users = [...this.usersOf(other)];
          grown.set(other, users);
          this.#users.set(other, users);
        }
        users.push(module);
      }
    }
  }

  #forget(module: ModuleUnit): void {
    for (const other of this.modulesOf(module)) {
      const users = this.usersOf(other).filter((user) => user !== module);
      if (users.length > 0) this.#users.set(other, users);
      else this.#users.delete(other);
    }
    this.#edges.delete(module);
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

  /** Rules without which every cycle is one of an earlier graph too: those of modules that it did not have, and those with new edges between its modules. */
  since(before: RuleGraph): readonly RuleUnit[] {
    const found: RuleUnit[] = [];
    for (const module of this.#modules) {
      const edges = this.#edges.get(module);
      const then = before.#edges.get(module);
      if (edges === then) continue;
      const isNew = (unit: RuleUnit): boolean => {
        for (const target of edges?.out.get(unit) ?? none)
          if (before.#edges.has(target.module) && then?.out.get(unit)?.has(target) !== true) return true;
        return false;
      };
      for (const unit of rulesOf(module)) if (then === undefined || isNew(unit)) found.push(unit);
    }
    return found;
  }

  /** Some rules, or all, dependencies among them first; on cycles in some order. */
  sorted(units?: readonly RuleUnit[]): readonly RuleUnit[] {
    const all = units === undefined ? this.#modules.flatMap(rulesOf) : [...units].sort(byPlace);
    const wanted = new Set(all);
    const sorted: RuleUnit[] = [];
    const marked = new Set<RuleUnit>();
    // In a loop: rules that each use the next one can be very many.
    const open: { readonly unit: RuleUnit; readonly others: Iterator<RuleUnit> }[] = [];
    const visit = (unit: RuleUnit): void => {
      if (marked.has(unit)) return;
      marked.add(unit);
      const others = this.dependencies(unit);
      open.push({ unit, others: (others.size > 1 ? [...others].sort(byPlace) : others).values() });
    };
    for (const first of wanted) {
      visit(first);
      for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
        const { done, value: other } = last.others.next();
        if (done === true) sorted.push(open.pop()!.unit);
        else if (wanted.has(other)) visit(other);
      }
    }
    return sorted;
  }
}

function edgesOf(tree: RuleTree, module: ModuleUnit): Edges {
  const out = new Map<RuleUnit, Set<RuleUnit>>();
  const maybe = new Map<RuleUnit, ReadonlyMap<RuleUnit, OpenRef>>();
  const incoming = new Map<RuleUnit, RuleUnit[]>();
  const modules = new Set<ModuleUnit>([module]);
  const units = rulesOf(module);
  for (let nth = 0; nth < units.length; nth++) {
    const unit = units[nth]!;
    if (unit.refs.length === 0) continue;
    const targets = new Set<RuleUnit>();
    let open: Map<RuleUnit, OpenRef> | undefined;
    for (let i = 0; i < unit.refs.length; i++) {
      const one = unit.refs[i]!;
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
