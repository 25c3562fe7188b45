// How deep a tree is, counted without recursion: what comes after the parser walks trees on the stack, so deeper ones are refused.
import { byStack, stackIsTooSmall } from "../text/stack.ts";
import type { Import, Package, Rule } from "./ast.ts";
import { partsOf } from "./nodes.ts";

/** Levels of terms and bodies that every later phase takes. */
const deepest = (): number => byStack(300, 6000);

/** Levels that only formatting takes, which has no more to do with them than to write them. */
const deepestToFormat = (): number => byStack(300, 30_000);

/** Steps that the parser itself may go deeper. */
export const deepestStep = (): number => byStack(450, 60_000);

/** As many levels at most come with each step that the parser went deeper: operators of all precedences, literal, `:=`, brackets. */
const levelsPerStep = 12;

/** Parts of a path that names packages, imports and rules: trees of documents are walked on the stack. */
const longestPath = (): number => byStack(1000, 10_000);

/** Levels that a tree printed as JSON may have, rows and branches counted. */
const deepestJson = (): number => byStack(1200, 30_000);

/**
 * True when a rule is deeper than `deepest`. Operands in a row (`a + b + c`), `else` branches and parts of a ref are chains, not levels:
 * who walks a tree walks along them in a loop. `steps` is how deep the parser went.
 */
export function isTooDeep(rule: Rule, steps: number, onlyFormatted = false): boolean {
  const most = onlyFormatted ? deepestToFormat() : deepest();
  return refused(
    partsOf(rule.head.reference).length > longestPath() || (steps * levelsPerStep > most && isDeeper(rule, most, 0)),
  );
}

/** True when the path of a package or an import is too long. */
export function isTooLong(statement: Package | Import): boolean {
  const parts = statement.kind === "package" ? statement.path : partsOf(statement.path);
  return refused(parts.length > longestPath());
}

/** True when a rule is too deep to be printed as nested JSON. */
export function isTooDeepForJson(rule: Rule): boolean {
  return refused(isDeeper(rule, deepestJson(), 1));
}

function refused(tooDeep: boolean): boolean {
  if (tooDeep) stackIsTooSmall();
  return tooDeep;
}

/** True when more than `most` levels of nodes are in the rule, each step along a chain counted as `chainStep`. */
function isDeeper(rule: Rule, most: number, chainStep: 0 | 1): boolean {
  // A level takes a character at least.
  if (rule.end - rule.start <= most) return false;
  const nodes: object[] = [rule];
  const levels: number[] = [0];
  const push = (node: unknown, level: number): void => {
    if (typeof node !== "object" || node === null) return;
    nodes.push(node);
    levels.push("kind" in node ? level : level - 1);
  };
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const level = levels.pop()!;
    if (level > most) return true;
    const operands = "infix" in node && "args" in node ? node.args : undefined;
    for (const [name, child] of Object.entries(node)) {
      if (child !== operands || !Array.isArray(child)) push(child, level + (name === "else" ? chainStep : 1));
      else for (const [i, one] of child.entries()) push(one, level + (i === 0 ? chainStep : 1));
    }
  }
  return false;
}
