// Every rule by its path below `data`: what a ref can mean.
import { exactList } from "#grammars/exact-list.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Ref, Term } from "#grammars/rego/ast.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { ModuleUnit, RuleUnit } from "./rule-units.ts";
import { groundPrefix, isConstant } from "./tree/refs.ts";

export interface RuleTreeNode {
  /** The part of the path; undefined at the root. */
  readonly key: Term | undefined;
  readonly children: ReadonlyMap<string, RuleTreeNode>;
  /** Rules whose ground path ends here, in order of files and text. */
  readonly rules: readonly RuleUnit[];
  /** Modules whose package ends here. */
  readonly packages: ReadonlySet<ModuleUnit>;
}

interface Growing extends RuleTreeNode {
  children: ReadonlyMap<string, Growing>;
  rules: readonly RuleUnit[];
  packages: ReadonlySet<ModuleUnit>;
  /** The change that made the node: only that one may still write to it. */
  readonly change: object;
}

/** The full path of a rule: `data`, the package, the head's ref with its name as a string. */
export function rulePath(unit: RuleUnit): Ref {
  const { module, form: head } = unit;
  const parts = head.reference.kind === "ref" ? head.reference.parts : [head.reference];
  const name = parts[0]!;
  const { start, end } = head.reference;
  const root: readonly Term[] = [{ kind: "var", name: "data", start, end }];
  const first: Term = name.kind === "var" ? { kind: "string", value: name.name, start: name.start, end: name.end } : name;
  // As long as it has to be: a list that grows has room for more.
  const path = root.concat(module.package, first);
  return { kind: "ref", parts: parts.length === 1 ? path : path.concat(parts.slice(1)), start, end };
}

/** Of most nodes: the place of a rule has nothing below it, and no package there. */
const noChildren: ReadonlyMap<string, Growing> = new Map();
const noRules: readonly RuleUnit[] = [];
const noPackages: ReadonlySet<ModuleUnit> = new Set();

const dataRoot: Term = { kind: "var", name: "data", start: 0, end: 0 };

/** All rules of a module set, found by path. Trees share what is equal in both. */
export class RuleTree {
  static readonly empty: RuleTree = new RuleTree({
    key: undefined,
    children: noChildren,
    rules: noRules,
    packages: noPackages,
    change: {},
  });
  readonly root: RuleTreeNode;
  readonly #root: Growing;

  private constructor(root: Growing) {
    this.root = root;
    this.#root = root;
  }

  /** The tree without the rules of some modules and with those of others. */
  with(removed: readonly ModuleUnit[], added: readonly ModuleUnit[]): RuleTree {
    const change = {};
    /** What a node of this change has is its own: a list that is shared is copied before something is put into it. */
    const own = (node: Growing): Growing => {
      if (node.change === change) return node;
      const { key, children, rules, packages } = node;
      return {
        key,
        children: children.size === 0 ? noChildren : new Map(children),
        rules: rules.length === 0 ? noRules : [...rules],
        packages: packages.size === 0 ? noPackages : new Set(packages),
        change,
      };
    };
    const put = (node: Growing, key: string, child: Growing): void => {
      if (node.children === noChildren) node.children = new Map();
      (node.children as Map<string, Growing>).set(key, child);
    };
    const root = own(this.#root);
    const step = (node: Growing, key: string, part: Term): Growing => {
      const before = node.children.get(key);
      const child =
        before === undefined ? { key: part, children: noChildren, rules: noRules, packages: noPackages, change } : own(before);
      if (child !== before) put(node, key, child);
      return child;
    };
    const take = (node: Growing, keys: readonly string[], at: number, away: (leaf: Growing) => void): void => {
      const key = keys[at];
      if (key === undefined) return away(node);
      const before = node.children.get(key);
      if (before === undefined) return;
      const child = own(before);
      put(node, key, child);
      take(child, keys, at + 1, away);
      if (child.children.size === 0 && child.rules.length === 0 && child.packages.size === 0)
        (node.children as Map<string, Growing>).delete(key);
    };
    for (const module of removed) {
      for (const place of new Set(module.rules.map((unit) => unit.place)))
        take(root, place, 0, (leaf) => {
          leaf.rules = leaf.rules.filter((unit) => unit.module !== module);
        });
      take(root, packageKeys(module), 0, (leaf) => {
        if (leaf.packages.has(module)) (leaf.packages as Set<ModuleUnit>).delete(module);
      });
    }
    for (const module of added) {
      const path: readonly Term[] = [dataRoot, ...module.package];
      const keys = packageKeys(module);
      let home = root;
      for (let i = 0; i < keys.length; i++) home = step(home, keys[i]!, path[i]!);
      if (home.packages === noPackages) home.packages = new Set();
      (home.packages as Set<ModuleUnit>).add(module);
      for (const unit of module.rules) {
        const below = groundPrefix(rulePath(unit).parts).slice(path.length);
        const place = [...keys];
        let node = home;
        for (const part of below) {
          const key = keyOf(part);
          place.push(key);
          node = step(node, key, part);
        }
        const exact = exactList(place);
        for (let branch: RuleUnit | undefined = unit; branch !== undefined; branch = branch.else) branch.place = exact;
        let at = node.rules.length;
        while (at > 0 && node.rules[at - 1]!.module.file > module.file) at--;
        if (node.rules.length === 0) node.rules = [unit];
        else (node.rules as RuleUnit[]).splice(at, 0, unit);
      }
    }
    return new RuleTree(root);
  }

  /** The node of exactly this path. */
  find(path: readonly Term[]): RuleTreeNode | undefined {
    let node: RuleTreeNode | undefined = this.root;
    for (let i = 0; i < path.length; i++) {
      node = node.children.get(keyOf(path[i]!));
      if (node === undefined) return undefined;
    }
    return node;
  }

  /** The node at a rule's place. */
  at(place: readonly string[]): RuleTreeNode | undefined {
    let node: RuleTreeNode | undefined = this.root;
    for (const key of place) {
      node = node.children.get(key);
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
        addBelow(found, node);
      } else if (i === 0 || isConstant(part)) {
        const child = node.children.get(keyOf(part));
        if (child === undefined) return;
        addIntersecting(found, child.rules, ref, i + 1);
        visit(child, i + 1);
      } else {
        for (const child of inKeyOrder(node)) {
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

/** The keys of a module's package, `data` first. */
export const packageKeys = oncePer(({ package: path }: ModuleUnit): readonly string[] => [keyOf(dataRoot), ...path.map(keyOf)]);

/** `packageKeys` as one text. */
export const packageKey = oncePer((module: ModuleUnit): string => packageKeys(module).join("\n"));

function addBelow(found: Set<RuleUnit>, node: RuleTreeNode): void {
  for (let i = 0; i < node.rules.length; i++) found.add(node.rules[i]!);
  if (node.children.size > 0) for (const child of inKeyOrder(node)) addBelow(found, child);
}

function addIntersecting(found: Set<RuleUnit>, units: readonly RuleUnit[], ref: readonly Term[], from: number): void {
  for (let at = 0; at < units.length; at++) {
    const unit = units[at]!;
    if (from >= ref.length) {
      found.add(unit);
      continue;
    }
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
  for (const child of inKeyOrder(node)) yield* everythingBelow(child);
}

/** The children in an order that does not tell in which order they came. */
function inKeyOrder({ children }: RuleTreeNode): Iterable<RuleTreeNode> {
  if (children.size < 2) return children.values();
  return [...children].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, child]) => child);
}
