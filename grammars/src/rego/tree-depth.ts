// How deep a tree is, counted without recursion: what comes after the parser walks trees on the stack, so deeper ones are refused.
import type { Rule } from "./ast.ts";

/** Levels of terms, bodies and `else` branches, and parts of one ref, that every later phase takes on a default stack. */
export const deepest = 300;

/** True when a rule is deeper than `deepest`. */
export function isTooDeep(rule: Rule): boolean {
  // A level takes a character at least.
  if (rule.end - rule.start <= deepest) return false;
  const nodes: object[] = [rule];
  const depths: number[] = [0];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const depth = depths.pop()! + ("kind" in node ? 1 : 0);
    if (depth > deepest) return true;
    if ("kind" in node && node.kind === "ref" && "parts" in node && Array.isArray(node.parts) && node.parts.length > deepest)
      return true;
    for (const child of Object.values(node)) {
      if (typeof child !== "object" || child === null) continue;
      nodes.push(child as object);
      depths.push(depth);
    }
  }
  return false;
}
