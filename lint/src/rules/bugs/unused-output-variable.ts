// A variable in a bracket that is used nowhere else: `input.users[id]` asks whether there is any user, as `input.users[_]` does.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { sortedItems } from "#analysis/rego/tree/sorted.ts";
import type { Node } from "#analysis/rego/tree/walk.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";
import { type RuleVars, varsOfFile, visitRule } from "../../rule-vars.ts";
import { allVars, isRef, isWildcard } from "../../terms.ts";

export const unusedOutputVariable = fileRule({
  name: "unused-output-variable",
  category: "bugs",
  description: "Unused output variable",
  *check(file) {
    for (const vars of varsOfFile(file)) {
      // As in Regal, a rule is only looked at when it has no other variable in a bracket.
      const [only, ...others] = vars.all.filter((one) => one.as === "ref");
      if (only === undefined || others.length > 0 || isWildcard(only.variable)) continue;
      if (!isUsed(vars, only.variable.name) && vars.isOutput(only.variable)) yield only.variable;
    }
  },
});

/** True where a value is given to something: in a head, a call, a comprehension, or by being looked into. */
function isUsed({ rule }: RuleVars, name: string): boolean {
  const { key, value } = rule.head;
  if ([key, value, ...headParts(rule.head).slice(1)].some((term) => term !== undefined && mentions(term, name))) return true;
  let used = false;
  visitRule(rule, (node) => {
    used ||= givenValues(node).some((term) => mentions(term, name)) || isYielded(node, name) || beginsRef(node, name);
    return used;
  });
  return used;
}

const kinds: ReadonlySet<Term["kind"]> = new Set(["var", "array", "object", "set", "ref", "templateString"]);

function mentions(term: Term, name: string): boolean {
  return kinds.has(term.kind) && allVars(term).some((one) => one.name === name);
}

/** The arguments of a call. To Regal also a collection that begins with a ref is one, and so is a key that is a ref with its value. */
function givenValues(node: Node): readonly Term[] {
  switch (node.kind) {
    case "call":
      return calledFunction(node) === "assign" ? node.args.slice(1) : node.args;
    case "array":
      return isRef(node.items[0]) ? node.items.slice(1) : [];
    case "set":
      return isRef(sortedItems(node)[0]) ? sortedItems(node).slice(1) : [];
    case "object":
      return node.entries.filter(({ key }) => isRef(key)).map((entry) => entry.value);
    default:
      return [];
  }
}

function isYielded(node: Node, name: string): boolean {
  switch (node.kind) {
    case "arrayComprehension":
    case "setComprehension":
      return allVars(node.term).some((one) => one.name === name);
    case "objectComprehension":
      return [node.key, node.value].some((term) => allVars(term).some((one) => one.name === name));
    default:
      return false;
  }
}

function beginsRef(node: Node, name: string): boolean {
  if (node.kind !== "ref") return false;
  const [first] = node.parts;
  return first?.kind === "var" && first.name === name;
}
