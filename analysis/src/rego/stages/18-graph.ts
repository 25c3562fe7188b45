// Builds the graph of which rule depends on which.
import type { Ref } from "#grammars/rego/ast.ts";
import { allRules, branches, type Compilation, type RuleUnit } from "../compilation.ts";
import { openParts, type RuleGraph } from "../rule-graph.ts";
import { rulePath } from "../rule-tree.ts";
import { featuresOf, REF } from "../tree/features.ts";
import { type Node, walkBody, walkHead } from "../tree/walk.ts";

export function setGraph(compilation: Compilation): void {
  compilation.graph = new Graph(compilation);
}

class Graph implements RuleGraph {
  readonly #out = new Map<RuleUnit, Set<RuleUnit>>();
  readonly #in = new Map<RuleUnit, Set<RuleUnit>>();
  /** Dependencies that only exist for some values of a document, with the first ref that has them. */
  readonly #maybe = new Map<RuleUnit, Map<RuleUnit, Ref>>();
  readonly #order: readonly RuleUnit[];

  constructor(compilation: Compilation) {
    const units = [...allRules(compilation)];
    for (const unit of units) {
      this.#out.set(unit, new Set());
      this.#in.set(unit, new Set());
    }
    for (const unit of units) {
      const visit = (node: Node): boolean => {
        if ((featuresOf(node) & REF) === 0) return true;
        if (node.kind === "ref") this.#depend(compilation, unit, node);
        return false;
      };
      walkBody(unit.body, visit);
      walkHead(unit.head, visit);
    }
    this.#order = units;
  }

  #depend(compilation: Compilation, unit: RuleUnit, ref: Ref): void {
    const head = ref.parts[0];
    if (head?.kind !== "var" || head.name !== "data") return;
    const mayBeOpen = ref.parts.some((part, i) => i > 0 && part.kind === "ref");
    const out = this.#out.get(unit)!;
    for (const target of compilation.tree.rulesFor(ref.parts)) {
      const open = mayBeOpen && openParts(ref, rulePath(target).parts).length > 0;
      for (const branch of branches(target)) {
        if (!open) this.#maybe.get(unit)?.delete(branch);
        else if (!out.has(branch)) {
          const refs = this.#maybe.get(unit) ?? new Map<RuleUnit, Ref>();
          this.#maybe.set(unit, refs.set(branch, ref));
        }
        out.add(branch);
        this.#in.get(branch)!.add(unit);
      }
    }
  }

  dependencies(unit: RuleUnit): ReadonlySet<RuleUnit> {
    return this.#out.get(unit) ?? new Set();
  }

  dependents(unit: RuleUnit): ReadonlySet<RuleUnit> {
    return this.#in.get(unit) ?? new Set();
  }

  dynamicCause(from: RuleUnit, to: RuleUnit): Ref | undefined {
    return this.#maybe.get(from)?.get(to);
  }

  sorted(): readonly RuleUnit[] {
    const sorted: RuleUnit[] = [];
    const marked = new Set<RuleUnit>();
    const visit = (unit: RuleUnit): void => {
      if (marked.has(unit)) return;
      marked.add(unit);
      for (const other of [...this.dependencies(unit)].sort(byPlace)) visit(other);
      sorted.push(unit);
    };
    for (const unit of this.#order) visit(unit);
    return sorted;
  }
}

function byPlace(a: RuleUnit, b: RuleUnit): number {
  if (a.module !== b.module) return a.module.file < b.module.file ? -1 : 1;
  return a.source.start - b.source.start;
}
