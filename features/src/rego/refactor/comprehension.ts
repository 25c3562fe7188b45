// A comprehension becomes a rule of the package that gathers the same members.
import { childrenOf, type Node } from "../tree.ts";
import {
  type Asked,
  addedRule,
  braced,
  freeName,
  holds,
  type Refactoring,
  spanOf,
  textOf,
  usedFromOutside,
} from "./refactoring.ts";

export function gatheringRules(asked: Asked): readonly Refactoring[] {
  const { rule, text, path, range, names } = asked;
  const term = path.findLast((node) => node.kind === "setComprehension" || node.kind === "objectComprehension");
  if (rule === undefined || rule.default || term === undefined || !holds(term, range)) return [];
  // In a comprehension within it the cursor is at that one; a rule of several members takes no arguments.
  if (path.slice(path.indexOf(term)).some((node) => node.kind === "arrayComprehension")) return [];
  if (usedFromOutside(asked, term).length > 0) return [];
  const name = freeName(asked, wordAround(asked, term) ?? "members");
  const head =
    term.kind === "setComprehension"
      ? `${name} contains ${textOf(text, spanOf(term.term))}`
      : `${name}[${textOf(text, spanOf(term.key))}] := ${textOf(text, spanOf(term.value))}`;
  const lines = term.body.map((expr) => textOf(text, expr));
  const body = lines.length === 1 ? lines[0]! : braced(lines);
  // A variable of the comprehension called as a rule of the package would be that rule's value in a head.
  if (names.locals.some((local) => holds(term, local.scope) && names.ruleNames.has(local.name))) return [];
  return [
    {
      title: term.kind === "setComprehension" ? `Make it a rule: \`${name} contains …\`` : `Make it a rule: \`${name}[…] := …\``,
      kind: "refactor.rewrite",
      edits: [{ range: spanOf(term), newText: name }, addedRule(asked, rule, `${head} if ${body}`)],
      name,
    },
  ];
}

/** The variable that the comprehension is assigned to. */
function wordAround({ path, text }: Asked, found: Node): string | undefined {
  const parent = path[path.indexOf(found) - 1];
  const target = parent?.kind === "call" ? childrenOf(parent)[0] : undefined;
  return target?.kind === "var" && target !== found ? `${textOf(text, target)}_found` : undefined;
}
