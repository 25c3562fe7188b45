// `first := input.roles[_]`: a constant that iterates, and is an error as soon as there are two values.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { contains, type Node } from "#analysis/rego/tree/walk.ts";
import type { Var } from "#grammars/rego/ast.ts";
import { importedPaths, ruleAndFunctionNames } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";
import { isVar } from "../../terms.ts";

export const topLevelIteration = fileRule({
  name: "top-level-iteration",
  category: "bugs",
  description: "Iteration in top-level assignment",
  *check(file) {
    for (const rule of file.module.rules) {
      const { head, body = [] } = rule;
      const { value, args = [] } = head;
      if (value?.kind !== "ref" || headParts(head).slice(1).some(isVar)) continue;
      const isFree = ({ name }: Var): boolean => {
        const isSame = (node: Node) => node.kind === "var" && node.name === name;
        if (ruleAndFunctionNames(file).has(name) || importedPaths(file).has(name) || args.some(isSame)) return false;
        return !body.some((expr) => contains(expr, isSame));
      };
      if (value.parts.slice(1).filter(isVar).some(isFree)) yield headRange(rule);
    }
  },
});
