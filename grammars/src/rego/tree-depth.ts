// How deep a tree is, counted without recursion: what comes after the parser walks trees on the stack, so deeper ones are refused.
import type { Rule } from "./ast.ts";

/** Levels of terms and bodies that every later phase takes on a default stack. */
export const deepest = 300;

/** As many operands in a row, `else` branches or parts of one ref: such chains take less of the stack for each level. */
export const longestChain = 1000;

/** Shares of the stack; a chain at its longest takes as much of it as a tree at its deepest. */
const levelCost = longestChain;
const chainCost = deepest;
const mostCost = deepest * longestChain;

/** True when a rule is deeper than `deepest`, its chains longer than `longestChain`, or both together too much. */
export function isTooDeep(rule: Rule): boolean {
  // A level takes a character at least.
  if (rule.end - rule.start <= deepest) return false;
  const nodes: object[] = [rule];
  const costs: number[] = [0];
  const push = (node: unknown, cost: number): void => {
    if (typeof node !== "object" || node === null) return;
    nodes.push(node);
    costs.push("kind" in node ? cost : cost - levelCost);
  };
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const cost = costs.pop()!;
    if (cost > mostCost) return true;
    if ("parts" in node && Array.isArray(node.parts) && node.parts.length > longestChain) return true;
    const operands = "infix" in node && "args" in node ? node.args : undefined;
    for (const [name, child] of Object.entries(node)) {
      if (child !== operands || !Array.isArray(child)) push(child, cost + (name === "else" ? chainCost : levelCost));
      else for (const [i, one] of child.entries()) push(one, cost + (i === 0 ? chainCost : levelCost));
    }
  }
  return false;
}
