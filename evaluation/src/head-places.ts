// Where OPA has the head of a ref: all that are written as one import, or as rules, have it in common, and it stands where the last of them was resolved.
import type { CheckedModule } from "#analysis/rego/checked.ts";
import { sharersOf } from "#analysis/rego/shared-heads.ts";
import { headVar, rootOf } from "#analysis/rego/tree/refs.ts";
import { type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range, Ref, Var } from "#grammars/rego/ast.ts";

export function headPlace(module: CheckedModule, ref: Ref): Range {
  const sharers = sharersIn(module, ref);
  return (sharers === undefined ? undefined : lastPlaces(module).get(sharers)) ?? ref.parts[0]!;
}

const lastPlaces = oncePer((module: CheckedModule): ReadonlyMap<string, Var> => {
  const last = new Map<string, Var>();
  const note = (node: Node): undefined => {
    if (node.kind !== "ref") return undefined;
    const sharers = sharersIn(module, node);
    const head = headVar(node);
    if (sharers === undefined || head === undefined) return undefined;
    if (head.start >= (last.get(sharers)?.start ?? 0)) last.set(sharers, head);
    return undefined;
  };
  for (const rule of module.module.rules) walkRule(rule, note);
  return last;
});

function sharersIn({ text, source: { imports } }: CheckedModule, ref: Ref): string | undefined {
  return rootOf(ref) === undefined ? undefined : sharersOf({ text, imports }, ref);
}
