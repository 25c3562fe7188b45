// `"admin" == input.roles[_]`: `in` says what is looked for.
import type { Term } from "#grammars/rego/ast.ts";
import { fileRule } from "../../rule.ts";
import { binaryOf, isStatic, isWildcard } from "../../terms.ts";

export const useInOperator = fileRule({
  name: "use-in-operator",
  category: "idiomatic",
  description: "Use in to check for membership",
  *check({ module }) {
    for (const { body = [] } of module.rules) {
      for (const expr of body) {
        const [, left, right] = binaryOf(expr, ["eq", "equal"]) ?? [];
        if (left === undefined || right === undefined) continue;
        if (isLoop(left) && isFixed(right)) yield left;
        else if (isLoop(right) && isFixed(left)) yield right;
      }
    }
  },
});

function isLoop(term: Term): boolean {
  return term.kind === "ref" && term.parts[0]?.kind === "var" && isWildcard(term.parts.at(-1));
}

const fixed: ReadonlySet<Term["kind"]> = new Set(["array", "boolean", "object", "null", "number", "set", "string", "var"]);

function isFixed(term: Term): boolean {
  return fixed.has(term.kind) || isStatic(term);
}
