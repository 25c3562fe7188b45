// Which rules come to the same in every decision: they reach no input, nothing that varies, and nothing that `with` replaces.
import type { Checked } from "#analysis/rego/checked.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import { branches, type RuleUnit } from "#analysis/rego/rule-units.ts";
import { groundPrefix } from "#analysis/rego/tree/refs.ts";
import { type Node, walk } from "#analysis/rego/tree/walk.ts";
import type { Ref, Term, With } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";

/** What tells of an evaluation while it runs. */
const heard = new Set(["print", "trace"]);

export class KnownRules {
  readonly #checked: Checked;
  readonly #resolved: ReadonlyMap<RuleUnit, RuleUnit>;
  readonly #roots: readonly (readonly string[])[];
  readonly #replaced: readonly (readonly Term[])[];
  readonly #known = new Map<RuleUnit, boolean>();

  /** `resolved` has the rules of the check with their names resolved, `roots` the paths whose base documents the bundle owns. */
  constructor(checked: Checked, resolved: ReadonlyMap<RuleUnit, RuleUnit>, roots: readonly string[]) {
    this.#checked = checked;
    this.#resolved = resolved;
    this.#roots = roots.map((root) => root.split("/").filter((part) => part !== ""));
    this.#replaced = [...resolved.values()].flatMap((unit) => modifiersIn(unit).map(({ target }) => pathOf(target)));
  }

  isKnown(unit: RuleUnit): boolean {
    const known = this.#known.get(unit);
    if (known !== undefined) return known;
    // Rules that lead back to themselves for some values are not followed.
    this.#known.set(unit, false);
    const own = this.#resolved.get(unit);
    const is =
      own !== undefined &&
      !this.#isReplaced(groundPrefix(rulePath(unit).parts)) &&
      branches(own).every((branch) => nodesOf(branch).every((node) => this.reads(node)));
    this.#known.set(unit, is);
    return is;
  }

  /** True when a node and all below it come to the same in every decision, whatever its variables stand for. */
  reads(node: Node): boolean {
    let isKnown = true;
    walk(node, (one) => {
      if (isKnown && one.kind === "expr" && one.with.length > 0) isKnown = false;
      if (isKnown && one.kind === "call") isKnown = this.#isKnownCall(calledFunction(one)!);
      if (isKnown && one.kind === "ref") isKnown = this.isKnownRef(one);
      return !isKnown;
    });
    return isKnown;
  }

  #isKnownCall(name: string): boolean {
    if (name.startsWith("data.")) return true;
    const row = this.#checked.builtins.get(name);
    if (row === undefined || row.nondeterministic === true || row.where === "compile-time" || heard.has(name)) return false;
    return !this.#replaced.some(
      (path) => path.map((part) => ("name" in part ? part.name : "value" in part ? part.value : "")).join(".") === name,
    );
  }

  /** True when the document, if it is one, comes to the same in every decision; what the parts of its path are is another question. */
  isKnownRef({ parts }: Ref): boolean {
    const [root] = parts;
    if (root?.kind !== "var" || (root.name !== "data" && root.name !== "input")) return true;
    const path = groundPrefix(parts);
    if (root.name === "input" || this.#isReplaced(path) || !this.#isOwned(path)) return false;
    return [...this.#checked.rules.rulesFor(parts)].every((unit) => this.isKnown(unit));
  }

  #isReplaced(path: readonly Term[]): boolean {
    return this.#replaced.some((other) => {
      const shorter = Math.min(path.length, other.length);
      return path.slice(0, shorter).every((part, at) => keyOf(part) === keyOf(other[at]!));
    });
  }

  #isOwned([, ...path]: readonly Term[]): boolean {
    return this.#roots.some(
      (root) => root.length <= path.length && root.every((name, at) => isText(path[at]!, name)) && path.length > 0,
    );
  }
}

function isText(part: Term, text: string): boolean {
  return part.kind === "string" && part.value === text;
}

function pathOf(target: With["target"]): readonly Term[] {
  return target.kind === "ref" ? target.parts : [target];
}

/** Head and body of one branch, the name of the rule aside. */
export function nodesOf({ head, body }: RuleUnit): readonly Node[] {
  const { reference, args = [], key, value } = head;
  const keys = reference.kind === "ref" ? reference.parts.slice(1) : [];
  return [...keys, ...args, ...(key === undefined ? [] : [key]), ...(value === undefined ? [] : [value]), ...body];
}

function modifiersIn(unit: RuleUnit): readonly With[] {
  const found: With[] = [];
  for (const branch of branches(unit))
    for (const node of nodesOf(branch))
      walk(node, (one) => {
        if (one.kind === "expr") found.push(...one.with);
        return false;
      });
  return found;
}
