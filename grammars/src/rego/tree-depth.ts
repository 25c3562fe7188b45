// How deep a tree is, counted without recursion: what comes after the parser walks trees on the stack, so deeper ones are refused.
import type { Rule } from "./ast.ts";

/** Levels of terms and bodies that every later phase takes on a default stack. */
export const deepest = 300;

/**
 * True when a rule is deeper than `deepest`. Operands in a row (`a + b + c`, `a and b and c`), `else` branches and parts of a ref are
 * chains, not levels: who walks a tree walks along them in a loop.
 */
export function isTooDeep(rule: Rule): boolean {
  // A level takes a character at least.
  if (rule.end - rule.start <= deepest) return false;
  const nodes: object[] = [rule];
  const levels: number[] = [0];
  const push = (node: unknown, level: number): void => {
    if (typeof node !== "object" || node === null) return;
    nodes.push(node);
    levels.push("kind" in node ? level : level - 1);
  };
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const level = levels.pop()!;
    if (level > deepest) return true;
    const operands = "infix" in node && "args" in node ? node.args : undefined;
    for (const [name, child] of Object.entries(node)) {
      if (child !== operands || !Array.isArray(child)) push(child, name === "else" ? level : level + 1);
      else for (const [i, one] of child.entries()) push(one, i === 0 ? level : level + 1);
    }
  }
  return false;
}
