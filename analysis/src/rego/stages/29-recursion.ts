// No rule may depend on itself.
import { printRef } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { causeText } from "../recursion-cause.ts";
import type { RuleGraph } from "../rule-graph.ts";
import { rulePath } from "../rule-tree.ts";
import { branches, type RuleUnit } from "../rule-units.ts";
import { renamed } from "../tree/written.ts";

/** Looks for cycles through some rules: there are no others. */
export function checkRecursion(compilation: Compilation, changed: readonly RuleUnit[]): void {
  const { graph } = compilation;
  if (graph === undefined) return;
  const cyclic = onCycles(graph, around(graph, changed));
  if (cyclic.size === 0) return;
  const names = new Map<RuleUnit, string>();
  const text = (one: RuleUnit): string => {
    let name = names.get(one);
    if (name === undefined) {
      name = printRef(renamed(one.module.names, rulePath(one)).parts);
      names.set(one, name);
    }
    return name;
  };
  const known = new Map<RuleUnit, Cycle>();
  let left = mostSteps;
  compilation.tree.depthFirst((node) => {
    for (const top of node.rules) {
      for (const unit of branches(top)) {
        if (!cyclic.has(unit)) continue;
        const cycle = (left < 0 ? known.get(unit) : undefined) ?? cycleThrough(graph, unit);
        if (cycle === undefined) continue;
        const path = from(unit, cycle);
        const shown = left < 0 && path.length > longestPath ? [...path.slice(0, longestPath).map(text), "..."] : path.map(text);
        left -= path.length;
        for (const one of path) if (!known.has(one)) known.set(one, cycle);
        fail(compilation, {
          module: unit.module,
          range: unit.source,
          code: "rego_recursion_error",
          message: `rule ${text(unit)} ${cycle.sure ? "is" : "may be"} recursive: ${shown.join(" -> ")}${cycle.sure ? "" : causeOf(compilation, graph, path, text)}`,
          related: path
            .slice(1, -1)
            .slice(0, longestPath)
            .map((one) => ({ file: one.module.file, range: one.source.head, message: `through ${text(one)}` })),
        });
      }
    }
    return false;
  });
}

/** Steps of cycles that are written out as OPA does, of all cycles together; OPA itself takes minutes for more. */
const mostSteps = 200_000;
/** Steps that are written of a cycle behind those, and that an editor can go to. */
const longestPath = 100;

interface Cycle {
  /** From a rule back to itself. */
  readonly path: readonly RuleUnit[];
  /** True when no step depends on a value. */
  readonly sure: boolean;
}

function cycleThrough(graph: RuleGraph, unit: RuleUnit): Cycle | undefined {
  const any = cycleOf(graph, unit, () => true);
  if (any === undefined) return undefined;
  const isStatic = (from: RuleUnit, to: RuleUnit): boolean => graph.dynamicCause(from, to) === undefined;
  const sure = any.every((one, i) => i === 0 || isStatic(any[i - 1]!, one)) ? any : cycleOf(graph, unit, isStatic);
  return { path: sure ?? any, sure: sure !== undefined };
}

/** The cycle as it is seen from one of its rules. */
function from(unit: RuleUnit, { path }: Cycle): readonly RuleUnit[] {
  const at = path.indexOf(unit);
  return at <= 0 ? path : [...path.slice(at, -1), ...path.slice(0, at + 1)];
}

/** Some rules and what leads from them back to their modules: a cycle that touches one of them lies in there. */
function around(graph: RuleGraph, units: readonly RuleUnit[]): ReadonlySet<RuleUnit> {
  const leading = new Set(units.map(({ module }) => module));
  for (const module of leading) for (const user of graph.usersOf(module)) leading.add(user);
  const found = new Set(units);
  for (const unit of found) for (const other of graph.dependencies(unit)) if (leading.has(other.module)) found.add(other);
  return found;
}

/** Rules that may be on a cycle: what is left when rules without dependencies are taken away again and again. */
function onCycles(graph: RuleGraph, units: ReadonlySet<RuleUnit>): ReadonlySet<RuleUnit> {
  const left = new Map<RuleUnit, number>();
  const users = new Map<RuleUnit, RuleUnit[]>();
  const free: RuleUnit[] = [];
  for (const unit of units) {
    let count = 0;
    for (const other of graph.dependencies(unit)) {
      if (!units.has(other)) continue;
      count++;
      const before = users.get(other);
      if (before === undefined) users.set(other, [unit]);
      else before.push(unit);
    }
    if (count === 0) free.push(unit);
    left.set(unit, count);
  }
  for (let unit = free.pop(); unit !== undefined; unit = free.pop()) {
    left.delete(unit);
    for (const dependent of users.get(unit) ?? []) {
      const count = left.get(dependent);
      if (count === undefined) continue;
      left.set(dependent, count - 1);
      if (count === 1) free.push(dependent);
    }
  }
  return new Set(left.keys());
}

/** A path from the rule back to itself. */
function cycleOf(
  graph: RuleGraph,
  start: RuleUnit,
  follows: (from: RuleUnit, to: RuleUnit) => boolean,
): readonly RuleUnit[] | undefined {
  const seen = new Set<RuleUnit>();
  const path = [start];
  const open = [graph.dependencies(start)[Symbol.iterator]()];
  for (let rest = open.at(-1); rest !== undefined; rest = open.at(-1)) {
    const { value: next } = rest.next();
    if (next === undefined) {
      open.pop();
      path.pop();
      continue;
    }
    if (!follows(path.at(-1)!, next)) continue;
    if (next === start) return [...path, next];
    if (seen.has(next)) continue;
    seen.add(next);
    path.push(next);
    open.push(graph.dependencies(next)[Symbol.iterator]());
  }
  return undefined;
}

/** Says which ref closes a cycle, and for which values. */
function causeOf(
  { builtins }: Compilation,
  graph: RuleGraph,
  path: readonly RuleUnit[],
  text: (unit: RuleUnit) => string,
): string {
  for (const [i, to] of path.entries()) {
    const from = path[i - 1];
    const open = from && graph.dynamicCause(from, to);
    if (from === undefined || open === undefined) continue;
    const where = i > 1 ? ` in ${text(from)}` : "";
    return ` (${causeText(open, from, to, where, text, builtins)})`;
  }
  return "";
}
