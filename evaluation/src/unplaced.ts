// Expressions that stand nowhere in OPA's tree: what the calls in holes of template strings became.
import { type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Module, Range } from "#grammars/rego/ast.ts";

/** Of a module as it was parsed. */
export function isUnplaced(source: Module, range: Range): boolean {
  return callsInHoles(source).has(keyOf(range));
}

const callsInHoles = oncePer((source: Module): ReadonlySet<string> => {
  const calls = new Set<string>();
  const note = (node: Node): undefined => {
    if (node.kind !== "templateString") return undefined;
    for (const part of node.parts) if (part.kind === "expr" && part.body.kind === "call") calls.add(keyOf(part.body));
    return undefined;
  };
  for (const rule of source.rules) walkRule(rule, note);
  return calls;
});

function keyOf({ start, end }: Range): string {
  return `${start}:${end}`;
}
