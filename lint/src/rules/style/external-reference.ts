// Functions that read much besides their arguments.
import type { Node } from "#analysis/rego/tree/walk.ts";
import type { Rule, Var } from "#grammars/rego/ast.ts";
import { isRoot } from "#grammars/rego/nodes.ts";
import type { LintFile } from "../../lint-file.ts";
import { builtinNamespaces, functionsOf, ruleName } from "../../names.ts";
import { perRun } from "../../per-run.ts";
import { fileRule } from "../../rule.ts";
import { ruleVars, visitRule } from "../../rule-vars.ts";
import { allVars, isWildcard } from "../../terms.ts";

export const externalReference = fileRule({
  name: "external-reference",
  category: "style",
  description: "External reference in function",
  options: { "max-allowed": 2 },
  *check(file, { "max-allowed": most }) {
    for (const rule of functionsOf(file)) {
      const external = externalIn(file, rule);
      if (external.length > most) yield* external;
    }
  },
});

function externalIn(file: LintFile, rule: Rule): readonly Var[] {
  const own = ownNames(file, rule);
  const found: Var[] = [];
  visitRule(rule, (node) => {
    if (node.kind !== "var" || isWildcard(node) || own.has(node.name)) return false;
    if (builtinNamespaces(file).has(node.name) || functionNamespaces(file).has(node.name)) return false;
    if (!isInCall(file, node)) found.push(node);
    return false;
  });
  return found;
}

function ownNames(file: LintFile, rule: Rule): ReadonlySet<string> {
  const names = ruleVars(file, rule).all.map(({ variable }) => variable.name);
  const patterns = rule.head.args!.filter(({ kind }) => kind === "array" || kind === "object" || kind === "set");
  return new Set([...names, ...patterns.flatMap(allVars).map(({ name }) => name)]);
}

const functionNamespaces = perRun(
  (file: LintFile): ReadonlySet<string> => new Set(functionsOf(file).map((rule) => ruleName(rule).replace(/\..*/u, ""))),
);

/**
 * A function may call functions of other packages, so names of them do not count. Regal cannot quite tell: nothing counts that begins
 * an argument of a call inside an expression, nor what stands in an expression's call before its last argument.
 */
function isInCall(file: LintFile, variable: Var): boolean {
  const part: Node | undefined = isRoot(variable) && file.parent(variable)?.kind !== "ref" ? variable : file.parent(variable);
  const around = part === undefined || part.kind === "object" ? undefined : file.parent(part);
  if (around?.kind === "call" && !file.isStatement(around)) return true;
  return isBeforeLastArgument(file, variable);
}

function isBeforeLastArgument(file: LintFile, variable: Var): boolean {
  let [child, below]: [Node, Node | undefined] = [variable, undefined];
  for (let above = file.parent(child); above !== undefined; above = file.parent(above)) {
    if (above.kind === "expr" && above.body === child)
      return (
        child.kind === "call" &&
        below !== undefined &&
        below !== child.args.at(-1) &&
        (below !== child.operator || child.args.length > 0)
      );
    [child, below] = [above, child];
  }
  return false;
}
