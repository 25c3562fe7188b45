// Every rule by its path below `data`: what a ref can mean.
import type { Ref, Rule, Term } from "#grammars/rego/ast.ts";
import type { RuleUnit } from "./compilation.ts";
import { keyOf } from "./tree/keys.ts";
import { groundPrefix, isConstant } from "./tree/refs.ts";

export interface RuleTreeNode {
  /** The part of the path; undefined at the root. */
  readonly key: Term | undefined;
  readonly children: ReadonlyMap<string, RuleTreeNode>;
  /** Rules whose ground path ends here, in order of files and text. */
  readonly rules: readonly RuleUnit[];
}

interface Growing extends RuleTreeNode {
  readonly children: Map<string, Growing>;
  readonly rules: RuleUnit[];
}

function grow(key: Term | undefined): Growing {
  return { key, children: new Map(), rules: [] };
}

/** The full path of a rule: `data`, the package, the head's ref with its name as a string. */
export function rulePath(unit: RuleUnit): Ref {
  const { module, head } = unit;
  const parts = head.reference.kind === "ref" ? head.reference.parts : [head.reference];
  const name = parts[0]!;
  const range = { start: head.reference.start, end: head.reference.end };
  const first: Term = name.kind === "var" ? { kind: "string", value: name.name, start: name.start, end: name.end } : name;
  return {
    kind: "ref",
    ...range,
    parts: [{ kind: "var", name: "data", ...range }, ...module.package, first, ...parts.slice(1)],
  };
}

/** All rules of a module set, found by path. */
export class RuleTree {
  readonly root: RuleTreeNode;

  constructor(units: Iterable<RuleUnit>, packages: Iterable<readonly Term[]>) {
    const root = grow(undefined);
    const data: Term = { kind: "var", name: "data", start: 0, end: 0 };
    const place = (path: readonly Term[]): Growing => {
      let node = root;
      for (const part of path) {
        const key = keyOf(part);
        let child = node.children.get(key);
        if (child === undefined) {
          child = grow(part);
          node.children.set(key, child);
        }
        node = child;
      }
      return node;
    };
    for (const path of packages) place([data, ...path]);
    for (const unit of units) place(groundPrefix(rulePath(unit).parts)).rules.push(unit);
    this.root = root;
  }

  /** The node of exactly this path. */
  find(path: readonly Term[]): RuleTreeNode | undefined {
    let node: RuleTreeNode | undefined = this.root;
    for (const part of path) {
      node = node.children.get(keyOf(part));
      if (node === undefined) return undefined;
    }
    return node;
  }

  /** The rules at exactly this path. */
  rulesAt(path: readonly Term[]): readonly RuleUnit[] {
    return this.find(path)?.rules ?? [];
  }

  /** Every rule that a ref could refer to; variables in it match every key. */
  rulesFor(ref: readonly Term[]): Set<RuleUnit> {
    const found = new Set<RuleUnit>();
    const visit = (node: RuleTreeNode, i: number): void => {
      const part = ref[i];
      if (part === undefined) {
        for (const unit of everythingBelow(node)) found.add(unit);
      } else if (i === 0 || isConstant(part)) {
        const child = node.children.get(keyOf(part));
        if (child === undefined) return;
        addIntersecting(found, child.rules, ref, i + 1);
        visit(child, i + 1);
      } else {
        for (const child of node.children.values()) {
          addIntersecting(found, child.rules, ref, i + 1);
          visit(child, i + 1);
        }
      }
    };
    visit(this.root, 0);
    return found;
  }

  /** Calls `visit` for every node, parents first and keys in order; true from it skips what is below. */
  depthFirst(visit: (node: RuleTreeNode) => boolean): void {
    const step = (node: RuleTreeNode): void => {
      if (visit(node)) return;
      for (const key of [...node.children.keys()].sort()) step(node.children.get(key)!);
    };
    step(this.root);
  }
}

function addIntersecting(found: Set<RuleUnit>, units: readonly RuleUnit[], ref: readonly Term[], from: number): void {
  for (const unit of units) {
    const path = rulePath(unit).parts;
    let meets = true;
    for (let i = from; meets && i < path.length && i < ref.length; i++) {
      if (isConstant(path[i]!) && isConstant(ref[i]!)) meets = keyOf(path[i]!) === keyOf(ref[i]!);
    }
    if (meets) found.add(unit);
  }
}

/** The rules of a node and all nodes below it. */
export function* everythingBelow(node: RuleTreeNode): Generator<RuleUnit> {
  yield* node.rules;
  for (const child of node.children.values()) yield* everythingBelow(child);
}

/** True for rules with several values: `contains`, and v0 partial sets. */
export function isMultiValue(head: Pick<Rule["head"], "contains">): boolean {
  return head.contains;
}
