// Files every rule under its path.
import type { Compilation } from "../compilation.ts";
import { RuleTree } from "../rule-tree.ts";

export function setRuleTree(compilation: Compilation): void {
  compilation.tree = new RuleTree(
    compilation.modules.flatMap(({ rules }) => rules),
    compilation.modules.map((module) => module.package),
  );
}
