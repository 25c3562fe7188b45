// Whether the types of rules depend on the order in which they are found.
import { oncePer } from "#grammars/once-per.ts";
import type { Compilation } from "../compilation.ts";
import type { RuleGraph } from "../rule-graph.ts";
import { everythingBelow, type RuleTreeNode } from "../rule-tree.ts";
import { branches, type RuleUnit } from "../rule-units.ts";
import { headParts } from "../tree/refs.ts";

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
