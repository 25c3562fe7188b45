// `walk(x, [path, value])` in a rule that has no use for the path.

import { namingOf } from "#analysis/rego/ast-json.ts";
import { headParts } from "#analysis/rego/tree/refs.ts";
import type { Call, Rule, Term, Var } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";
import { visitRule } from "../../rule-vars.ts";
import { allVars, isVar, isWildcard } from "../../terms.ts";

export const walkNoPath = fileRule({
  name: "walk-no-path",
  category: "performance",
  description: "Call to `walk` can be optimized",
  *check(file) {
    for (const call of file.calls("walk")) {
      const pair = plainArgs(call)[1];
      const path = pair?.kind === "array" ? pair.items[0] : undefined;
      if (isVar(path) && !isWildcard(path) && !isUsed(file.ruleOf(call), path)) yield call.operator;
    }
  },
});

/** The arguments that are no calls, and nothing of what is assigned to. */
function plainArgs(call: Call): readonly Term[] {
  const from = calledFunction(call) === "assign" ? 1 : 0;
  return call.args.slice(from).filter(({ kind }) => kind !== "call");
}

/** True for a path that the head has, a call or a ref. */
function isUsed(rule: Rule, path: Var): boolean {
  const isOther = (one: Var) => one.name === path.name && one.start !== path.start;
  const holds = (term: Term) => (isVar(term) ? isOther(term) : isHolder(term) && allVars(term).some(isOther));
  if ([namingOf(rule).key, rule.head.value, ...headParts(rule.head).slice(1)].some((term) => term !== undefined && holds(term)))
    return true;
  let used = false;
  visitRule(rule, (node) => {
    if (node.kind === "call") used ||= plainArgs(node).some((arg) => arg.kind !== "ref" && holds(arg));
    else if (node.kind === "ref") used ||= node.parts.some((part) => isVar(part) && isOther(part));
    return used;
  });
  return used;
}

function isHolder({ kind }: Term): boolean {
  return kind === "array" || kind === "object" || kind === "set" || kind === "ref" || kind === "templateString";
}
