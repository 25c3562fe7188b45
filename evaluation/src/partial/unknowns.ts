// What depends on documents that are not known.
import type { Checked } from "#analysis/rego/checked.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import { branches, type RuleUnit } from "#analysis/rego/rule-units.ts";
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { type Node, walk } from "#analysis/rego/tree/walk.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { calledFunction, isRootName } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";

interface UnknownsOptions {
  readonly checked: Checked;
  readonly paths: readonly (readonly Term[])[];
  /** Documents that nothing may be put in the place of, known or not. */
  readonly kept: readonly (readonly Term[])[];
  readonly calls: boolean;
}

export class Unknowns {
  readonly #checked: Checked;
  readonly #paths: readonly (readonly Term[])[];
  readonly #kept: readonly (readonly Term[])[];
  readonly #calls: boolean;
  readonly #units = new Map<RuleUnit, boolean>();

  /** Paths begin with `input` or `data`; `calls`: builtins whose results vary are called, and not left. */
  constructor({ checked, paths, kept, calls }: UnknownsOptions) {
    this.#checked = checked;
    this.#paths = paths;
    this.#kept = kept;
    this.#calls = calls;
  }

  /** True where a ref may read something that is not known, rules aside. */
  meets(parts: readonly Term[]): boolean {
    return this.#paths.some((path) => {
      const shorter = Math.min(path.length, parts.length);
      return path.slice(0, shorter).every((part, at) => !isFixed(parts[at]!, at) || keyOf(part) === keyOf(parts[at]!));
    });
  }

  /** True where a ref leads to what is not known, or above it, by the same parts. */
  shares(parts: readonly Term[]): boolean {
    return this.#paths.some((path) => arePrefixes(path, parts));
  }

  /** True for a document of which nothing is known. */
  covers(document: Term): boolean {
    const parts = document.kind === "ref" ? document.parts : [document];
    return this.#paths.some((path) => path.length <= parts.length && arePrefixes(path, parts));
  }

  /** The next parts of what is not known below a path. */
  keysBelow(prefix: readonly Term[]): readonly Term[] {
    return this.#paths
      .filter((path) => path.length > prefix.length && prefix.every((part, at) => keyOf(part) === keyOf(path[at]!)))
      .map((path) => path[prefix.length]!);
  }

  /** True where a ref leads to what is kept, or above it, as far as it is constant. */
  isKept(parts: readonly Term[]): boolean {
    const end = parts.findIndex((part, at) => !isFixed(part, at));
    const fixed = end < 0 ? parts : parts.slice(0, end);
    return this.#kept.some((path) => path.slice(0, fixed.length).every((part, at) => keyOf(part) === keyOf(fixed[at]!)));
  }

  /** True where a document is not known, or kept, be it a base document or one of rules. */
  document(parts: readonly Term[]): boolean {
    if (this.meets(parts) || this.isKept(parts)) return true;
    const [root] = parts;
    return root?.kind === "var" && root.name === "data" && this.units(this.#checked.rules.rulesFor(parts));
  }

  units(units: Iterable<RuleUnit>): boolean {
    for (const unit of units) if (this.#unit(unit)) return true;
    return false;
  }

  #unit(unit: RuleUnit): boolean {
    const known = this.#units.get(unit);
    if (known !== undefined) return known;
    this.#units.set(unit, false);
    const depends =
      this.meets(rulePath(unit).parts) ||
      branches(unit).some(({ head, body }) => {
        const keys = head.reference.kind === "ref" ? head.reference.parts.slice(1) : [];
        const terms = [
          ...keys,
          ...(head.args ?? []),
          ...(head.key === undefined ? [] : [head.key]),
          ...(head.value === undefined ? [] : [head.value]),
        ];
        return [...terms, ...body].some((node) => this.node(node, () => false));
      });
    this.#units.set(unit, depends);
    return depends;
  }

  /** True for builtins that are left even where their arguments are known. */
  isLeft(name: string): boolean {
    return !this.#calls && this.#checked.builtins.get(name)?.nondeterministic === true;
  }

  /** True where something below a node is not known. */
  node(node: Node, isOpen: (name: string) => boolean): boolean {
    let depends = false;
    walk(node, (one) => {
      depends ||= this.#one(one, isOpen);
      if (depends || one.kind !== "ref" || !isRoot(one.parts)) return depends;
      // The path says what of the root is read.
      depends = one.parts.slice(1).some((part) => this.node(part, isOpen));
      return true;
    });
    return depends;
  }

  #one(node: Node, isOpen: (name: string) => boolean): boolean {
    switch (node.kind) {
      case "var":
        return isRootName(node.name) ? this.meets([node]) && node.name === "input" : isOpen(node.name);
      case "ref":
        return isRoot(node.parts) && this.document(node.parts);
      case "call": {
        const name = calledFunction(node)!;
        return name.startsWith("data.") ? this.document(node.operator.parts) : this.isLeft(name);
      }
      default:
        return false;
    }
  }
}

/** True where one of two paths begins with the other. */
export function arePrefixes(one: readonly Term[], other: readonly Term[]): boolean {
  return one.slice(0, Math.min(one.length, other.length)).every((part, at) => keyOf(part) === keyOf(other[at]!));
}

function isFixed(part: Term, at: number): boolean {
  return at === 0 || isConstant(part);
}

function isRoot([root]: readonly Term[]): boolean {
  return root?.kind === "var" && isRootName(root.name);
}
