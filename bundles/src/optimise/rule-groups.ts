// The rules of one document, and whether they can be written anew in another file.
import type { Checked } from "#analysis/rego/checked.ts";
import type { RuleTreeNode } from "#analysis/rego/rule-tree.ts";
import { branches, type ModuleUnit, type RuleUnit } from "#analysis/rego/rule-units.ts";
import { contains } from "#analysis/rego/tree/walk.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { nodesOf } from "./known-rules.ts";

/** All rules of one document or function. */
export interface RuleGroup {
  readonly units: readonly RuleUnit[];
  /** `data` first. */
  readonly path: readonly Term[];
  readonly isFunction: boolean;
}

/** The documents that rules define alone, no other rule above or below them, by their rules; those that cannot be moved are not among them. */
export function groupsOf({ rules }: Checked, resolved: ReadonlyMap<RuleUnit, RuleUnit>): ReadonlyMap<RuleUnit, RuleGroup> {
  const groups = new Map<RuleUnit, RuleGroup>();
  const visit = (node: RuleTreeNode, path: readonly Term[]): void => {
    const { rules: units, children, packages } = node;
    if (units.length === 0) for (const child of children.values()) visit(child, [...path, child.key!]);
    else if (children.size === 0 && packages.size === 0 && isMovable(units, resolved)) {
      const group = { units, path, isFunction: units.some(({ source }) => source.head.args !== undefined) };
      for (const unit of units) groups.set(unit, group);
    }
  };
  visit(rules.root, []);
  return groups;
}

function isMovable(units: readonly RuleUnit[], resolved: ReadonlyMap<RuleUnit, RuleUnit>): boolean {
  const [{ module: first }] = units as readonly [RuleUnit];
  return (
    first.package.every(({ value }) => /^[^/\\]+$/u.test(value) && !/^\.\.?$/u.test(value)) &&
    units.every(
      (unit) =>
        unit.module.version === first.version &&
        unit.module.version !== "v2" &&
        unit.module.package.length === first.package.length &&
        !unit.source.chained &&
        !readsMetadata(resolved.get(unit)!),
    )
  );
}

/** What METADATA says belongs to the place where a rule stands. */
export function readsMetadata(unit: RuleUnit): boolean {
  return branches(unit).some((branch) =>
    nodesOf(branch).some((node) =>
      contains(node, (one) => one.kind === "call" && calledFunction(one)!.startsWith("rego.metadata.")),
    ),
  );
}

export function packageOf({ units }: RuleGroup): ModuleUnit["package"] {
  return units[0]!.module.package;
}

/** The name of the document within its package, as a head has it. */
export function headText(group: RuleGroup): string {
  const [name, ...rest] = group.path.slice(packageOf(group).length + 1);
  const { start, end } = name!;
  return printRef([{ kind: "var", name: name?.kind === "string" ? name.value : "", start, end }, ...rest]);
}
