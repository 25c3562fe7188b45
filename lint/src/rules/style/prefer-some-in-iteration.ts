// `user := input.users[_]`: `some user in input.users` says that it goes through a collection.
import { namingOf } from "#analysis/rego/ast-json.ts";
import { isScalar } from "#analysis/rego/tree/refs.ts";
import type { Node } from "#analysis/rego/tree/walk.ts";
import type { Call, Ref } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { infixOperators } from "#grammars/rego/operators.ts";
import { arityOf } from "../../function-arity.ts";
import type { LintFile } from "../../lint-file.ts";
import { fileRule } from "../../rule.ts";
import { ruleVars } from "../../rule-vars.ts";
import { isRef, isVar } from "../../terms.ts";

export const preferSomeInIteration = fileRule({
  name: "prefer-some-in-iteration",
  category: "style",
  description: "Prefer `some .. in` for iteration",
  options: { "ignore-nesting-level": 2, "ignore-if-sub-attribute": true },
  *check(file, { "ignore-nesting-level": nesting, "ignore-if-sub-attribute": ignoresSubAttributes }) {
    for (const ref of file.all("ref")) {
      const variables = ref.parts.slice(1).filter(isVar);
      if (variables.length === 0 || (ignoresSubAttributes && !isVar(ref.parts.at(-1)))) continue;
      const rule = file.ruleOf(ref);
      if (rule.head.reference === ref || (rule.body === undefined && isRef(rule.head.value))) continue;
      const vars = ruleVars(file, rule);
      const loops = variables.filter((one) => vars.isOutput(one)).length;
      if (loops > 0 && loops < nesting && hasPlaceForSome(file, ref)) yield ref;
    }
  },
});

/** False inside of collections and of arguments, and where a constant is looked for, which `in` alone would do. */
function hasPlaceForSome(file: LintFile, ref: Ref): boolean {
  const parent = file.parent(ref);
  if (parent?.kind === "call" && !file.isStatement(parent)) return false;
  let top: Node = ref;
  for (let above = parent; above !== undefined; above = file.parent(above)) {
    if (isCollection(above) || (isCallStatement(above) && isNoIteration(file, above.body))) return false;
    top = above;
  }
  const rule = file.branchOf(ref);
  return top.kind === "expr" || namingOf(rule).key === undefined;
}

function isCollection(node: Node): boolean {
  if (node.kind === "every") return node.key !== undefined;
  return node.kind === "array" || node.kind === "object" || node.kind === "set" || node.kind === "objectComprehension";
}

function isCallStatement(node: Node): node is Extract<Node, { kind: "expr" }> & { readonly body: Call } {
  return node.kind === "expr" && node.body.kind === "call";
}

function isNoIteration(file: LintFile, call: Call): boolean {
  const name = calledFunction(call);
  if (name === "eq" || name === "equal") return call.args.some(isScalar);
  return name !== undefined && !name.includes(".") && infixOperators[name] === undefined && arityOf(file, name) !== undefined;
}
