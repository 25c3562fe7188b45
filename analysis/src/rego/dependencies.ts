// What a query depends on, through the rules it reaches: base documents (`data` and `input`) and virtual ones, as `opa deps` counts them.
import type { Body, Term } from "#grammars/rego/ast.ts";
import { compareTermLists } from "#grammars/rego/compare-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { Checked } from "./checked.ts";
import { rulePath } from "./rule-tree.ts";
import type { RuleUnit } from "./rule-units.ts";
import { groundPrefix, rootOf } from "./tree/refs.ts";
import { forEachChild, type Node } from "./tree/walk.ts";

export interface Dependencies {
  /** Constant paths in order: `data.roles`, `input.user`. */
  readonly base: readonly (readonly Term[])[];
  /** Paths of rules in order. */
  readonly virtual: readonly (readonly Term[])[];
}

/** The documents that a parsed query needs. */
export function dependenciesOf(checked: Checked, query: Body): Dependencies {
  const base = new Map<string, readonly Term[]>();
  const virtual = new Map<string, readonly Term[]>();
  const seen = new Set<RuleUnit>();
  const follow = (nodes: readonly Node[]): void => {
    for (const ref of shortest(documentRefs(nodes))) {
      const rules = rootOf(ref[0]!) === "data" ? checked.rules.rulesFor(ref) : new Set<RuleUnit>();
      if (rules.size === 0) base.set(pathKey(ref), ref);
      for (const rule of rules) {
        const path = groundPrefix(rulePath(rule).parts);
        virtual.set(pathKey(path), path);
        if (seen.has(rule)) continue;
        seen.add(rule);
        follow(nodesOf(rule));
      }
    }
  };
  follow(query);
  return { base: sorted(base), virtual: sorted(virtual) };
}

function nodesOf(rule: RuleUnit): readonly Node[] {
  const { args, key, value, reference } = rule.head;
  const parts = reference.kind === "ref" ? reference.parts.slice(1) : [];
  const own: readonly Node[] = [
    ...(args ?? []),
    ...parts,
    ...(key === undefined ? [] : [key]),
    ...(value === undefined ? [] : [value]),
  ];
  return [...own, ...rule.body, ...(rule.else === undefined ? [] : nodesOf(rule.else))];
}

/** Constant prefixes of all refs to documents. */
function documentRefs(nodes: readonly Node[]): readonly (readonly Term[])[] {
  const found: (readonly Term[])[] = [];
  const visit = (node: Node): void => {
    if (node.kind === "var") {
      if (rootOf(node) !== undefined) found.push([node]);
      return;
    }
    if (node.kind !== "ref") return forEachChild(node, visit);
    if (rootOf(node) !== undefined) found.push(groundPrefix(node.parts));
    for (const part of node.parts.slice(1)) visit(part);
  };
  for (const node of nodes) visit(node);
  return found;
}

/** A document stands for those below it. */
function shortest(refs: readonly (readonly Term[])[]): readonly (readonly Term[])[] {
  const keys = new Set(refs.map(pathKey));
  const hasAbove = (ref: readonly Term[]): boolean => ref.some((_, at) => at > 0 && keys.has(pathKey(ref.slice(0, at))));
  return refs.filter((ref) => !hasAbove(ref));
}

function pathKey(path: readonly Term[]): string {
  return path.map(keyOf).join("\n");
}

function sorted(paths: ReadonlyMap<string, readonly Term[]>): readonly (readonly Term[])[] {
  return [...paths.values()].sort(compareTermLists);
}
