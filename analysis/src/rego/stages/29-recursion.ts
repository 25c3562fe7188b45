// No rule may depend on itself.
import { branches, type Compilation, fail, type RuleUnit } from "../compilation.ts";
import type { RuleGraph } from "../rule-graph.ts";
import { rulePath } from "../rule-tree.ts";
import { printRef } from "../tree/print.ts";
import { renamed } from "../tree/written.ts";

export function checkRecursion(compilation: Compilation): void {
  const { graph } = compilation;
  if (graph === undefined) return;
  const cyclic = onCycles(graph);
  compilation.tree.depthFirst((node) => {
    for (const top of node.rules) {
      for (const unit of branches(top)) {
        if (!cyclic.has(unit)) continue;
        const path = cycleOf(graph, unit);
        if (path === undefined) continue;
        const text = (one: RuleUnit): string => printRef(renamed(compilation.names, rulePath(one)).parts);
        fail(compilation, {
          module: unit.module,
          range: unit.source,
          code: "rego_recursion_error",
          message: `rule ${text(unit)} is recursive: ${path.map(text).join(" -> ")}`,
          related: path
            .slice(1, -1)
            .map((one) => ({ file: one.module.file, range: one.source.head, message: `through ${text(one)}` })),
        });
      }
    }
    return false;
  });
}

/** Rules that may be on a cycle: what is left when rules without dependencies are taken away again and again. */
function onCycles(graph: RuleGraph): ReadonlySet<RuleUnit> {
  const units = graph.sorted();
  const left = new Map(units.map((unit) => [unit, graph.dependencies(unit).size]));
  const free = units.filter((unit) => left.get(unit) === 0);
  for (let unit = free.pop(); unit !== undefined; unit = free.pop()) {
    left.delete(unit);
    for (const dependent of graph.dependents(unit)) {
      const count = left.get(dependent);
      if (count === undefined) continue;
      left.set(dependent, count - 1);
      if (count === 1) free.push(dependent);
    }
  }
  return new Set(left.keys());
}

/** A path from the rule back to itself. */
function cycleOf(graph: RuleGraph, start: RuleUnit): readonly RuleUnit[] | undefined {
  const seen = new Set<RuleUnit>();
  const search = (unit: RuleUnit, path: readonly RuleUnit[]): readonly RuleUnit[] | undefined => {
    for (const next of graph.dependencies(unit)) {
      if (next === start) return [...path, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...path, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(start, [start]);
}
